"""Streaming over HTTP from an offset."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from tailorbird.adapters.models.manifest import ModelError, UrlSource
from tailorbird.adapters.models.url import url_chunks

pytestmark = pytest.mark.slow

DATA = bytes(range(256)) * 5000


class Files(BaseHTTPRequestHandler):
    """Serves DATA at /ranged with ranges, at /whole without, and refuses the rest."""

    def do_GET(self) -> None:
        start = int((self.headers.get("Range") or "bytes=0-")[6:-1]) if self.path == "/ranged" else 0
        data = DATA[start:] if self.path in ("/ranged", "/whole") else b"no"
        self.send_response(404 if data == b"no" else 206 if start else 200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def base() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("path", ["/ranged", "/whole"])
@pytest.mark.parametrize("offset", [0, 1000, 300_000])
def test_the_rest_of_the_file_comes_whether_or_not_the_server_knows_ranges(base: str, path: str, offset: int) -> None:
    assert b"".join(chunk for chunk, _ in url_chunks(UrlSource(base + path), offset)) == DATA[offset:]


def test_a_refusal_is_an_error(base: str) -> None:
    with pytest.raises(ModelError, match="404"):
        list(url_chunks(UrlSource(base + "/absent"), 0))


def test_an_unreachable_source_is_an_error() -> None:
    with pytest.raises(ModelError, match="cannot be reached"):
        list(url_chunks(UrlSource("http://127.0.0.1:9/x"), 0))
