"""Erasing a person from the segments, while others append and seal."""

import glob
import os
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from tailorbird.adapters.segments.id_sidecar import forget_fingerprints, read_fingerprints
from tailorbird.adapters.segments.parts import columns_lock, drop_columns
from tailorbird.adapters.segments.writer import log_error, sync_folder
from tailorbird.ports.event_log import EventLogError
from tailorbird.types.person import Person

PASSES_MAX = 20
_SEALING_SECONDS = 0.1


class _Line(msgspec.Struct):
    message_id: str = ""
    user_id: str | None = None
    anonymous_id: str | None = None


_LINE = msgspec.json.Decoder(_Line)


def erase_events(root: Path, scratch: Path, person: Person) -> int:
    """Remove the person's events from every segment, copy and damaged line; how many.

    The columns kept beside the segments go as a whole. A growing file belongs to the process that writes it, so its
    lines are blanked where they stand, in their own length: the writer only ever appends. Finished files are written
    anew and renamed into place. Somebody may seal a file between two looks at it: the passes end when one of them
    finds nothing, and nothing is being sealed.
    """
    try:
        if not root.exists():
            return 0
        with columns_lock(root):  # Whoever makes columns reads no segment that is about to be written anew.
            drop_columns(root)
            return _erase(root, scratch, person)
    except OSError as error:
        raise log_error(root, error) from error


def _erase(root: Path, scratch: Path, person: Person) -> int:
    erased = 0
    for leftover in _files(root, ".*.erasing"):  # An erasure that was killed.
        leftover.unlink(missing_ok=True)
    for _ in range(PASSES_MAX):
        sealing = any(path.suffix == ".sealing" for path in _files(scratch, "*"))
        found = sum(_blank_lines(path, person) for path in (*_files(root, "*.jsonl"), *_files(scratch, "*.jsonl")))
        found += sum(_blank_lines(path, person) for path in _files(root / "damaged", "*"))
        found += sum(_rewrite(path, person) for path in (*_files(root, "*.parquet"), *_files(scratch, "*.parquet")))
        erased += found
        if not found and not sealing:
            return erased
        if sealing:
            time.sleep(_SEALING_SECONDS)
    raise EventLogError(f"Events of this person keep coming into {root}: stop what sends them, then erase again.")


def _files(folder: Path, pattern: str) -> Iterator[Path]:
    return iter(sorted(folder.glob(pattern)))


def _blank_lines(path: Path, person: Person) -> int:
    """Overwrite the person's lines with spaces; how many. The last, unfinished line may be somebody's write: it is
    looked at in the next pass."""
    names = [name.encode() for name in person.names() if len(name) >= 4]
    blanked = 0
    try:
        with path.open("r+b") as file:
            place = 0
            for line in file:
                if line.endswith(b"\n") and line.strip() and _is_of(line, person, names):
                    os.pwrite(file.fileno(), b" " * (len(line) - 1), place)
                    blanked += 1
                place += len(line)
            if blanked:
                os.fsync(file.fileno())
    except FileNotFoundError:
        return 0  # Sealed by another process meanwhile: its Parquet file is looked at in this pass or the next.
    return blanked


def _is_of(line: bytes, person: Person, names: list[bytes]) -> bool:
    try:
        event = _LINE.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return any(name in line for name in names)  # A damaged line: whatever names the person goes.
    return person.owns(event.message_id, event.user_id, event.anonymous_id)


def _rewrite(path: Path, person: Person) -> int:
    """Write a Parquet segment anew without the person's events; how many those were."""
    # Imported here, so that a process that only appends loads no data engine.
    import duckdb

    unfinished = path.with_name(f".{path.stem}.{os.getpid()}.erasing")
    source = f"read_parquet({_quoted(glob.escape(str(path)))})"
    try:
        with duckdb.connect(config={"threads": 1}) as connection:
            whose = {"events": person.event_ids, "users": person.user_ids, "anon": person.anonymous_ids}
            for name, ids in whose.items():
                listed = f"CREATE TABLE ids_{name} AS SELECT unnest($ids::VARCHAR[]) AS id"
                connection.execute(listed, {"ids": list(ids)})
            mine = (
                "(message_id IN (FROM ids_events) OR coalesce(user_id IN (FROM ids_users), FALSE) "
                "OR (user_id IS NULL AND coalesce(anonymous_id IN (FROM ids_anon), FALSE)))"
            )
            row = connection.execute(f"SELECT count(*) FILTER (WHERE {mine}), count(*) FROM {source}").fetchone()
            mine_count, every = row or (0, 0)
            if not mine_count:
                return 0
            if mine_count < every:
                query = f"SELECT * FROM {source} WHERE NOT {mine}"
                target = f"{_quoted(str(unfinished))} (FORMAT parquet, COMPRESSION zstd)"
                connection.execute(f"COPY ({query}) TO {target}")
    except duckdb.Error as error:
        unfinished.unlink(missing_ok=True)
        if not path.exists():
            return 0  # A copy of a process that has swept it away.
        problem = f"The segment {path.name} cannot be written anew: {error}"
        raise EventLogError(f"{problem}. Mend it, then erase again.") from error
    had_sidecar = forget_fingerprints(path)
    if mine_count == every:
        path.unlink(missing_ok=True)
    else:
        _replace(unfinished, path)
        if had_sidecar:
            read_fingerprints(path)  # which writes them anew
    sync_folder(path.parent)
    return int(mine_count)


def _replace(unfinished: Path, path: Path) -> None:
    descriptor = os.open(unfinished, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    unfinished.rename(path)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
