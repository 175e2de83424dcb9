import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec
import pytest

from tailorbird.testing.simulator.send import SiteClient, send_events
from tailorbird.testing.simulator.world import SimulatorError

pytestmark = pytest.mark.slow


class Recorder(ThreadingHTTPServer):
    """A server that keeps what it is sent, and refuses what it is told to."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.keys: list[str | None] = []
        self.status = 200
        super().__init__(("127.0.0.1", 0), Answer)


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Recorder

    def do_POST(self) -> None:
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.keys.append(self.headers.get("Authorization"))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"no")

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Recorder]:
    recorder = Recorder()
    thread = threading.Thread(target=recorder.serve_forever)
    thread.start()
    yield recorder
    recorder.shutdown()
    thread.join()
    recorder.server_close()


def url(server: Recorder) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}"


def test_events_go_out_in_batches_within_the_limits(server: Recorder) -> None:
    done: list[int] = []
    events = [{"messageId": str(n), "properties": {"note": "x" * 6000 * (n > 200)}} for n in range(350)]
    assert send_events(events, url(server), "key", done.append) == 350
    assert sum(done) == 350
    batches = [msgspec.json.decode(body)["batch"] for body in server.bodies]
    assert sorted(int(event["messageId"]) for batch in batches for event in batch) == list(range(350))
    assert max(map(len, batches)) == 100
    assert max(map(len, server.bodies)) <= 500 * 1024
    assert set(server.keys) == {"Basic a2V5Og=="}


def test_a_refusal_stops_and_says_what_the_server_said(server: Recorder) -> None:
    server.status = 400
    with pytest.raises(SimulatorError, match="refused with 400: no"):
        send_events(({"n": n} for n in range(100_000)), url(server))
    assert len(server.bodies) < 50


def test_no_server_is_one_clear_error() -> None:
    with pytest.raises(SimulatorError, match=r"No tracking server answers at http://127\.0\.0\.1:1 "):
        send_events([{"n": 1}], "http://127.0.0.1:1")


def test_nothing_to_send_is_fine(server: Recorder) -> None:
    assert send_events([], url(server)) == 0
    client = SiteClient(url(server))
    assert client.request("POST", "/", b"") == 200
    client.close()
