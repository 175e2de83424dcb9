"""What a person sees of an .eml file: subject, visible text, links, pixel, and the unsubscribe address."""

import html
import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage
from email.utils import parseaddr
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_INVISIBLE = re.compile(r"<!--.*?-->|<(head|style|script|title)\b.*?</\1>", re.S | re.I)
_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"[\s\u00a0\u00ad\u034f\u200b\u200c\u200d\ufeff]+")
_ANCHOR = re.compile(r"<a\b([^>]*)>(.*?)</a>", re.S | re.I)
_HREF = re.compile(r"""href\s*=\s*["']([^"']*)["']""", re.I)
_IMAGE = re.compile(r"""<img\b[^>]*?src\s*=\s*["']([^"']*)["']""", re.I)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|aria-hidden|font-size\s*:\s*0", re.I)
_headers = HeaderRegistry()


@lru_cache(maxsize=256)
def _header(name: str, value: str) -> Any:
    """A parsed header. The parser asks for each part's content type twenty times, and makes it anew each time."""
    return _headers(name, value)


_POLICY = policy.default.clone(header_factory=_header)


@dataclass(frozen=True, slots=True)
class ReadMail:
    """A message as it is read. `clicks`, `pixel` and `unsubscribe` are paths on the tracking server.

    `clicks` are the visible tracked links in reading order; `pixel` is None where the mail has none.
    """

    address: str
    subject: str
    text: str
    clicks: tuple[str, ...]
    pixel: str | None
    unsubscribe: str | None


def read_mail(path: Path) -> ReadMail:
    """Parse one .eml file with the standard library's parser and keep what is shown."""
    message = message_from_bytes(path.read_bytes(), policy=_POLICY)
    markup = _body(message, "html")
    shown = _INVISIBLE.sub(" ", markup)
    text = html.unescape(_TAG.sub(" ", shown)) if markup else _body(message, "plain")
    sources = [_path(html.unescape(source)) for source in _IMAGE.findall(markup)]
    listed = re.search(r"<(https?://[^>]+)>", str(message.get("List-Unsubscribe", "")))
    return ReadMail(
        address=parseaddr(str(message.get("To", "")))[1].lower(),
        subject=str(message.get("Subject", "")),
        text=_SPACE.sub(" ", text).strip(),
        clicks=_tracked_links(shown) if markup else _plain_links(text),
        pixel=next((source for source in sources if source.startswith("/o/")), None),
        unsubscribe=_path(listed[1]) if listed else None,
    )


def _tracked_links(markup: str) -> tuple[str, ...]:
    """Tracked links that a person can see: with text or an image, and not hidden."""
    found = []
    for attributes, inside in _ANCHOR.findall(markup):
        href = _HREF.search(attributes)
        seen = "<img" in inside.lower() or _TAG.sub("", inside).strip()
        if href and seen and not _HIDDEN.search(attributes):
            found.append(_path(html.unescape(href[1])))
    return tuple(path for path in found if path.startswith("/c/"))


def _plain_links(text: str) -> tuple[str, ...]:
    paths = [_path(url) for url in re.findall(r"https?://\S+", text)]
    return tuple(path for path in paths if path.startswith("/c/"))


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _path(url: str) -> str:
    """The path, so that mail written for one address of the server works at another (a free port)."""
    return urlsplit(url).path
