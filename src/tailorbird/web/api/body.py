"""Request bodies, read up to a limit, gunzipped up to the same limit."""

import zlib

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive

_GZIP = 16 + zlib.MAX_WBITS


async def read_body(request: Request, limit_bytes: int) -> bytes:
    """The body, decompressed if it says gzip; HTTPException 400 if it is longer than the limit or damaged."""
    return await receive_body(request.receive, request.headers.get("content-encoding", ""), limit_bytes)


async def receive_body(receive: Receive, encoding: str, limit_bytes: int) -> bytes:
    """The same for an ASGI application that has no Request; `encoding` is what Content-Encoding says."""
    encoding = encoding.strip().lower() or "identity"
    if encoding not in ("identity", "gzip"):
        raise HTTPException(415, f"Content-Encoding is {encoding[:40]!r}; gzip and identity are understood")
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        part = message.get("body", b"")
        size += len(part)
        if size > limit_bytes:
            raise HTTPException(400, f"the body is longer than {limit_bytes} bytes")
        parts.append(part)
        more = message.get("more_body", False)
    body = parts[0] if len(parts) == 1 else b"".join(parts)
    return _gunzip(body, limit_bytes) if encoding == "gzip" else body


def _gunzip(body: bytes, limit_bytes: int) -> bytes:
    unpacker = zlib.decompressobj(_GZIP)
    try:
        plain = unpacker.decompress(body, limit_bytes + 1)
    except zlib.error:
        raise HTTPException(400, "the body is not valid gzip") from None
    if len(plain) > limit_bytes:
        raise HTTPException(400, f"the unpacked body is longer than {limit_bytes} bytes")
    if not unpacker.eof or unpacker.unused_data:
        raise HTTPException(400, "the body is not one whole gzip stream")
    return plain
