"""The preference page in a real Chromium that runs no script, by keyboard alone, in both languages; and while a run sends:
the relay's record says what arrived after a person's no, and the database is not asked."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tailorbird import bootstrap
from tailorbird.pipeline.consent_ledger import show_consent
from tailorbird.project.project import load_project
from tailorbird.stages.tracking.tokens import sign_token

from .test_clients import BROWSER_FLAGS, missing
from .test_withdrawal_while_sending import LIMIT_SECONDS, TAILORBIRD, Sink, free_port, message_of, serving

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
KEYS = {"Tab": 9, "Enter": 13, "ArrowRight": 39}
PAGE_SECONDS = 60
PURPOSES = 4


class BrowserError(Exception):
    """The browser refused a command."""


class Browser:
    """Chromium over its debugging pipe: JSON messages that end with a zero byte."""

    def __init__(self, profile: Path) -> None:
        found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        if found is None:
            missing("browser", "Chromium is not installed")
        (theirs_in, ours_out), (ours_in, theirs_out) = os.pipe(), os.pipe()
        told = [str(found), *BROWSER_FLAGS, f"--user-data-dir={profile}", "--remote-debugging-pipe", "about:blank"]
        joined = ["bash", "-c", f'exec "$@" 3<&{theirs_in} 4>&{theirs_out}', "bash", *told]
        self.process = subprocess.Popen(joined, pass_fds=(theirs_in, theirs_out), stderr=subprocess.DEVNULL)
        os.close(theirs_in)
        os.close(theirs_out)
        self._out, self._in, self._number, self._rest = ours_out, ours_in, 0, b""
        self._session = ""
        page = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        self.call("Emulation.setScriptExecutionDisabled", value=True)

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        session = {"sessionId": self._session} if self._session else {}
        os.write(
            self._out, json.dumps({"id": self._number, "method": method, "params": params, **session}).encode() + b"\0"
        )
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

    def open(self, url: str, text: str) -> str:
        """Go there, and wait until the page says the text."""
        self.call("Page.navigate", url=url)
        return self.wait_for(text)

    def wait_for(self, text: str) -> str:
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
        for key in keys:
            told = {"key": key, "code": key, "windowsVirtualKeyCode": KEYS[key]}
            self.call("Input.dispatchKeyEvent", type="keyDown", **told, **({"text": "\r"} if key == "Enter" else {}))
            self.call("Input.dispatchKeyEvent", type="keyUp", **told)

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(20)
        os.close(self._out)
        os.close(self._in)


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    opened = Browser(tmp_path / "profile")
    yield opened
    opened.close()


def say_no_to_the_first(browser: Browser, saved: str) -> float:
    """By keyboard: into the first pair, to its no, past the other pairs to the button. The moment of the answer."""
    browser.press("Tab", "ArrowRight", *["Tab"] * PURPOSES, "Enter")
    browser.wait_for(saved)
    return time.monotonic()


def test_people_say_no_while_a_run_sends_and_nothing_arrives_afterwards(
    filled: Path, tmp_path: Path, browser: Browser
) -> None:
    root = tmp_path / "wren"
    shutil.copytree(filled, root)
    sink = Sink()
    relay = Controller(sink, hostname="127.0.0.1", port=free_port())
    relay.start()
    settings = root / "tailorbird.yaml"
    smtp = f"delivery:\n  adapter: smtp\n  host: 127.0.0.1\n  port: {relay.port}\n  starttls: false\n"
    settings.write_text(settings.read_text().replace("delivery:\n  adapter: files\n", smtp))
    project = load_project(root)
    state, (key, _) = bootstrap.open_state(project), bootstrap.open_keys(project)
    run = subprocess.Popen([TAILORBIRD, "run", "--no-model", str(root), "win_back"], stderr=subprocess.DEVNULL)
    said: dict[str, tuple[str, float]] = {}
    words = {"en-GB": ("Your preferences", "Saved."), "de-DE": ("Einstellungen", "Gespeichert.")}
    try:
        with serving(root) as port:
            while not sink.taken and run.poll() is None:
                time.sleep(0.02)
            treated = [one for one in state.decisions.find("win_back", "1") if one.arm == "treatment"]
            emails = dict(bootstrap.open_events(project).rows("SELECT person_id, lower(email) FROM people"))
            for locale, (title, saved) in words.items():
                waiting = [
                    one for one in treated if emails[one.person_id] not in {*sink.taken, *(e for e, _ in said.values())}
                ]
                chosen = (waiting or treated)[-1]  # a fast machine may have sent all: the page works all the same
                token = sign_token("p", (message_of(chosen.decision_id), locale), key)
                html = browser.open(f"http://127.0.0.1:{port}/p/{token}", title)
                assert f'lang="{locale[:2]}"' in html and emails[chosen.person_id] not in html
                said[chosen.person_id] = (emails[chosen.person_id], say_no_to_the_first(browser, saved))
            assert run.wait() == 0
    finally:
        run.kill()
        relay.stop()
    assert said and sink.taken
    for person, (email, at) in said.items():
        assert sink.taken.get(email, 0.0) <= at + LIMIT_SECONDS, person
        told = show_consent(project, bootstrap.open_events(project), person, bootstrap.open_clock().now())
        assert told.records[-1].method == "preference_page" and not told.records[-1].given
        assert {one["state"] for one in told.in_force if one["purpose"] == "email_marketing"} == {"denied"}
    assert any(email not in sink.taken for email, _ in said.values()), "nobody's mail was still waiting"
