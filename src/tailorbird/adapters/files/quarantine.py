"""The quarantine as a folder of JSON lines: one file for what is added row by row, one per imported file."""

import errno
import fcntl
import os
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from tailorbird.ports.quarantine import QuarantineError
from tailorbird.types.quarantined import Quarantined

_ADDED = "refused"
_NAME = re.compile(r"[\w.-]{1,200}")
# Not every system has the cheaper one.
_sync = getattr(os, "fdatasync", os.fsync)


class FolderQuarantine:
    """`Quarantine` in a folder. Any number of processes and threads may use it at once.

    A file is written under its own lock, and rewritten only as a whole under another name that takes its place. A
    line that a crash left torn, or that somebody damaged, is no row; it stays where it is.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._encoder = msgspec.json.Encoder()
        self._decoder = msgspec.json.Decoder(Quarantined)

    def add(self, rows: Sequence[Quarantined]) -> None:
        """Append rows with one write and one sync. QuarantineError: none of them counts."""
        if not rows:
            return
        lines = self._encoder.encode_lines(rows)
        with self._told(), _locked(self._path(_ADDED), make=True) as file:
            end = os.fstat(file).st_size
            # A torn line of somebody who died must not swallow the first of ours.
            torn = end > 0 and os.pread(file, 1, end - 1) != b"\n"
            try:
                _write(file, b"\n" + lines if torn else lines)
                _sync(file)
            except OSError:
                with suppress(OSError):  # what stays is whole lines and a torn one
                    os.ftruncate(file, end)
                raise

    def adopt(self, name: str, file: Path | None) -> Path | None:
        """Take over a file as the rows of `name`, by an atomic rename; None removes them."""
        path = self._path(name)
        if file is None and not path.exists():
            return None
        with self._told(), _locked(path, make=True):
            if file is None:
                path.unlink(missing_ok=True)
            else:
                file.rename(path)
            _sync_folder(self._root)
        return path if file else None

    def rows(self, source: str = "") -> Iterator[Quarantined]:
        """Every row, or those of a source; of several with one id the last one, and that of an adopted file first."""
        given: set[str] = set()
        for path in self._files():
            found: dict[str, Quarantined] = {}
            for line in self._lines(path):
                row = self._row(line)
                if row is not None and source in ("", row.source) and row.id not in given:
                    found[row.id] = row
            yield from found.values()
            given.update(found)

    def remove(self, ids: Collection[str]) -> int:
        """Rewrite every file that has one of the rows; how many rows went."""
        wanted = frozenset(ids)
        return sum(self._rewrite(path, wanted) for path in self._files()) if wanted else 0

    def _rewrite(self, path: Path, unwanted: frozenset[str]) -> int:
        with self._told(), _locked(path, make=False) as file:
            if file < 0:
                return 0
            gone: set[str] = set()
            for leftover in self._root.glob(f"{path.stem}.*.part"):
                leftover.unlink()  # of somebody who died under this lock
            temporary = path.with_suffix(f".{os.getpid()}.part")
            with temporary.open("wb") as kept:
                for line in self._lines(path):
                    row = self._row(line)
                    if row is not None and row.id in unwanted:
                        gone.add(row.id)
                    else:
                        kept.write(line)
                kept.flush()
                os.fsync(kept.fileno())
                left = kept.tell()
            if not gone:
                temporary.unlink()
            elif left:
                temporary.rename(path)
            else:
                temporary.unlink()
                path.unlink()
            _sync_folder(self._root)
            return len(gone)

    def _row(self, line: bytes) -> Quarantined | None:
        try:
            return self._decoder.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return None

    def _lines(self, path: Path) -> Iterator[bytes]:
        with self._told():
            try:
                with path.open("rb") as file:
                    yield from file
            except FileNotFoundError:
                return

    def _files(self) -> list[Path]:
        with self._told():
            return sorted(self._root.glob("*.jsonl"), key=lambda path: (path.stem == _ADDED, path.stem))

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise QuarantineError(f"{name[:80]!r} is no name of a file in quarantine: letters, digits, . _ - only")
        return self._root / f"{name}.jsonl"

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            mend = "free some space" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "see to its rights and disk"
            problem = f"The quarantine at {self._root} cannot be used ({error.strerror})"
            raise QuarantineError(f"{problem}: {mend}, then do it again.") from error


@contextmanager
def _locked(path: Path, make: bool) -> Iterator[int]:
    """A descriptor of the file that is there now, locked; -1 if there is none and none is to be made."""
    if make:
        path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        try:
            file = os.open(path, os.O_RDWR | os.O_APPEND | (os.O_CREAT if make else 0), 0o644)
        except FileNotFoundError:
            yield -1
            return
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            if _is_there(path, file):  # else somebody has rewritten it while we waited
                yield file
                return
        finally:
            os.close(file)


def _is_there(path: Path, file: int) -> bool:
    try:
        return path.stat().st_ino == os.fstat(file).st_ino
    except FileNotFoundError:
        return False


def _write(file: int, content: bytes) -> None:
    written = os.write(file, content)
    while written < len(content):
        written += os.write(file, content[written:])


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
