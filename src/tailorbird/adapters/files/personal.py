"""A person in the project's own files: found in any of them, and taken out of it."""

import glob
import gzip
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tailorbird.types.errors import TailorbirdError
from tailorbird.types.person import Person

LINES = frozenset({".jsonl", ".ndjson", ".csv", ".tsv", ".log", ".txt"})
"""Files of which single lines are taken out. Of any other text, the whole file: reports and messages."""

_HEADER_BYTES = 8192
"""A message is a person's by its name, which is its key, or by its headers: nobody reads a million bodies."""

_BEFORE = rb"(?:(?<![0-9a-z])|(?<=\\[bfnrt])|(?<=\\u[0-9a-f]{4})|(?<=[%=][0-9a-f]{2}))"
"""No letter or digit, unless it ends an escape of JSON, of an address (RFC 3986) or of quoted-printable."""
_AFTER = rb"(?![0-9a-z])"
_SHORT = 6  # a shorter id could be any word or number: it counts only as a whole value


class FilesError(TailorbirdError):
    """A file that could not be searched or written anew. The message names it."""


def find_person(paths: Sequence[Path], person: Person) -> list[Path]:
    """Those of the files that have the person in them: for input files, which are not ours to change."""
    return [path for path in paths if path.is_file() and _holds(path, person)]


def erase_from_files(folder: Path, person: Person, keep: Sequence[str]) -> list[Path]:
    """Take the person out of every file below `folder`, but in its entries named in `keep`; the files that changed.

    Lines and Parquet rows are taken out of their file; a page or message that shows the person is deleted.
    """
    changed = []
    for path in _below(folder, keep):
        try:
            if _holds(path, person):
                _take_out(path, person)
                changed.append(path)
        except FileNotFoundError:
            continue  # Somebody else has removed it.
        except OSError as error:
            raise FilesError(f"{path} cannot be searched or written: {error.strerror}; mend it, erase again") from error
    return changed


def _below(folder: Path, keep: Sequence[str]) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()) if folder.is_dir() else []:
        if entry.name not in keep:
            yield from (path for path in sorted([entry, *entry.rglob("*")]) if path.is_file() and not path.is_symlink())


def _holds(path: Path, person: Person) -> bool:
    if path.suffix == ".parquet":
        return _count(path, person) > 0
    is_mine = line_test(person)
    if set(path.suffixes) & LINES:
        with _opened(path, "rb") as file:
            return any(is_mine(line) for line in file)
    with _opened(path, "rb") as file:
        if path.suffix == ".eml" or path.suffix == ".part":
            key = path.stem.lstrip(".").split(".")[0]
            return key in person.traces or is_mine(file.read(_HEADER_BYTES))
        return is_mine(file.read())


def line_test(person: Person) -> Callable[[bytes], bool]:
    """Whether some bytes have the person in them: a long name anywhere, whatever its case; a short one only as a whole
    value of JSON or of a cell.

    A name that letters or digits go on from is somebody else's: c-12345 is not c-1234, joana@x.example not
    ana@x.example, and what stands inside a hash is nobody's.
    """
    long = [name.lower().encode() for name in person.names() if len(name) >= _SHORT]
    short = {name for name in person.names() if len(name) < _SHORT}
    escaped = [json.dumps(name.lower())[1:-1].encode() for name in person.names() if not name.isascii()]
    listed = b"|".join(map(re.escape, (*long, *escaped)))
    named = re.compile(_BEFORE + b"(?:" + listed + b")" + _AFTER) if listed else None

    def is_mine(line: bytes) -> bool:
        if named is not None and named.search(line.lower()):
            return True
        return bool(short) and any(value in short for value in _values(line))

    return is_mine


def _values(line: bytes) -> Iterator[str]:
    text = line.decode("utf-8", "replace").strip()
    try:
        yield from _leaves(json.loads(text))
    except (ValueError, RecursionError):
        for delimiter in (",", ";", "\t"):
            yield from (cell.strip().strip('"') for cell in text.split(delimiter))


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    elif isinstance(value, str | int):
        yield str(value)


def _take_out(path: Path, person: Person) -> None:
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.erasing")
    if path.suffix == ".parquet":
        _write_parquet(path, unfinished, person)
    elif set(path.suffixes) & LINES:
        is_mine = line_test(person)
        with _opened(path, "rb") as source, _opened(unfinished, "wb", path) as target:
            target.writelines(line for line in source if not is_mine(line))
    else:
        path.unlink()
        return
    with unfinished.open("rb") as file:
        os.fsync(file.fileno())
    unfinished.replace(path)


def _opened(path: Path, mode: str, like: Path | None = None) -> Any:
    return gzip.open(path, mode) if (like or path).suffix == ".gz" else path.open(mode)


def _mine_sql(path: Path, person: Person, connection: Any) -> tuple[str, str]:
    """(SQL of the source, SQL of its rows that have the person in a column of text)."""
    # Under a name of its own: in the search below a column `name` would be the searched names themselves.
    source = "read_parquet('" + glob.escape(str(path)).replace("'", "''") + "') AS held"
    described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    columns = ['held."' + name.replace('"', '""') + '"' for name, *_ in described]
    listed = "CREATE TABLE names AS SELECT lower(unnest($names::VARCHAR[])) AS name"
    connection.execute(listed, {"names": list(person.names())})
    tests = [
        f"(lower(CAST({column} AS VARCHAR)) IN (FROM names) OR EXISTS (SELECT 1 FROM names "
        f"WHERE length(name) >= {_SHORT} AND contains(lower(CAST({column} AS VARCHAR)), name)))"
        for column in columns
    ]
    return source, "coalesce(" + " OR ".join(tests) + ", FALSE)" if tests else "FALSE"


def _count(path: Path, person: Person) -> int:
    import duckdb

    try:
        with duckdb.connect(config={"threads": 1}) as connection:
            source, mine = _mine_sql(path, person, connection)
            row = connection.execute(f"SELECT count(*) FROM {source} WHERE {mine}").fetchone()
    except duckdb.Error as error:
        raise FilesError(f"{path} cannot be read: {error}; mend or remove it, then erase again") from error
    return int(row[0]) if row else 0


def _write_parquet(path: Path, target: Path, person: Person) -> None:
    import duckdb

    try:
        with duckdb.connect(config={"threads": 1}) as connection:
            source, mine = _mine_sql(path, person, connection)
            quoted = "'" + str(target).replace("'", "''") + "'"
            connection.execute(
                f"COPY (SELECT * FROM {source} WHERE NOT {mine}) TO {quoted} (FORMAT parquet, COMPRESSION zstd)"
            )
    except duckdb.Error as error:
        raise FilesError(f"{path} cannot be written anew: {error}; mend or remove it, then erase again") from error
