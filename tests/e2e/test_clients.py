"""Segment's own clients, unchanged, against the real server: what they send is counted exactly."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tailorbird.cli.init import copy_example

from .chromium import Browser
from .conftest import NODE
from .processes import WRITE_KEY, Server, serving, told
from .site import one_page_site

COUNT = 10_000
pytestmark = [pytest.mark.slow, pytest.mark.e2e]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    copy_example(tmp_path / "wren")
    return tmp_path / "wren"


@pytest.fixture
def server(root: Path) -> Iterator[Server]:
    with serving(root) as running:
        yield running


def check(root: Path, library: str, count: int) -> None:
    found = told("stats", root)
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


def test_segments_python_library_is_counted_exactly(server: Server, root: Path) -> None:
    from segment.analytics.client import Client

    failures: list[object] = []
    send_from_python(
        Client(WRITE_KEY, host=server.url, max_queue_size=2 * COUNT, on_error=lambda *told: failures.append(told))
    )
    assert failures == []
    check(root, "analytics-python", COUNT)


def test_rudderstacks_python_library_is_counted_exactly(server: Server, root: Path) -> None:
    from rudderstack.analytics.client import Client

    failures: list[object] = []
    send_from_python(
        Client(
            WRITE_KEY,
            host=server.url,
            max_queue_size=2 * COUNT,
            on_error=lambda *told: failures.append(told),
            gzip=True,
        )
    )
    assert failures == []
    check(root, "analytics-python", COUNT)


def test_segments_node_library_is_counted_exactly(server: Server, root: Path, node_modules: Path) -> None:
    command = ["node", str(NODE / "send.mjs"), server.url, WRITE_KEY, str(COUNT)]
    environment = {**os.environ, "TAILORBIRD_NODE_MODULES": str(node_modules)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    check(root, "@segment/analytics-node", COUNT)


def test_segments_browser_library_in_chromium_is_counted_exactly(
    server: Server, root: Path, node_modules: Path, browser: Browser
) -> None:
    asked = urlencode({"host": server.address, "key": WRITE_KEY, "count": COUNT})
    with one_page_site((NODE / "page.html").read_bytes(), node_modules) as site:
        browser.go(f"{site.url}?{asked}")
        assert site.heard(240) == ["ok"]
    check(root, "analytics.js", COUNT)
