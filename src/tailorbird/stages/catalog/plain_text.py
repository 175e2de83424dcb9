"""Product texts from outside as plain text: no markup, no script, no invisible characters."""

import re
import unicodedata
from html.parser import HTMLParser

HTML_CHARS_MAX = 200_000
_BREAKS = {"p", "br", "div", "li", "ul", "ol", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "table", "td", "section"}
_HIDDEN = {"script", "style", "template", "noscript", "iframe", "object", "svg", "title", "head"}
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[ \n]*")


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in _HIDDEN
        if tag in _BREAKS:
            self.parts.append("\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        if tag in _BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def html_to_text(html: str) -> str:
    """The words of a piece of HTML, a line per block. What stands in scripts and styles is no text."""
    if "<" not in html and "&" not in html:
        return clean(html)
    parser = _Text()
    parser.feed(html[:HTML_CHARS_MAX])
    parser.close()
    return clean("".join(parser.parts))


def clean(text: str) -> str:
    """Composed characters, single spaces, no control or invisible characters; line breaks stay."""
    composed = unicodedata.normalize("NFC", text)
    if not composed.isascii() or not composed.isprintable():
        composed = "".join(
            c if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co") else " " if c in "\t\r" else ""
            for c in composed
        )
    return _LINES.sub("\n", _SPACES.sub(" ", composed)).strip()
