"""A real browser that opts out: its header and a consent platform's string, by Segment's own library, end to end."""

import http.client
import http.server
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.cli.init import copy_example
from tailorbird.project.project import load_project
from tailorbird.stages.consent.tcf import TcfString
from tailorbird.stages.tracking.tokens import sign_token
from tailorbird.testing.consent_strings import pack_tcf
from tailorbird.testing.state_conformance import example_message

TAILORBIRD = str(Path(sys.executable).with_name("tailorbird"))
KEY, VENDOR = "write-key", 42
SIGNALS = f"""
  signals:
    gpc: [sale_sharing]
    tcf: {{personalization: [3, 4], open_tracking: [8]}}
    tcf_vendor: {VENDOR}
"""
BROWSER_FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--remote-debugging-pipe",
    # Without a window it calls itself a program, and programs are not heard.
    "--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
]  # fmt: skip
PAGE = """<!doctype html><meta charset="utf-8"><title>shop</title><script src="/analytics.js"></script><script>
  const [host, key, ...strings] = location.hash.slice(1).split('|')
  const settings = { integrations: { 'Segment.io': { apiKey: key, apiHost: `${host}/v1`, protocol: 'http' } } }
  async function visit() {
    const options = { integrations: { 'Segment.io': { apiHost: `${host}/v1`, protocol: 'http' } } }
    const [analytics] = await AnalyticsNext.AnalyticsBrowser.load({ writeKey: key, cdnSettings: settings }, options)
    for (const tcf of strings) await analytics.track('Product Viewed', { product_id: 'p1' }, { context: { consent: { tcf } } })
    await analytics.identify('browser-user', { country: 'US' })
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
  visit().then(() => fetch('/done?ok'), (error) => fetch('/done?' + encodeURIComponent(String(error))))
</script>"""
pytestmark = [pytest.mark.slow, pytest.mark.e2e]


def string(purposes: set[int], disclosed: frozenset[int] | None) -> str:
    """What a platform makes of a choice in June 2026."""
    at = datetime(2026, 6, 1, tzinfo=UTC)
    return pack_tcf(
        TcfString(
            created=at, updated=at, cmp_id=31, cmp_version=1, consent_screen=1, consent_language="EN",
            vendor_list_version=120, policy_version=5, is_service_specific=True, uses_other_texts=False,
            special_features=frozenset(), purpose_consents=frozenset(purposes), purpose_interests=frozenset(),
            purpose_one_treatment=False, publisher_country="DE", vendor_consents=frozenset({VENDOR}),
            vendor_interests=frozenset(), disclosed=disclosed,
        )
    )  # fmt: skip


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "wren"
    copy_example(folder)
    file = folder / "tailorbird.yaml"
    file.write_text(file.read_text().replace("consent:\n", "consent:" + SIGNALS, 1))
    return folder


@contextmanager
def serving(root: Path) -> Iterator[str]:
    """`tailorbird serve` in a process of its own; its address."""
    command = [TAILORBIRD, "serve", str(root), "--port", "0", "--write-key", KEY]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().split()[2]
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


