"""A site of another origin with one page, which loads Segment's browser library and says when it is done."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass
class Site:
    """What the page said when it was done: it asks for `/done?what`."""

    url: str
    _heard: list[str] = field(default_factory=list)
    _finished: threading.Event = field(default_factory=threading.Event)

    def hear(self, said: str) -> None:
        """Take what the page says."""
        self._heard.append(said)
        self._finished.set()

    def heard(self, seconds: float) -> list[str]:
        """Wait for it."""
        assert self._finished.wait(seconds), "the page did not come to its end"
        return self._heard


@contextmanager
def one_page_site(page: bytes, node_modules: Path) -> Iterator[Site]:
    """The site, until the end of the block; `page` is its HTML, and `/analytics.js` the library."""
    library = (node_modules / "@segment" / "analytics-next" / "dist" / "umd" / "index.js").read_bytes()

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            found = {"/": page, "/analytics.js": library}.get(path)
            if path == "/done":
                site.hear(query)
            self.send_response(200 if found is not None or path == "/done" else 404)
            self.send_header("Content-Type", "text/javascript" if path.endswith(".js") else "text/html")
            self.end_headers()
            self.wfile.write(found or b"")

        def log_message(self, *_: object) -> None:
            """Keep the tests' output free of requests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    site = Site(f"http://127.0.0.1:{server.server_port}/")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
