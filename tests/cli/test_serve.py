"""The tracking server on the command line."""

import socket
from pathlib import Path
from typing import Any

from tailorbird.cli.serve import make_app
from tailorbird.web.server import BackgroundServer


def test_a_port_in_use_is_one_clear_error(tailorbird: Any, ran: Any) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        error = tailorbird("serve", ran.root, "--port", port).error
    assert str(port) in error and "--port" in error


def test_the_app_of_a_project_answers(ran: Any) -> None:
    import http.client

    with BackgroundServer(make_app(ran.project, None)) as server:
        connection = http.client.HTTPConnection(server.url.removeprefix("http://"))
        connection.request("GET", "/u/not-a-token")
        assert connection.getresponse().status in (400, 404)
        connection.close()


def test_the_server_needs_a_project(tailorbird: Any, tmp_path: Path) -> None:
    assert "no tailorbird.yaml here" in tailorbird("serve", tmp_path).error
