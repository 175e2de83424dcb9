"""The gallery's page: finished messages in one HTML file, each as a phone shows it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape
from pathlib import Path
from typing import Any

from tailorbird.web.gallery.inline import image_index, inline_html
from tailorbird.web.templates import page_templates

_HIDDEN = re.compile(r"<div[^>]*display:\s*none[^>]*>(.*?)</div>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_FILLER = re.compile(r"[\s\u034f\u200b-\u200f\u00ad\ufeff\u2007]+")

_PAGES = page_templates("tailorbird.web.gallery")


@dataclass(frozen=True, slots=True)
class GalleryNote:
    """What stands beside one message: why this person got it, each block's rung, the items shown, its trace id."""

    explanation: str = ""
    rungs: Mapping[str, str] = field(default_factory=dict)
    items: Sequence[str] = ()
    message_id: str = ""


def render_gallery(
    emls: Sequence[bytes],
    title: str,
    image_dir: Path | None = None,
    notes: Sequence[GalleryNote] = (),
    simulated: bool = False,
) -> str:
    """The whole page; `notes[i]` belongs to `emls[i]`. Nothing in it loads from a network or leads to one.

    Images are taken from under `image_dir` by file name; others stay blank. Bodies stand in sandboxed frames.
    """
    images = image_index(image_dir)
    blank = GalleryNote()
    cards = [_card(raw, notes[i] if i < len(notes) else blank, images) for i, raw in enumerate(emls)]
    return _PAGES.get_template("gallery.html.j2").render(cards=cards, title=title, simulated=simulated)


def _card(raw: bytes, note: GalleryNote, images: dict[str, Path]) -> dict[str, Any]:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    html, text = _part(message, "html"), _part(message, "plain")
    sender = message["From"]
    addresses = getattr(sender, "addresses", ())
    return {
        "sender": (addresses[0].display_name or str(addresses[0])) if addresses else str(sender or ""),
        "subject": str(message["Subject"] or "(no subject)"),
        "locale": str(message["Content-Language"] or ""),
        "preheader": preheader(html),
        "body": inline_html(html, images) if html else "",
        "text": text,
        "note": note,
    }


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""


def preheader(html: str) -> str:
    """The hidden preview text at the top of a mail's HTML; '' where there is none."""
    match = _HIDDEN.search(html)
    if not match:
        return ""
    return _FILLER.sub(" ", unescape(_TAG.sub("", match.group(1)))).strip()