def shown(root: Path, person: str) -> dict[str, Any]:
    done = subprocess.run(
        [TAILORBIRD, "consent", "show", person, str(root), "--json"], capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def in_force(root: Path, person: str) -> dict[str, str]:
    return {one["purpose"]: one["state"] for one in shown(root, person)["in_force"]}


class Browser:
    """Chromium, told over its debugging pipe to send the header with every request, as browsers do that have it."""

    def __init__(self, executable: str, profile: Path) -> None:
        told, self._tell = os.pipe()
        self._hear, say = os.pipe()
        # The browser reads its commands from descriptor 3, and answers on 4.
        command = 'exec 3<&"$1" 4>&"$2"; shift 2; exec "$@"'
        self._process = subprocess.Popen(
            ["bash", "-c", command, "bash", str(told), str(say), executable, *BROWSER_FLAGS, f"--user-data-dir={profile}"],
            pass_fds=(told, say),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(told)
        os.close(say)
        self._answers, self._number = os.fdopen(self._hear, "rb"), 0
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = {"sessionId": self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]}
        self.ask("Network.enable")
        self.ask("Network.setExtraHTTPHeaders", headers={"Sec-GPC": "1"})

    _session: dict[str, str] = {}

    def ask(self, method: str, **parameters: Any) -> Any:
        """One command and its answer; events that come between are passed over."""
        self._number += 1
        told = {"id": self._number, "method": method, "params": parameters, **self._session}
        os.write(self._tell, json.dumps(told).encode() + b"\0")
        while True:
            text = bytearray()
            while (byte := self._answers.read(1)) not in (b"\0", b""):
                text += byte
            assert text, "the browser ended"
            answer = json.loads(text)
            if answer.get("id") == self._number:
                return answer["result"]

    def read(self, address: str) -> str:
        """The text of a page."""
        self.ask("Page.navigate", url=address)
        script = f"document.readyState === 'complete' && location.href === '{address}' ? document.body.innerText : ''"
        for _ in range(1000):
            if text := self.ask("Runtime.evaluate", expression=script)["result"]["value"]:
                return str(text)
        return ""

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(20)
        os.close(self._tell)
        self._answers.close()


class Site(http.server.BaseHTTPRequestHandler):
    """A shop of another origin with one page; it hears when the page is done."""

    library: bytes
    heard: list[str]
    finished: threading.Event

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        found = {"/": PAGE.encode(), "/analytics.js": self.library}.get(path)
        if path == "/done":
            self.heard.append(query)
            self.finished.set()
        self.send_response(200 if found is not None or path == "/done" else 404)
        self.send_header("Content-Type", "text/javascript" if path.endswith(".js") else "text/html")
        self.end_headers()
        self.wfile.write(found or b"")

    def log_message(self, *_: object) -> None:
        """Keep the tests' output free of requests."""


@pytest.fixture
def browser(chromium: str, tmp_path: Path) -> Iterator[Browser]:
    running = Browser(chromium, tmp_path / "profile")
    yield running
    running.close()


def test_a_browser_that_opts_out_and_a_platform_s_string_are_in_force_for_its_person(
    root: Path, browser: Browser, node_modules: Path
) -> None:
    library = (node_modules / "@segment" / "analytics-next" / "dist" / "umd" / "index.js").read_bytes()
    site: Any = type("Shop", (Site,), {"library": library, "heard": [], "finished": threading.Event()})
    shop = http.server.ThreadingHTTPServer(("127.0.0.1", 0), site)
    threading.Thread(target=shop.serve_forever, daemon=True).start()
    undisclosed = string({1, 3, 4, 8}, None)
    valid = string({1, 3, 4}, frozenset({VENDOR}))
    try:
        with serving(root) as url:
            told = "|".join([url.removeprefix("http://"), KEY, undisclosed, valid])
            browser.ask("Page.navigate", url=f"http://127.0.0.1:{shop.server_port}/#{told}")
            assert site.finished.wait(120), "the page did not come to its end"
    finally:
        shop.shutdown()
        shop.server_close()
    assert site.heard == ["ok"]
    statement = shown(root, "browser-user")
    force = {one["purpose"]: one["state"] for one in statement["in_force"]}
    assert (force["sale_sharing"], force["personalization"], force["open_tracking"]) == ("denied", "granted", "denied")
    records = statement["records"]
    reasons = {record["details"].get("signal_reason", "") for record in records if record["method"] == "tcf"}
    assert reasons == {"", "the TCF string of 2026-06-01 does not say which vendors were disclosed"}
    header = [record["record_id"] for record in records if record["method"] == "gpc"]
    assert len(header) == len(set(header)) == 2, "one word for the browser, one for the person it turned out to be"


def test_the_browser_that_opens_the_unsubscribe_page_sees_that_its_opt_out_is_honoured(
    root: Path, browser: Browser
) -> None:
    project = load_project(root)
    message = example_message("quinn")
    bootstrap.open_state(project).outbox.queue([message])
    token = sign_token("u", (message.message_id,), bootstrap.open_keys(project)[0])
    with serving(root) as url:
        assert "Opt-out request honoured (Global Privacy Control)" in browser.read(f"{url}/u/{token}")
        assert '"gpc":true' in browser.read(f"{url}/.well-known/gpc.json")
    assert in_force(root, "quinn")["sale_sharing"] == "denied"


def test_what_is_sent_again_after_a_kill_is_one_word(root: Path) -> None:
    event = {
        "type": "track", "event": "Product Viewed", "anonymousId": "b1", "messageId": "m1", "writeKey": KEY,
        "properties": {"product_id": "p1"}, "context": {"consent": {"tcf": string({3}, frozenset({VENDOR}))}},
    }  # fmt: skip
    for _ in range(3):
        command = [TAILORBIRD, "serve", str(root), "--port", "0", "--write-key", KEY]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        address = process.stdout.readline().split()[2].removeprefix("http://")
        connection = http.client.HTTPConnection(address, timeout=20)
        connection.request("POST", "/v1/track", json.dumps(event), {"Sec-GPC": "1"})
        assert connection.getresponse().status == 200
        process.kill()
        process.wait(20)
        process.stdout.close()
        connection.close()
    records = shown(root, "anon:b1")["records"]
    assert sorted((one["method"], one["purpose"], one["given"]) for one in records) == [
        ("gpc", "sale_sharing", False),
        ("tcf", "open_tracking", False),
        ("tcf", "personalization", False),
    ]
