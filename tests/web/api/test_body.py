import asyncio
import gzip
from typing import Any

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request

from tailorbird.web.api.body import read_body


def request_of(parts: list[bytes], encoding: str | None = None) -> Request:
    messages: list[dict[str, Any]] = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    messages.append({"type": "http.request", "body": b"", "more_body": False})

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    headers = [(b"content-encoding", encoding.encode())] if encoding else []
    return Request({"type": "http", "method": "POST", "headers": headers}, receive)


def test_a_body_in_parts_is_joined_up_to_the_limit() -> None:
    assert asyncio.run(read_body(request_of([b"ab", b"cd"]), 4)) == b"abcd"
    with pytest.raises(HTTPException, match="longer than 4"):
        asyncio.run(read_body(request_of([b"ab", b"cde"]), 4))


def test_the_limit_holds_for_the_unpacked_body() -> None:
    assert asyncio.run(read_body(request_of([gzip.compress(b"a" * 100)], "gzip"), 100)) == b"a" * 100
    with pytest.raises(HTTPException, match="unpacked"):
        asyncio.run(read_body(request_of([gzip.compress(b"a" * 101)], "GZIP"), 100))
