"""Sealing: finished segments of JSON lines become Parquet; growing ones are copied as far as they have come."""

import fcntl
import glob
import logging
import os
import time
from collections.abc import Sequence
from itertools import count
from pathlib import Path

from tailorbird.adapters.segments.soundness import check_parquet, read_error, sound_line
from tailorbird.adapters.segments.writer import log_error, sync_folder
from tailorbird.ports.event_log import EventLogError
from tailorbird.types.event import EVENT_COLUMNS

_LOGGER = logging.getLogger(__name__)
_sealers = count()
_COPY_LIFE_S = 3600
"""How long the copies that one log made are kept for readers while others of its process seal."""


class Scratch:
    """A folder for copies and unfinished files: each sealer of each process has names of its own there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = next(_sealers)

    def path(self, name: str) -> Path:
        """The file of this name that this sealer alone uses."""
        return self._folder / f"{os.getpid()}-{self._number}-{name}"

    def sweep(self) -> None:
        """Remove what this sealer made last, and what is left of processes that are gone or of sealers long ago."""
        self._folder.mkdir(parents=True, exist_ok=True)
        old = time.time() - _COPY_LIFE_S
        for path in self._folder.iterdir():
            process, number, *_ = [*path.name.split("-", 2), ""]
            ours = process == str(os.getpid()) and (number == str(self._number) or _modified(path) < old)
            if ours or not _is_alive(process):
                path.unlink(missing_ok=True)


def seal_folder(root: Path, scratch: Scratch) -> list[Path]:
    """Seal what nobody writes, copy into `scratch` what somebody does; every Parquet segment, oldest first.

    Damaged lines are moved to `damaged/`. EventLogError: a Parquet segment is damaged, or the disk fails.
    """
    copies = {}
    try:
        scratch.sweep()
        check_parquet(sorted(root.glob("*.parquet")))
        for path in sorted(root.glob("*.jsonl")):
            copy = _seal_or_copy(path, scratch)
            if copy is not None:
                copies[path.stem] = copy
        segments = {path.stem: path for path in root.glob("*.parquet")}
    except OSError as error:
        raise log_error(root, error) from error
    merged = {**copies, **segments}
    return [merged[stem] for stem in sorted(merged)]


def _seal_or_copy(path: Path, scratch: Scratch) -> Path | None:
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


def _seal(descriptor: int, path: Path, scratch: Scratch) -> None:
    target = path.with_suffix(".parquet")
    # Where both exist, a crash came after the rename: the Parquet file is whole.
    if not target.exists():
        lines = scratch.path(f"{path.stem}.jsonl")
        kept, damage = _sort_lines(descriptor, lines)
        if damage:
            _move_aside(path, damage)
        if kept:
            unfinished = scratch.path(f"{path.stem}.sealing")
            _write_parquet(lines, unfinished, path)
            unfinished.rename(target)
            sync_folder(path.parent)
        lines.unlink()
    path.unlink()


def _copy(descriptor: int, path: Path, scratch: Scratch) -> Path | None:
    lines = scratch.path(f"{path.stem}.jsonl")
    kept, _ = _sort_lines(descriptor, lines)  # Damage stays where it is as long as somebody writes there.
    copy = lines.with_suffix(".parquet")
    if kept:
        _write_parquet(lines, copy, path)
    lines.unlink()
    return copy if kept else None


def _sort_lines(descriptor: int, target: Path) -> tuple[int, list[bytes]]:
    """Copy the lines that hold events to `target`; how many, and the damaged lines.

    A last line without its end is neither: a write that a crash cut short left it, and nobody was told that it counts.
    """
    kept, damage = 0, []
    with os.fdopen(os.dup(descriptor), "rb") as source, target.open("wb") as file:
        source.seek(0)
        for line in source:
            if not line.endswith(b"\n"):
                break
            if len(line) > 1 and not line.strip(b" \n"):
                continue  # What was here is erased.
            if (sound := sound_line(line)) is None:
                damage.append(line)
            else:
                file.write(sound)
                kept += 1
    return kept, damage


def _move_aside(path: Path, damage: Sequence[bytes]) -> None:
    """Keep damaged lines in `damaged/`, under the segment's name, and say so."""
    folder = path.parent / "damaged"
    folder.mkdir(exist_ok=True)
    with (folder / path.name).open("wb") as file:
        file.writelines(damage)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(folder)
    _LOGGER.warning("%d damaged lines of %s were moved to %s", len(damage), path.name, folder / path.name)


def _write_parquet(lines: Path, target: Path, segment: Path) -> None:
    """Write the events of `lines` (what counts of `segment`) that no Parquet segment holds, each once; sync it."""
    # Imported here, so that a process that only appends loads no data engine.
    import duckdb

    json_types = {"properties", "traits", "context"}
    kinds = ", ".join(f"{name}: '{'JSON' if name in json_types else kind}'" for name, kind in EVENT_COLUMNS)
    fields = ", ".join(f"{name}::{kind} AS {name}" for name, kind in EVENT_COLUMNS)
    source = f"read_json({_pattern(lines)}, format='newline_delimited', columns={{{kinds}}})"
    earlier = sorted(segment.parent.glob("*.parquet"))
    known = ", ".join(_pattern(path) for path in earlier)
    new = f"ANTI JOIN read_parquet([{known}]) USING (message_id)" if earlier else ""
    query = f"SELECT DISTINCT ON (message_id) {fields} FROM {source} {new} ORDER BY received_at, message_id"
    try:
        with duckdb.connect(config={"threads": 1}) as connection:
            connection.execute(f"COPY ({query}) TO {_quoted(target)} (FORMAT parquet, COMPRESSION zstd)")
    except duckdb.Error as error:
        raise read_error(earlier) or EventLogError(
            f"The segment {segment.name} cannot be sealed: {error}. If there is space on the disk, move it out of "
            f"{segment.parent} to go on without it."
        ) from error
    descriptor = os.open(target, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


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


def _pattern(path: Path) -> str:
    """The path for a reader, which would expand `[1]` in a folder's name."""
    return "'" + glob.escape(str(path)).replace("'", "''") + "'"
