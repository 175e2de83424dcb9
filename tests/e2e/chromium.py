"""A real Chromium, told what to do over its debugging pipe."""

import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--remote-debugging-pipe",
    # Without a window it calls itself a program, and programs are not heard.
    "--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
]  # fmt: skip
KEYS = {"Tab": 9, "Enter": 13, "ArrowRight": 39}
PAGE_SECONDS = 60


class BrowserError(Exception):
    """The browser refused a command."""


class Browser:
    """One page. Commands and answers are JSON messages that end with a zero byte."""

    def __init__(self, executable: str, profile: Path) -> None:
        (told, self._out), (self._in, say) = os.pipe(), os.pipe()
        # The browser reads its commands from descriptor 3, and answers on 4.
        command = 'exec 3<&"$1" 4>&"$2"; shift 2; exec "$@"'
        words = ["bash", "-c", command, "bash", str(told), str(say), executable, *FLAGS, f"--user-data-dir={profile}"]
        self._process = subprocess.Popen(
            words, pass_fds=(told, say), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(told)
        os.close(say)
        self._number, self._rest = 0, b""
        self._session: dict[str, str] = {}
        page = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = {"sessionId": self.call("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]}

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command and its answer; events that come between are passed over."""
        self._number += 1
        told = {"id": self._number, "method": method, "params": parameters, **self._session}
        os.write(self._out, json.dumps(told).encode() + b"\0")
        while True:
            while b"\0" not in self._rest:
                part = os.read(self._in, 65536)
                assert part, "the browser went away"
                self._rest += part
            message, _, self._rest = self._rest.partition(b"\0")
            answer = json.loads(message)
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise BrowserError(answer["error"])
                return dict(answer["result"])

    def go(self, url: str) -> None:
        """Go there, and wait for nothing."""
        self.call("Page.navigate", url=url)

    def open(self, url: str, text: str) -> str:
        """Go there, and wait until the page says the text."""
        self.go(url)
        return self.wait_for(text)

    def wait_for(self, text: str) -> str:
        """The page's HTML, once it holds the text."""
        until, html = time.monotonic() + PAGE_SECONDS, ""
        while time.monotonic() < until:
            html = self._html()
            if text in html and "</html>" in html:
                return html
            time.sleep(0.05)
        raise AssertionError(f"the page never said {text!r}: {html[-2000:]}")

    def _html(self) -> str:
        """The page as it is; '' while another one comes."""
        try:
            root = self.call("DOM.getDocument")["root"]["nodeId"]
            return str(self.call("DOM.getOuterHTML", nodeId=root)["outerHTML"])
        except BrowserError:
            return ""

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            told = {"key": key, "code": key, "windowsVirtualKeyCode": KEYS[key]}
            self.call("Input.dispatchKeyEvent", type="keyDown", **told, **({"text": "\r"} if key == "Enter" else {}))
            self.call("Input.dispatchKeyEvent", type="keyUp", **told)

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(20)
        os.close(self._out)
        os.close(self._in)
