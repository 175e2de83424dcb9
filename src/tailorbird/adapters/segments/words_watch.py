"""Watching the log for words on consent, and for what joins people, at the cost of a search for a few bytes."""

from pathlib import Path

from tailorbird.types.identity import IDENTITIES_MERGED, IDENTITIES_SPLIT

NEEDLES = (
    b"Consent Updated",
    b'"consents"',
    b'"identify"',
    b'"alias"',
    IDENTITIES_MERGED.encode(),
    IDENTITIES_SPLIT.encode(),
)
"""One of these stands in nearly every line that can change a consent. A name written in escapes is not found so, nor
is a login that only a purchase tells of: whoever watches looks now and then without being told."""

_CHUNK = 1 << 20


class WordsWatch:
    """Tells whether something was said since it was asked last. It reads bytes once, decodes nothing, takes no lock."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._places: dict[str, int] = {}
        self._sealed: frozenset[str] = frozenset()
        self._grew = False

    @property
    def grew(self) -> bool:
        """Whether the last question found anything new at all."""
        return self._grew

    def skip(self) -> None:
        """Take what is there for known, unread."""
        self._places = {path.name: _size(path) for path in self._root.glob("*.jsonl")}
        self._sealed = frozenset(path.name for path in self._root.glob("*.parquet"))

    def news(self) -> bool:
        """Whether something new may be a word, or join people. A new Parquet segment always may: an import made it."""
        said = self._grew = False
        places: dict[str, int] = {}
        for path in sorted(self._root.glob("*.jsonl")):
            before = self._places.get(path.name, 0)
            places[path.name], found = _search(path, before)
            said, self._grew = said or found, self._grew or places[path.name] > before
        self._places = places
        sealed = frozenset(path.name for path in self._root.glob("*.parquet"))
        new, self._sealed = sealed - self._sealed, sealed
        self._grew = self._grew or bool(new)
        return said or bool(new)


def _search(path: Path, start: int) -> tuple[int, bool]:
    """(where the whole lines end, whether a needle stands between `start` and there)."""
    place, found, rest = start, False, b""
    try:
        with path.open("rb") as file:
            file.seek(start)
            while chunk := file.read(_CHUNK):
                end = chunk.rfind(b"\n") + 1
                whole, rest = (rest + chunk[:end], chunk[end:]) if end else (b"", rest + chunk)
                place += len(whole)
                found = found or any(needle in whole for needle in NEEDLES)
    except FileNotFoundError:
        pass  # sealed meanwhile: its Parquet file is news
    return place, found


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
