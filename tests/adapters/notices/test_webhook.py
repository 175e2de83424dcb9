"""Notices to a webhook, over a real server on loopback."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tailorbird.adapters.notices.webhook import WebhookNotifier
from tailorbird.ports.notifier import NoticeError
from tailorbird.types.notice import Notice

NOTICE = Notice("i_1", "wren", "win_back", "high", "2026-06-01T09:00:00+00:00", True, "halted", "all of it\n")


@contextmanager
def answering(status: int, heard: list[bytes], location: str = "") -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/a-secret"
    finally:
        server.shutdown()
        server.server_close()


def test_the_webhook_gets_a_text_and_the_incident() -> None:
    heard: list[bytes] = []
    with answering(200, heard) as url:
        WebhookNotifier(url).tell(NOTICE)
    assert json.loads(heard[0]) == {"text": "halted\nall of it\n", "incident": asdict(NOTICE)}


@pytest.mark.parametrize("status", [302, 404, 500])
def test_an_answer_that_is_no_yes_was_not_told_and_a_redirect_is_not_followed(status: int) -> None:
    heard: list[bytes] = []
    with (
        answering(status, heard, "http://127.0.0.1:9/elsewhere") as url,
        pytest.raises(NoticeError, match=f"answers {status}") as raised,
    ):
        WebhookNotifier(url).tell(NOTICE)
    assert len(heard) == 1 and "a-secret" not in str(raised.value)


def test_a_server_that_is_away_is_told_without_the_secret() -> None:
    with answering(200, []) as url:
        pass
    with pytest.raises(NoticeError, match=r"no answer from 127\.0\.0\.1") as raised:
        WebhookNotifier(url).tell(NOTICE)
    assert "a-secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("url", "why"),
    [("", "is none"), ("ftp://host/x", "is none"), ("https://", "is none"), ("http://[", "is none"),
     ("http://hooks.example/a-secret", "write https://")],
)  # fmt: skip
def test_what_is_no_safe_address_is_refused_without_repeating_its_path(url: str, why: str) -> None:
    with pytest.raises(NoticeError, match=why) as raised:
        WebhookNotifier(url)
    assert "a-secret" not in str(raised.value)


def test_who_is_told_names_the_host_alone() -> None:
    assert WebhookNotifier("https://hooks.example/a-secret").who == "webhook on hooks.example"
