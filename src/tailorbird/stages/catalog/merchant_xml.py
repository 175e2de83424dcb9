"""Google Merchant's XML (RSS 2.0 or Atom), read as it comes: a feed of any size fits, and none of XML's traps is set.

Declarations of entities, and with them "a billion laughs" and files from elsewhere, are refused at the first one.
"""

from collections.abc import Iterable, Iterator
from xml.parsers import expat

from tailorbird.stages.catalog.merchant import Fields, field_name
from tailorbird.types.errors import TailorbirdError

TEXT_CHARS_MAX = 100_000
FIELDS_MAX = 2_000
TOKEN_BYTES_MAX = 4 << 20
DEPTH_MAX = 30
_ITEMS = {"item", "entry"}


class FeedXmlError(TailorbirdError):
    """A feed that cannot be read to its end: nothing of it is used. Says the line."""


def read_merchant_xml(chunks: Iterable[bytes]) -> Iterator[tuple[int, Fields | str]]:
    """(line, fields) of each item or entry; of one that is too large, (line, '<field>\\x1f<reason>')."""
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: reader.start(name, attributes, parser.CurrentLineNumber)
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_doctype
    fed = 0
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            fed += len(chunk)
            if fed - max(parser.CurrentByteIndex, 0) > TOKEN_BYTES_MAX:
                raise FeedXmlError(f"line {parser.CurrentLineNumber}: one tag is longer than any real one; cut it out")
            yield from reader.take()
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise FeedXmlError(f"line {error.lineno}: not XML: {reason}; mend it there") from None
    yield from reader.take()
    if not reader.found:
        raise FeedXmlError("holds no <item> and no <entry>, so it is no product feed")


def _refuse_doctype(*_: object) -> None:
    raise FeedXmlError("declares a document type or an entity; a product feed needs none: take it out")


class _Reader:
    """Gathers one offer at a time from the parser's events."""

    def __init__(self) -> None:
        self.found = False
        self._done: list[tuple[int, Fields | str]] = []
        self._path: list[str] = []
        self._fields: dict[str, list[str]] | None = None
        self._line = self._base = self._chars = 0
        self._pieces: list[str] = []
        self._parts: list[str] = []
        self._fault = ""

    def take(self) -> list[tuple[int, Fields | str]]:
        """The offers that are complete by now."""
        done, self._done = self._done, []
        return done

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:
        local = field_name(name.rpartition(" ")[2])
        self._path.append(local)
        if len(self._path) > DEPTH_MAX:
            raise FeedXmlError(f"line {line}: nested deeper than {DEPTH_MAX} levels")
        if self._fields is None:
            if local in _ITEMS:
                self.found, self._fields, self._line, self._base = True, {}, line, len(self._path)
                self._fault = ""
            return
        self._pieces, self._chars = [], 0
        if len(self._path) == self._base + 1:
            self._parts = []
            if local == "link" and attributes.get("href") and attributes.get("rel", "alternate") == "alternate":
                self._add("link", attributes["href"])

    def text(self, data: str) -> None:
        if self._fields is None or len(self._path) <= self._base:
            return
        self._chars += len(data)
        if self._chars > TEXT_CHARS_MAX:
            self._fault = self._fault or f"{self._path[-1]}\x1fis longer than {TEXT_CHARS_MAX:,} characters"
        else:
            self._pieces.append(data)

    def end(self, name: str) -> None:
        local = self._path.pop()
        if self._fields is None:
            return
        depth = len(self._path) - self._base
        if depth < 0:
            self._done.append((self._line, self._fault or self._fields))
            self._fields = None
            return
        text = "".join(self._pieces).strip()
        self._pieces, self._chars = [], 0
        if depth == 0:
            self._add(local, text or ":".join(self._parts))
        elif text:
            self._parts.append(text)

    def _add(self, local: str, value: str) -> None:
        assert self._fields is not None
        if not value:
            return
        values = self._fields.setdefault(local, [])
        if sum(map(len, self._fields.values())) >= FIELDS_MAX:
            self._fault = self._fault or f"{local}\x1fis one of more than {FIELDS_MAX:,} fields"
        else:
            values.append(value)
