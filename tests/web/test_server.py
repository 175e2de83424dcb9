import http.client
import socket
from typing import Any

import pytest
from starlette.applications import Starlette

from tailorbird.web.server import BackgroundServer, ServerError, serve


def test_a_port_in_use_is_one_clear_error() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for start in (lambda: serve(Starlette(), port), lambda: BackgroundServer(Starlette(), port)):
            with pytest.raises(ServerError, match=rf"Port {port} is in use.*--port"):
                start()


def test_a_port_that_is_none_is_one_clear_error() -> None:
    with pytest.raises(ServerError, match="0 to 65535"):
        serve(Starlette(), 99_999)


@pytest.mark.slow
def test_a_server_in_a_thread_answers_until_it_is_stopped(shop: Any) -> None:
    assert shop.call("GET", "/health").status == 200
    shop.server.stop()
    with pytest.raises(OSError):
        shop.call("GET", "/health")


@pytest.mark.slow
def test_it_listens_on_this_machine_only() -> None:
    with BackgroundServer(Starlette()) as server:
        assert server.url.startswith("http://127.0.0.1:")
        connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=5)
        connection.request("GET", "/")
        assert connection.getresponse().status == 404
        connection.close()
