"""Make a mail safe to show in a saved page: nothing runs, nothing loads, nothing can be clicked by accident.

Following a link of a delivered message would count as that person's click, and loading its pixel as an open; so links
lose their targets and images become data or nothing.
"""

import base64
import mimetypes
import re
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

IMAGE_BYTES_MAX = 3_000_000
BLANK = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"

_DROPPED = {"script", "link", "base", "iframe", "object", "embed", "frame", "frameset", "applet", "noscript", "svg"}
_VOID = {"link", "base", "embed", "frame"}
_LOADING = {"srcset", "background", "poster", "ping", "action", "formaction", "data", "xlink:href", "href", "xmlns"}
_IMPORT = re.compile(r"@import\b[^;]*(;|$)", re.IGNORECASE)
_URL = re.compile(r"url\(\s*['\"]?\s*(?!data:)[^)]*\)", re.IGNORECASE)


def image_index(folder: Path | None) -> dict[str, Path]:
    """Every image under a folder by its file name; empty for no folder. Of two with one name, the first in order."""
    if folder is None or not folder.is_dir():
        return {}
    index: dict[str, Path] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and (mimetypes.guess_type(path.name)[0] or "").startswith("image/"):
            index.setdefault(path.name, path)
    return index


def inline_html(html: str, images: dict[str, Path]) -> str:
    """The HTML with images from `images` inlined by file name, and every other reference to the outside removed."""
    rewriter = _Rewriter(images)
    rewriter.feed(html)
    rewriter.close()
    return "".join(rewriter.out)


def data_uri(path: Path) -> str:
    """A file as a data URI; a blank pixel where it is too large to inline."""
    if path.stat().st_size > IMAGE_BYTES_MAX:
        return BLANK
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"


def _still(css: str) -> str:
    return _URL.sub("none", _IMPORT.sub("", css))


class _Rewriter(HTMLParser):
    """Re-emits what may stay. Comments, among them the conditional ones for old Outlook, are dropped."""

    def __init__(self, images: dict[str, Path]) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self._images = images
        self._skipping: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DROPPED:
            if tag not in _VOID:
                self._skipping.append(tag)
            return
        if self._skipping or (tag == "meta" and any(name == "http-equiv" for name, _ in attrs)):
            return
        self._in_style = tag == "style"
        kept = [self._attribute(tag, name, value or "") for name, value in attrs]
        self.out.append(f"<{tag}{''.join(kept)}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _DROPPED:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._skipping:
            if tag == self._skipping[-1]:
                self._skipping.pop()
            return
        self._in_style = False
        if tag not in _DROPPED:
            self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self.out.append(_still(data) if self._in_style else data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self.out.append("<!doctype html>")

    def _attribute(self, tag: str, name: str, value: str) -> str:
        if name.startswith(("on", "xmlns")) or name in _LOADING:
            return ""
        if name == "src":
            if tag != "img":
                return ""
            value = value if value.startswith("data:image/") else self._image(value)
        elif name == "style":
            value = _still(value)
        return f' {name}="{escape(value)}"'

    def _image(self, url: str) -> str:
        try:
            name = unquote(urlsplit(url).path).rsplit("/", 1)[-1]
        except ValueError:
            return BLANK
        path = self._images.get(name)
        return data_uri(path) if path else BLANK
