"""Request bodies, read up to a limit, gunzipped up to the same limit."""

import zlib

from starlette.exceptions import HTTPException
from starlette.requests import Request

_GZIP = 16 + zlib.MAX_WBITS


async def read_body(request: Request, limit_bytes: int) -> bytes:
    """The body, decompressed if it says gzip; HTTPException 400 if it is longer than the limit or damaged."""
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip"):
        raise HTTPException(415, f"Content-Encoding is {encoding!r}; gzip and identity are understood")
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > limit_bytes:
            raise HTTPException(400, f"the body is longer than {limit_bytes} bytes")
        parts.append(part)
    body = b"".join(parts)
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
