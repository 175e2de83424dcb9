"""Segment's own clients, unchanged, against the real server: what they send is counted exactly."""

import fcntl
import hashlib
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tailorbird.cli.init import copy_example

NODE = Path(__file__).parent / "node"
TAILORBIRD = str(Path(sys.executable).with_name("tailorbird"))
KEY, COUNT = "write-key", 10_000
BROWSER_FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
pytestmark = [pytest.mark.slow, pytest.mark.e2e]


@dataclass
class Server:
    """`tailorbird serve` in a process of its own."""

    root: Path
    url: str

    def stats(self) -> dict[str, Any]:
        done = subprocess.run([TAILORBIRD, "stats", str(self.root), "--json"], capture_output=True, check=True)
        found: dict[str, Any] = json.loads(done.stdout)
        return found


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    root = tmp_path / "wren"
    copy_example(root)
    command = [TAILORBIRD, "serve", str(root), "--port", "0", "--write-key", KEY]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield Server(root, process.stdout.readline().split()[2])
    process.terminate()
    process.wait(20)
    process.stdout.close()


def missing(name: str, reason: str) -> None:
    """Skip, or fail where the environment promises the thing."""
    if name in os.environ.get("TAILORBIRD_REQUIRE", "").split(","):
        pytest.fail(reason)
    pytest.skip(reason)


def check(server: Server, library: str, count: int) -> None:
    found = server.stats()
    assert (found["accepted"], found["duplicates"], found["quarantined"]) == (count, 0, 0)
    assert found["clients"] == {library: count}
    assert found["types"]["track"] == found["events"]["Product Viewed"]
    assert sum(found["types"].values()) == count


def send_from_python(client: Any) -> None:
    for n in range(COUNT):
        user = f"python-{n % 500}"
        if n % 10 == 0:
            client.identify(user, {"n": n})
        elif n % 10 == 1:
            client.page(user, None, "Home")
        else:
            client.track(user, "Product Viewed", {"product_id": f"p{n}", "price": n / 100})
    client.flush()
    client.join()


def test_segments_python_library_is_counted_exactly(server: Server) -> None:
    from segment.analytics.client import Client

    failures: list[object] = []
    send_from_python(
        Client(KEY, host=server.url, max_queue_size=2 * COUNT, on_error=lambda *told: failures.append(told))
    )
    assert failures == []
    check(server, "analytics-python", COUNT)


def test_rudderstacks_python_library_is_counted_exactly(server: Server) -> None:
    from rudderstack.analytics.client import Client

    failures: list[object] = []
    send_from_python(
        Client(KEY, host=server.url, max_queue_size=2 * COUNT, on_error=lambda *told: failures.append(told), gzip=True)
    )
    assert failures == []
    check(server, "analytics-python", COUNT)


@pytest.fixture(scope="module")
def node_modules() -> Path:
    """The JavaScript clients of the lock file, installed once outside the tree."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        missing("node", "node and npm are not installed")
    lock = (NODE / "package-lock.json").read_bytes()
    folder = Path.home() / ".cache" / "tailorbird-tests" / f"node-{hashlib.sha256(lock).hexdigest()[:16]}"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock_file:
        fcntl.flock(lock_file, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            for name in ("package.json", "package-lock.json", ".npmrc"):
                shutil.copy(NODE / name, folder / name)
            done = subprocess.run(
                [str(npm), "ci", "--ignore-scripts"],
                cwd=folder,
                capture_output=True,
                text=True,
                check=False,
                timeout=300,
            )
            if done.returncode != 0:
                missing("node", f"npm cannot install the clients: {done.stderr[-300:]}")
            (folder / "done").touch()
    return folder / "node_modules"


def test_segments_node_library_is_counted_exactly(server: Server, node_modules: Path) -> None:
    command = ["node", str(NODE / "send.mjs"), server.url, KEY, str(COUNT)]
    environment = {**os.environ, "TAILORBIRD_NODE_MODULES": str(node_modules)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    check(server, "@segment/analytics-node", COUNT)


class Page(http.server.BaseHTTPRequestHandler):
    """A site of another origin with one page; it hears when the page is done."""

    library: bytes
    heard: list[str]
    finished: threading.Event

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        found = {"/": (NODE / "page.html").read_bytes(), "/analytics.js": self.library}.get(path)
        if path == "/done":
            self.heard.append(query)
            self.finished.set()
        self.send_response(200 if found is not None or path == "/done" else 404)
        self.send_header("Content-Type", "text/javascript" if path.endswith(".js") else "text/html")
        self.end_headers()
        self.wfile.write(found or b"")

    def log_message(self, *_: object) -> None:
        """Keep the tests' output free of requests."""


def test_segments_browser_library_in_chromium_is_counted_exactly(
    server: Server, node_modules: Path, tmp_path: Path
) -> None:
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        missing("browser", "Chromium is not installed")
    library = (node_modules / "@segment" / "analytics-next" / "dist" / "umd" / "index.js").read_bytes()
    page: Any = type("OnePage", (Page,), {"library": library, "heard": [], "finished": threading.Event()})
    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), page)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    told = urlencode({"host": server.url.removeprefix("http://"), "key": KEY, "count": COUNT})
    address = f"http://127.0.0.1:{site.server_port}/?{told}"
    flags = [*BROWSER_FLAGS, f"--user-data-dir={tmp_path / 'profile'}"]
    process = subprocess.Popen([str(browser), *flags, address], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        assert page.finished.wait(240), "the page did not come to its end"
    finally:
        process.terminate()
        process.wait(20)
        site.shutdown()
        site.server_close()
    assert page.heard == ["ok"]
    check(server, "analytics.js", COUNT)
