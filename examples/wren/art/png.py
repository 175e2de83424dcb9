# ruff: noqa: E501  coordinates read best on one line; every picture is seeded by its item id
"""Small PNGs: the renderer's RGBA picture reduced to a palette and packed again."""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def read_rgba(data: bytes) -> NDArray[np.uint8]:
    """The pixels of an 8-bit RGBA PNG, (height, width, 4). Raises ValueError for another kind."""
    at, packed, width, height = len(SIGNATURE), b"", 0, 0
    while at < len(data):
        (size,), kind = struct.unpack(">I", data[at : at + 4]), data[at + 4 : at + 8]
        body = data[at + 8 : at + 8 + size]
        at += size + 12
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack(">IIBB", body[:10])
            if (depth, colour) != (8, 6):
                raise ValueError(f"an 8-bit RGBA picture is needed, not depth {depth}, colour type {colour}")
        elif kind == b"IDAT":
            packed += body
    raw = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, 1 + width * 4)
    out = np.zeros((height, width * 4), np.uint8)
    above = np.zeros(width * 4, np.uint8)
    for y in range(height):
        out[y] = above = _unfilter(int(raw[y, 0]), raw[y, 1:], above)
    return out.reshape(height, width, 4)


def _unfilter(kind: int, row: NDArray[np.uint8], above: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if kind == 0:
        return row.copy()
    if kind == 1:
        return np.cumsum(row.reshape(-1, 4), axis=0, dtype=np.uint8).reshape(-1)
    if kind == 2:
        return (row + above).astype(np.uint8)
    out, up = [0] * (len(row) + 4), [0, 0, 0, 0, *above.tolist()]
    for i, value in enumerate(row.tolist(), start=4):
        a, b, c = out[i - 4], up[i], up[i - 4]
        if kind == 3:
            guess = (a + b) // 2
        else:
            pa, pb, pc = abs(b - c), abs(a - c), abs(a + b - 2 * c)
            guess = a if pa <= pb and pa <= pc else b if pb <= pc else c
        out[i] = (value + guess) & 255
    return np.array(out[4:], np.uint8)


def write_palette(pixels: NDArray[np.uint8], colours: int) -> bytes:
    """An indexed PNG of at most `colours` (2 to 256) colours; transparency is kept."""
    height, width, _ = pixels.shape
    codes = pixels.reshape(-1, 4).astype(np.uint32) @ np.array([1 << 24, 1 << 16, 1 << 8, 1], np.uint32)
    values, places, counts = np.unique(codes, return_inverse=True, return_counts=True)
    seen = values[:, None] >> np.array([24, 16, 8, 0], np.uint32) & 255
    palette, nearest = _reduce(seen.astype(np.float64), counts, colours)
    depth = 4 if len(palette) <= 16 else 8
    indexes = nearest[places].astype(np.uint8).reshape(height, width)
    if depth == 4:
        indexes = indexes[:, 0::2] << 4 | indexes[:, 1::2]
    rows = b"".join(b"\0" + row.tobytes() for row in indexes)
    chunks = [
        _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 3, 0, 0, 0)),
        _chunk(b"PLTE", palette[:, :3].tobytes()),
        _chunk(b"tRNS", palette[:, 3].tobytes()) if (palette[:, 3] < 255).any() else b"",
        _chunk(b"IDAT", zlib.compress(rows, 9)),
        _chunk(b"IEND", b""),
    ]
    return SIGNATURE + b"".join(chunks)


def _reduce(
    seen: NDArray[np.float64], counts: NDArray[np.int64], colours: int
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """(palette, index per seen colour): the commonest colours that differ, moved to the middle of what they stand for."""
    order = np.argsort(-counts, kind="stable")
    chosen = [int(order[0])]
    gap = np.abs(seen - seen[chosen[0]]).sum(axis=1)
    weight = np.sqrt(counts)
    while len(chosen) < min(colours, len(seen)):
        best = int(np.argmax(gap * weight))
        if gap[best] < 3:
            break
        chosen.append(best)
        gap = np.minimum(gap, np.abs(seen - seen[best]).sum(axis=1))
    palette = seen[chosen]
    nearest = np.zeros(len(seen), np.int64)
    for _ in range(3):
        nearest = np.abs(seen[:, None, :] - palette[None]).sum(axis=2).argmin(axis=1)
        total = np.bincount(nearest, counts, len(palette))
        sums = np.stack([np.bincount(nearest, counts * seen[:, k], len(palette)) for k in range(4)], axis=1)
        palette = np.where(total[:, None] > 0, sums / np.maximum(total, 1)[:, None], palette)
    return palette.round().astype(np.uint8), nearest


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
