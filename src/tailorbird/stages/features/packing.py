"""Many people's values in little memory: each column in its narrowest exact form, ids front-coded, rows read in
microseconds.

A column takes the smallest of these that gives every value back as it was, with its type: one value for everybody; a
code of one, two or four bytes into the list of different values; a whole number as its distance from the smallest; a
float of four bytes where that is exact, else of eight; texts one after another with a length each. Ids are sorted, and
each says only what it does not share with the one before it (front coding: Witten, Moffat and Bell, Managing
Gigabytes, 1999), with a whole one at the head of every block, so that a search compares heads and then walks one block.
"""

import struct
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import NoneType
from typing import Any

import numpy as np
import numpy.typing as npt

BLOCK = 16
_IDS_IN_BLOCK = 8
_HEADS_APART = 8
_CODES = (("u1", 2**8), ("u2", 2**16), ("u4", 2**32))


@dataclass(frozen=True, slots=True)
class PackedColumn:
    """One column: `read(row)` is its value, `nbytes` the memory of its data."""

    nbytes: int
    read: Callable[[int], Any]


class PackedTable:
    """Rows by person id. It does not change: a new one is built of what changed."""

    def __init__(self, person_ids: Sequence[str], columns: Mapping[str, Sequence[Any]]) -> None:
        """Row i of every column belongs to `person_ids[i]`; ids are distinct, in any order. Values are texts, numbers,
        booleans, None, or tuples of such; no float is NaN."""
        order = sorted(range(len(person_ids)), key=person_ids.__getitem__)
        self._ids = _FrontCoded([person_ids[row] for row in order])
        self.columns: dict[str, PackedColumn] = {
            name: pack_column([values[row] for row in order]) for name, values in columns.items()
        }
        self._reads = [(name, column.read) for name, column in self.columns.items()]
        self.nbytes = self._ids.nbytes + sum(column.nbytes for column in self.columns.values())

    def __len__(self) -> int:
        return self._ids.size

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __contains__(self, person_id: str) -> bool:
        return self._ids.find(person_id) is not None

    def row(self, person_id: str) -> dict[str, Any] | None:
        """Every value of one person; None: nobody of that id."""
        found = self._ids.find(person_id)
        return None if found is None else self.row_at(found)

    def row_at(self, place: int) -> dict[str, Any]:
        """The row at a place in the order of ids."""
        return {name: read(place) for name, read in self._reads}


