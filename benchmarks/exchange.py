"""A client for benchmarks: many requests over a few kept-alive connections, from one thread."""

import selectors
import socket
from collections.abc import Sequence

LENGTH = b"content-length:"


def exchange(port: int, ready: Sequence[bytes], connections: int) -> list[bytes]:
    """Send all requests, each connection its next one as soon as it has its answer; the bodies, in the order asked."""
    left, bodies = iter(enumerate(ready)), [b""] * len(ready)
    with selectors.DefaultSelector() as selector:

        def next_request(connection: socket.socket) -> None:
            number, request = next(left, (None, b""))
            if number is None:
                selector.unregister(connection)
                connection.close()
            else:
                selector.modify(connection, selectors.EVENT_READ, (number, bytearray()))
                connection.sendall(request)

        for _ in range(connections):
            connection = socket.create_connection(("127.0.0.1", port))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(connection, selectors.EVENT_READ)
            next_request(connection)
        while selector.get_map():
            for key, _ in selector.select():
                assert isinstance(key.fileobj, socket.socket)
                number, seen = key.data
                part = key.fileobj.recv(65536)
                assert part, "the server closed a connection"
                seen.extend(part)
                head, end, body = bytes(seen).partition(b"\r\n\r\n")
                length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line[:15] == LENGTH), -1)
                if end and len(body) == length:
                    assert head.startswith(b"HTTP/1.1 200"), bytes(seen)
                    bodies[number] = body
                    next_request(key.fileobj)
    return bodies
