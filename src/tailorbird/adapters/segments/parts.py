"""Parts: what is derived of the segments and kept in folders beside them, a large one and small ones of later events.

Each is made of whole segments and names them as they were. A new part takes in the ones before it that are not much
larger, so that there are few, and each event is written a few times in all.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import msgspec

FOLDER, LOCK = "columns", ".columns.lock"
SEGMENTS = "segments.json"
_numbers = count()

Fingerprint = tuple[str, int, int, int]
Make = Callable[[Path, Sequence[Path], Sequence[Path]], bool]
"""Makes a part in a new folder, of segments, after the parts before it. False: these hold one of its events."""


class _Index(msgspec.Struct):
    """Which folders are parts, in order, and of which signature."""

    signature: str
    parts: list[str]


class Parts:
    """The parts of one kind beside a log's segments. Whoever opens them holds the lock of `columns_lock`."""

    def __init__(self, root: Path, name: str) -> None:
        """`root` is the log's folder."""
        self._root, self._folder = root, root / FOLDER / name
        self._passing = f"passing-{os.getpid()}-{next(_numbers)}"

    def open(self, segments: Sequence[Path], signature: str, make: Make) -> list[Path]:
        """The folders of the parts of these segments, oldest first, made where they are missing.

        Segments that are still being written come as copies: their part comes last, and stays until the next call.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        self._sweep()
        lasting = [path for path in segments if path.parent == self._root]
        passing = [path for path in segments if path.parent != self._root]
        kept = self._sound(lasting, signature)
        known = {name for part in kept for name, *_ in _segments(part)}
        fresh = [path for path in lasting if path.name not in known]
        if fresh:
            kept = self._extend(kept, lasting, fresh, make)
            self._keep(signature, kept)
        if passing:
            folder = self._folder / self._passing
            if not _made(make, folder, passing, kept):
                _made(make, folder, segments, [])
                return [folder]
            return [*kept, folder]
        return kept

    def drop(self) -> None:
        """Forget all parts. OSError: one stays."""
        _remove(self._folder)

    def _extend(self, kept: list[Path], lasting: list[Path], fresh: list[Path], make: Make) -> list[Path]:
        """The parts with one more, of the fresh segments and of the last parts that are hardly larger."""
        size = sum(path.stat().st_size for path in fresh)
        taken = {path.name for path in fresh}
        kept = list(kept)
        while kept and (before := sum(bytes_ for _, bytes_, *_ in _segments(kept[-1]))) <= 2 * size:
            taken |= {name for name, *_ in _segments(kept.pop())}
            size += before
        folder = self._folder / f"{_number(self._folder):06d}-{os.getpid()}-{next(_numbers)}"
        if not _made(make, folder, [path for path in lasting if path.name in taken], kept):
            _made(make, folder, lasting, [])
            return [folder]
        return [*kept, folder]

    def _sound(self, lasting: Sequence[Path], signature: str) -> list[Path]:
        """The leading parts that are of this signature and whose segments are as they were."""
        try:
            index = msgspec.json.decode((self._folder / "index.json").read_bytes(), type=_Index)
        except (FileNotFoundError, msgspec.DecodeError):
            return []
        now = {_fingerprint(path) for path in lasting}
        sound: list[Path] = []
        for name in index.parts if index.signature == signature else ():
            part = self._folder / name
            if not (part / SEGMENTS).exists() or not now.issuperset(_segments(part)):
                break
            sound.append(part)
        return sound

    def _keep(self, signature: str, parts: Sequence[Path]) -> None:
        """These are the parts from now on; the others go."""
        index = _Index(signature, [part.name for part in parts])
        unfinished = self._folder / "index.unfinished"
        unfinished.write_bytes(msgspec.json.encode(index))
        unfinished.rename(self._folder / "index.json")
        for path in self._folder.iterdir():
            if path.is_dir() and path.name not in index.parts and not path.name.startswith("passing-"):
                _remove(path)

    def _sweep(self) -> None:
        """Remove the passing part that was made here before, and those of processes that are gone."""
        for path in self._folder.glob("passing-*"):
            if path.name == self._passing or not _is_alive(int(path.name.split("-")[1])):
                _remove(path)


@contextmanager
def columns_lock(root: Path) -> Iterator[None]:
    """Held while parts are made and opened, and while segments are written anew: neither sees the other half done."""
    descriptor = os.open(root / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def drop_columns(root: Path) -> None:
    """Remove all parts of a log, of every kind; the lock is held. They are made again when somebody asks.

    OSError: something stays, so that nobody who erases a person believes it gone.
    """
    _remove(root / FOLDER)


def _remove(folder: Path) -> None:
    """Remove a folder with all it holds, also while somebody else removes it."""
    while os.path.lexists(folder):
        with suppress(FileNotFoundError):
            shutil.rmtree(folder)


def _made(make: Make, folder: Path, segments: Sequence[Path], earlier: Sequence[Path]) -> bool:
    """Make a part whose last file says of what; False, with nothing left, if an earlier one holds one of its events."""
    _remove(folder)
    folder.mkdir()
    if not make(folder, segments, earlier):
        shutil.rmtree(folder)
        return False
    (folder / SEGMENTS).write_bytes(msgspec.json.encode([_fingerprint(path) for path in segments]))
    return True


def _segments(part: Path) -> list[Fingerprint]:
    return msgspec.json.decode((part / SEGMENTS).read_bytes(), type=list[Fingerprint])


def _fingerprint(path: Path) -> Fingerprint:
    """Name, size, time and inode: they change when a segment is written anew."""
    stat = path.stat()
    return path.name, stat.st_size, stat.st_mtime_ns, stat.st_ino


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True  # It is another user's.
    return True


def _number(folder: Path) -> int:
    taken = [int(path.name.split("-")[0]) for path in folder.iterdir() if path.name[:6].isdigit()]
    return max(taken, default=0) + 1