def pack_column(values: Sequence[Any]) -> PackedColumn:
    """The narrowest exact form of a column."""
    kinds = {type(value) for value in values}
    found: list[PackedColumn] = []
    different: dict[tuple[type, Any], int] = {}
    for value in values:
        different.setdefault((type(value), value), len(different))
        if len(different) > max(256, len(values) // 4):
            break
    else:
        found.append(_coded(values, different) if len(different) > 1 else PackedColumn(0, _constant(values)))
    if kinds <= {NoneType}:
        return found[0]
    if kinds <= {int, NoneType} and _spread(values) < 2**64 - 1:
        found.append(_whole(values))
    elif kinds <= {float, NoneType}:
        found.append(_floats(values))
    elif kinds <= {str, NoneType}:
        text = _Text(values)
        found.append(PackedColumn(text.nbytes, text.read))
    return min(found or [_as_they_are(values)], key=lambda column: column.nbytes)


def _constant(values: Sequence[Any]) -> Callable[[int], Any]:
    value = values[0] if values else None
    return lambda row: value


def _coded(values: Sequence[Any], different: Mapping[tuple[type, Any], int]) -> PackedColumn:
    """A code per row into the list of different values; up to sixteen take less than a byte each."""
    kind = next(kind for kind, size in _CODES if len(different) <= size)
    codes = np.fromiter((different[type(value), value] for value in values), kind, len(values))
    listed = [value for _, value in different]
    kept = sum(map(_size, listed))
    bits = next((bits for bits in (1, 2, 4) if len(listed) <= 2**bits), 8)
    if bits == 8:
        at = _view(codes)
        return PackedColumn(codes.nbytes + kept, lambda row: listed[at[row]])
    each = 8 // bits
    shifts, mask = tuple(range(0, 8, bits)), 2**bits - 1
    padded = np.zeros(-(-len(codes) // each) * each, "u1")
    padded[: len(codes)] = codes
    packed = np.bitwise_or.reduce(padded.reshape(-1, each) << np.array(shifts, "u1"), axis=1).tobytes()
    return PackedColumn(len(packed) + kept, lambda row: listed[packed[row // each] >> shifts[row % each] & mask])


def _whole(values: Sequence[int | None]) -> PackedColumn:
    """Distances from the smallest number, plus one: none is 0."""
    low = min(value for value in values if value is not None)
    kind = next((kind for kind, size in _CODES if _spread(values) + 1 < size), "u8")
    at, before = _view(np.fromiter((0 if v is None else v - low + 1 for v in values), kind, len(values))), low - 1
    return PackedColumn(at.nbytes, lambda row: step + before if (step := at[row]) else None)


def _floats(values: Sequence[float | None]) -> PackedColumn:
    """Four bytes where that is exact for all, else eight; none is NaN."""
    wide = np.fromiter((np.nan if value is None else value for value in values), "f8", len(values))
    with np.errstate(over="ignore"):
        narrow = wide.astype("f4")
    at = _view(narrow if np.array_equal(narrow.astype("f8"), wide, equal_nan=True) else wide)
    return PackedColumn(at.nbytes, lambda row: number if (number := at[row]) == number else None)


def _as_they_are(values: Sequence[Any]) -> PackedColumn:
    """Values of several kinds, or tuples of many: as they came, equal ones once."""
    once: dict[tuple[type, Any], Any] = {}
    kept = [once.setdefault((type(value), value), value) for value in values]
    return PackedColumn(8 * len(kept) + sum(map(_size, once.values())), lambda row: kept[row])


class _Text:
    """UTF-8, one after another. A length of one or two bytes each (0 is none, else the length plus one), and the start
    of every block; longer texts have a start each."""

    def __init__(self, values: Sequence[str | None]) -> None:
        written = [b"" if value is None else value.encode("utf-8", "surrogatepass") for value in values]
        marks = [0 if value is None else len(text) + 1 for value, text in zip(values, written, strict=True)]
        longest = max(marks)
        self._lengths = _view(np.array(marks, next(kind for kind, size in _CODES if longest < size)))
        ends = np.concatenate([[0], np.cumsum([len(text) for text in written])])
        self._starts = _view(ends[:-1:BLOCK].astype("u4" if ends[-1] < 2**32 else "u8"))
        self._bytes = b"".join(written)
        self.nbytes = self._lengths.nbytes + self._starts.nbytes + len(self._bytes)

    def read(self, row: int) -> str | None:
        mark = self._lengths[row]
        if not mark:
            return None
        block, inside = divmod(row, BLOCK)
        start = self._starts[block]
        if inside:
            before = self._lengths[block * BLOCK : row]
            start += sum(before) - inside + before.tobytes().count(0) if before.itemsize == 1 else _total(before)
        return self._bytes[start : start + mark - 1].decode("utf-8", "surrogatepass")


class _FrontCoded:
    """Sorted distinct texts, searched by block."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.size = len(texts)
        written = [text.encode("utf-8", "surrogatepass") for text in texts]
        data, starts = bytearray(), []
        for row, text in enumerate(written):
            shared = 0
            if row % _IDS_IN_BLOCK:
                shared = _shared(written[row - 1], text)
            else:
                starts.append(len(data))
            data += _counted(shared) + _counted(len(text) - shared) + text[shared:]
        self._data = bytes(data)
        self._starts = _view(np.array(starts, "u4" if len(data) < 2**32 else "u8"))
        self._apart = [self.head(block) for block in range(0, len(starts), _HEADS_APART)]
        self.nbytes = len(self._data) + self._starts.nbytes + sum(8 + sys.getsizeof(head) for head in self._apart)

    def __iter__(self) -> Iterator[str]:
        for block in range(len(self._starts)):
            for text in self._block(block):
                yield text.decode("utf-8", "surrogatepass")

    def find(self, text: str) -> int | None:
        wanted = text.encode("utf-8", "surrogatepass")
        block = self._block_of(wanted)
        if block is None:
            return None
        # Entries rise, so that their shared lengths tell most of the order: `same` is how many bytes the last entry,
        # which is less than `wanted`, has in common with it.
        data, at, same, length = self._data, self._starts[block], 0, len(wanted)
        for row in range(block * _IDS_IN_BLOCK, min((block + 1) * _IDS_IN_BLOCK, self.size)):
            shared, rest = data[at], data[at + 1]
            if shared < 255 and rest < 255:
                at += 2
            else:
                shared, at = _count_at(data, at)
                rest, at = _count_at(data, at)
            if shared < same:
                return None  # It left the last entry where that was still equal: it is greater.
            if shared == same:
                if same == length:
                    return None if rest else row
                if rest and data[at] >= wanted[same]:
                    tail = data[at : at + rest]
                    if rest == length - same and wanted.endswith(tail):
                        return row
                    if tail > wanted[same:]:
                        return None
                    same += _shared(tail, wanted[same:])
            at += rest
        return None

    def _block_of(self, wanted: bytes) -> int | None:
        """The last block whose head is not greater; None: the first one's is."""
        apart = bisect_right(self._apart, wanted) - 1
        if apart < 0:
            return None
        first = apart * _HEADS_APART
        return bisect_right(_Heads(self), wanted, first, min(first + _HEADS_APART, len(self._starts))) - 1

    def head(self, block: int) -> bytes:
        _, at = _count_at(self._data, self._starts[block])
        length, at = _count_at(self._data, at)
        return self._data[at : at + length]

    def _block(self, block: int) -> Iterator[bytes]:
        data, at, text = self._data, self._starts[block], b""
        for _ in range(min(_IDS_IN_BLOCK, self.size - block * _IDS_IN_BLOCK)):
            shared, at = _count_at(data, at)
            length, at = _count_at(data, at)
            text = text[:shared] + data[at : at + length]
            at += length
            yield text


class _Heads(Sequence[bytes]):
    """The heads of the blocks as a sequence, for `bisect`."""

    def __init__(self, coded: _FrontCoded) -> None:
        self._coded = coded

    def __len__(self) -> int:
        return len(self._coded._starts)

    def __getitem__(self, block: Any) -> Any:
        return self._coded.head(block)


def _view(array: npt.NDArray[Any]) -> "memoryview[Any]":
    """The array's memory, which gives Python's own numbers, and faster than the array does."""
    return memoryview(np.ascontiguousarray(array))  # type: ignore[arg-type]  # an array is a buffer


def _shared(one: bytes, other: bytes) -> int:
    """How many bytes two texts begin with alike."""
    for place, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return place
    return min(len(one), len(other))


def _counted(count: int) -> bytes:
    """One byte below 255, else a 255 and four bytes."""
    return bytes([count]) if count < 255 else b"\xff" + struct.pack("<I", count)


def _count_at(data: bytes, at: int) -> tuple[int, int]:
    count = data[at]
    return (count, at + 1) if count < 255 else (struct.unpack_from("<I", data, at + 1)[0], at + 5)


def _total(marks: "memoryview[int]") -> int:
    return sum(mark - 1 for mark in marks if mark)


def _spread(values: Sequence[int | None]) -> int:
    known = [value for value in values if value is not None]
    return max(known) - min(known) if known else 0


def _size(value: Any) -> int:
    """What one kept value takes, roughly: the object, and what it points to."""
    return 49 + len(value.encode("utf-8", "surrogatepass")) if isinstance(value, str) else 32
