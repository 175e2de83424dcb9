"""Running the app: in the foreground, or in a thread beside other work. It listens on this machine only."""

import errno
import gc
import socket
import threading
from collections.abc import Callable
from types import TracebackType

import uvicorn
from starlette.types import ASGIApp

from tailorbird.types.errors import TailorbirdError

HOST = "127.0.0.1"
DEFAULT_PORT = 8787


class ServerError(TailorbirdError):
    """The server cannot start; the message says what to change."""


def serve(app: ASGIApp, port: int = DEFAULT_PORT, ready: Callable[[str], None] | None = None) -> None:
    """Serve on 127.0.0.1 until Ctrl-C or SIGTERM; ServerError if the port is taken.

    `ready` gets the URL as soon as the port is ours and requests are queued.
    """
    with _listen(port) as listener:
        if ready is not None:
            ready(f"http://{HOST}:{listener.getsockname()[1]}")
        # What is there now stays: the collector of cycles need not go through it again and again.
        gc.collect()
        gc.freeze()
        _make_server(app).run(sockets=[listener])


class BackgroundServer:
    """A server in a thread of this process: `with BackgroundServer(app) as server: … server.url …`.

    Port 0 takes any free port. Leaving the block finishes the requests under way and closes the event log.
    """

    def __init__(self, app: ASGIApp, port: int = 0) -> None:
        self._listener = _listen(port)
        self._server = _make_server(app)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._listener]}, name="tailorbird-server", daemon=True
        )
        self.url = f"http://{HOST}:{self._listener.getsockname()[1]}"

    def start(self) -> "BackgroundServer":
        """Start; the socket listens already, so a request may be sent at once."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Finish what is under way and stop."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join()
        self._listener.close()

    def __enter__(self) -> "BackgroundServer":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _make_server(app: ASGIApp) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,  # Nobody asks who called, or by which scheme.
            timeout_graceful_shutdown=10,
        )
    )


def _listen(port: int) -> socket.socket:
    # The protocol is named because asyncio turns Nagle's algorithm off only for sockets that say TCP; with it on,
    # an answer in two writes waits 40 ms for the client's delayed acknowledgement.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    # A port whose last server has just stopped may be taken again; one in use is still refused.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(2048)
    except (OSError, OverflowError) as error:
        listener.close()
        raise ServerError(_why(port, error)) from None
    return listener


def _why(port: int, error: OSError | OverflowError) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use by another program: stop it, or choose another with --port."
    reason = error.strerror if isinstance(error, OSError) else "a port is a number from 0 to 65535"
    return f"Cannot listen on port {port} ({reason}): choose another with --port."
