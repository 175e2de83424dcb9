"""A file before its import: is it text, what are its columns, where do its lines end, and on which line is a row?"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tailorbird.types.errors import TailorbirdError

_CHUNK = 1 << 20
_TEXT = (".csv", ".jsonl", ".ndjson")
_MAGIC = (
    (b"\x1f\x8b", "is compressed (gzip); unpack it first"),
    (b"PK\x03\x04", "is a zip archive or a spreadsheet; save the table as CSV"),
    (b"\xff\xfe", "is UTF-16; save it as UTF-8"),
    (b"\xfe\xff", "is UTF-16; save it as UTF-8"),
    (b"PAR1", "is a Parquet file; name it .parquet"),
)
_NEWLINE = re.compile(rb"\r\n|\r|\n")


class SourceError(TailorbirdError):
    """A file that cannot be imported as a whole. One sentence: the file, what is wrong, how to mend it."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """What to read: `path` is the file, or a copy of it whose lines all end alike. `header` is a CSV's columns."""

    path: Path
    header: tuple[str, ...] = ()


def open_source(path: Path, delimiter: str, scratch: Path) -> SourceFile:
    """Look at a file before it is read; a copy goes to `scratch`. SourceError: it is empty, packed or in another
    encoding, or its header is not UTF-8."""
    if path.suffix.lower() not in _TEXT:
        return SourceFile(path)
    with path.open("rb") as file:
        start = file.read(4096)
    if not start.strip():
        raise SourceError(f"{path} is empty; there is nothing to import")
    for magic, problem in _MAGIC:
        if start.startswith(magic):
            raise SourceError(f"{path} {problem}")
    readable = path
    if _ends_vary(path):
        scratch.mkdir(parents=True, exist_ok=True)
        readable = scratch / f"lines{path.suffix.lower()}"
        _copy_with_one_end(path, readable)
    return SourceFile(readable, _header(path, delimiter) if path.suffix.lower() == ".csv" else ())


def row_lines(path: Path, delimiter: str, broken: Iterable[tuple[int, int]]) -> tuple[list[int], dict[int, int]]:
    """(the line on which each row begins, in order; the line of each broken one by its number).

    `broken` pairs the number of a record that is no row with its first byte. A quoted field may hold line ends, and
    blank lines are no records, so both need a walk through the file.
    """
    numbers = sorted((at, number) for number, at in broken)
    places = dict(zip((number for _, number in numbers), _lines_at(path, [at for at, _ in numbers]), strict=True))
    taken = set(places.values())
    return [line for line in _records(path, delimiter) if line not in taken], places


def count_lines(path: Path) -> tuple[int, bool]:
    """(lines, whether one of them is blank)."""
    lines, blank, last = 0, False, b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            joined = last + chunk
            blank = blank or b"\n\n" in joined or b"\n\r" in joined or (not last and chunk[:1] in b"\r\n")
            lines += chunk.count(b"\n")
            last = chunk[-1:]
    return lines + (last not in (b"", b"\n")), blank


def _records(path: Path, delimiter: str) -> Iterator[int]:
    """The first line of each record after the header of a CSV; of JSON lines, of each line that is not blank."""
    with path.open(newline="", encoding="utf-8-sig", errors="replace") as file:
        if path.suffix.lower() != ".csv":
            yield from (number for number, line in enumerate(file, 1) if line.strip("\r\n"))
            return
        csv.field_size_limit(1 << 30)
        reader = csv.reader(file, delimiter=delimiter)
        single = len(next(reader, [])) == 1  # A blank line is a row then: its one value is missing.
        begins = reader.line_num + 1
        for record in reader:
            if record or single:
                yield begins
            begins = reader.line_num + 1


def _lines_at(path: Path, places: Sequence[int]) -> Iterator[int]:
    """The line of each byte place (from 0, in order); line ends that stand at the place itself are passed over."""
    line, read = 1, 0
    with path.open("rb") as file:
        for place in places:
            while read < place:
                chunk = file.read(min(_CHUNK, place - read))
                line += chunk.count(b"\n")
                read += len(chunk)
            ahead = file.read(256)
            file.seek(read)
            yield line + ahead[: len(ahead) - len(ahead.lstrip(b"\r\n"))].count(b"\n")


def _header(path: Path, delimiter: str) -> tuple[str, ...]:
    # Later lines that are not UTF-8 go to quarantine one by one; without its header the whole file has no meaning.
    try:
        with path.open(newline="", encoding="utf-8-sig", errors="replace") as file:
            found = next((row for row in csv.reader(file, delimiter=delimiter) if row), [])
    except csv.Error as error:
        raise SourceError(f"{path}: the header cannot be read: {error}") from None
    if any("\ufffd" in label for label in found):
        raise SourceError(f"{path}: its header is not UTF-8; save the file as UTF-8")
    names: list[str] = []
    taken: dict[str, int] = {}
    for i, label in enumerate(found):
        label = label.strip() or f"column{i}"
        # Names of columns know no case: of two that differ in nothing else, the later one gets a number.
        again = taken.get(label.casefold(), 0)
        taken[label.casefold()] = again + 1
        names.append(f"{label}_{again}" if again else label)
    return tuple(names)


def _ends_vary(path: Path) -> bool:
    plain = both = alone = 0
    last = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            joined = last + chunk if last == b"\r" else chunk
            last = chunk[-1:]
            pairs = joined.count(b"\r\n")
            both += pairs
            plain += joined.count(b"\n") - pairs
            alone += joined.count(b"\r") - pairs - (last == b"\r")
    return alone > 0 or (plain > 0 and both > 0)


def _copy_with_one_end(path: Path, target: Path) -> None:
    with path.open("rb") as source, target.open("wb") as copy:
        kept = b""
        while chunk := source.read(_CHUNK):
            chunk = kept + chunk
            kept = b"\r" if chunk.endswith(b"\r") else b""
            copy.write(_NEWLINE.sub(b"\n", chunk[: len(chunk) - len(kept)]))
        copy.write(b"\n" if kept else b"")
