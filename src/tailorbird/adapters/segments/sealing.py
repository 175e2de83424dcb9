"""Sealing: finished segments of JSON lines become Parquet; growing ones are copied as far as they have come."""

import fcntl
import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tailorbird.adapters.segments.writer import log_error, sync_folder
from tailorbird.ports.event_log import EventLogError
from tailorbird.types.event import EVENT_COLUMNS

_CHUNK_BYTES = 1 << 16
_JSON = msgspec.json.Decoder()


def seal_folder(root: Path, scratch: Path) -> list[Path]:
    """Seal what nobody writes, copy into `scratch` what somebody does; every Parquet segment, oldest first."""
    copies = {}
    try:
        _sweep(scratch)
        for path in sorted(root.glob("*.jsonl")):
            copy = _seal_or_copy(path, scratch)
            if copy is not None:
                copies[path.stem] = copy
        segments = {path.stem: path for path in root.glob("*.parquet")}
    except OSError as error:
        raise log_error(root, error) from error
    merged = {**copies, **segments}
    return [merged[stem] for stem in sorted(merged)]


def _seal_or_copy(path: Path, scratch: Path) -> Path | None:
    """Seal one file if its lock is free (None); else the copy of its whole lines (None if it has none)."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return None  # Another process has just sealed it.
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return _copy(descriptor, path, scratch)
        if path.exists():
            _seal(descriptor, path, scratch)
        return None
    finally:
        os.close(descriptor)


def _seal(descriptor: int, path: Path, scratch: Path) -> None:
    target = path.with_suffix(".parquet")
    # Where both exist, a crash came after the rename: the Parquet file is whole.
    if not target.exists():
        size = _end_of_lines(descriptor)
        if size < os.fstat(descriptor).st_size:
            os.ftruncate(descriptor, size)
        if size:
            unfinished = scratch / f"{os.getpid()}-{path.stem}.sealing"
            _write_parquet(path, unfinished, sorted(path.parent.glob("*.parquet")))
            unfinished.rename(target)
            sync_folder(path.parent)
    path.unlink()


def _copy(descriptor: int, path: Path, scratch: Path) -> Path | None:
    size = _end_of_lines(descriptor)
    if not size:
        return None
    lines = scratch / f"{os.getpid()}-{path.stem}.jsonl"
    with lines.open("wb") as file:
        offset = 0
        while offset < size:
            offset += file.write(os.pread(descriptor, min(size - offset, 1 << 20), offset))
    copy = lines.with_suffix(".parquet")
    _write_parquet(lines, copy, sorted(path.parent.glob("*.parquet")))
    lines.unlink()
    return copy


def _end_of_lines(descriptor: int) -> int:
    """Where the last whole line ends: a write that a crash cut short leaves a torn one, or zeros, behind it."""
    end = os.fstat(descriptor).st_size
    while end:
        end = _after_last_newline(descriptor, end)
        start = _after_last_newline(descriptor, end - 1) if end else 0
        try:
            _JSON.decode(os.pread(descriptor, end - start, start))
        except (msgspec.DecodeError, UnicodeDecodeError):
            end = start
            continue
        return end
    return 0


def _after_last_newline(descriptor: int, end: int) -> int:
    while end > 0:
        start = max(0, end - _CHUNK_BYTES)
        found = os.pread(descriptor, end - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


def _write_parquet(lines: Path, target: Path, earlier: Sequence[Path]) -> None:
    """Write the events of a file of JSON lines that no earlier segment holds, each once, and sync the file."""
    # Imported here, so that a process that only appends loads no data engine.
    import duckdb

    json_types = {"properties", "traits", "context"}
    kinds = ", ".join(f"{name}: '{'JSON' if name in json_types else kind}'" for name, kind in EVENT_COLUMNS)
    fields = ", ".join(f"{name}::{kind} AS {name}" for name, kind in EVENT_COLUMNS)
    source = f"read_json({_quoted(lines)}, format='newline_delimited', columns={{{kinds}}})"
    known = ", ".join(_quoted(path) for path in earlier)
    new = f"ANTI JOIN read_parquet([{known}]) USING (message_id)" if earlier else ""
    query = f"SELECT DISTINCT ON (message_id) {fields} FROM {source} {new} ORDER BY received_at, message_id"
    try:
        with duckdb.connect(config={"threads": 1}) as connection:
            connection.execute(f"COPY ({query}) TO {_quoted(target)} (FORMAT parquet, COMPRESSION zstd)")
    except duckdb.Error as error:
        raise EventLogError(
            f"The segment {lines} cannot be sealed: {error}. Move it away to go on without it."
        ) from error
    descriptor = os.open(target, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sweep(scratch: Path) -> None:
    """Remove the copies of this process's last call, and those of processes that are gone."""
    scratch.mkdir(parents=True, exist_ok=True)
    for path in scratch.iterdir():
        owner = path.name.split("-", 1)[0]
        if owner == str(os.getpid()) or not _is_alive(owner):
            path.unlink(missing_ok=True)


def _is_alive(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except PermissionError:
        return True  # It is another user's.
    except (ValueError, OverflowError, ProcessLookupError):
        return False
    return True


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
