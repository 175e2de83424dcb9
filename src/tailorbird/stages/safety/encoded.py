"""Words in another coat: base64, hex, percent and character escapes, bits, ROT13, and text that runs backwards."""

import base64
import codecs
import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from tailorbird.stages.safety.instructions import speaks_to_a_model

_WORD = re.compile(r"[a-z]+")
_CHARS_MIN = 6
_WORDY = 0.5
_NUMBER = re.compile(r"\d{6,}\Z")
_COATS = (
    ("base64", re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/_-]{12,4000}={0,2}(?![\w+/=-])")),
    ("hex", re.compile(r"(?<![0-9A-Za-z])(?:(?:\\x|0x)?[0-9A-Fa-f]{2}[ :,]{0,2}){8,2000}(?![0-9A-Za-z])")),
    ("percent", re.compile(r"%[0-9A-Fa-f]{2}(?:[\w./:+-]{0,40}%[0-9A-Fa-f]{2}){2,}[\w./:+-]{0,40}")),
    ("entities", re.compile(r"&#[xX]?[0-9A-Fa-f]{1,6};(?:[\w ]{0,40}&#[xX]?[0-9A-Fa-f]{1,6};){2,}")),
    ("escapes", re.compile(r"(?:\\u\{?[0-9A-Fa-f]{4,6}\}?){4,}")),
    ("bits", re.compile(r"(?<![01])(?:[01]{8} ?){6,500}(?![01])")),
)
# Without a long word, an escape or a run of bytes, only a coat over the whole text is possible.
_HINT = re.compile(
    r"[A-Za-z0-9+/_-]{12}|%[0-9A-Fa-f]{2}|&#|\\[ux]|0x|[01]{8}|[0-9A-Fa-f]{2}[ :,]{1,2}[0-9A-Fa-f]{2}[ :,]"
)
# How words that instructions need look under ROT13 and backwards: only then is the whole text turned.
_ROTATED = tuple(
    codecs.encode(word, "rot13") for word in ("ignore", "instruction", "prompt", "system", "http", "www", "ignorier")
)
_REVERSED = tuple(
    word[::-1] for word in ("ignore", "instruction", "prompt", "system", "http", "www", "assistant", "example", "visit")
)
# Words that every English or German sentence has, turned: two of them, and the text is a sentence that was turned.
_PLAIN = (
    "the",
    "and",
    "you",
    "your",
    "that",
    "with",
    "this",
    "from",
    "every",
    "not",
    "und",
    "der",
    "das",
    "nicht",
    "ist",
)
_TURNED = {
    "rot13": frozenset(codecs.encode(word, "rot13") for word in _PLAIN) - {"the"},
    "backwards": frozenset(word[::-1] for word in _PLAIN) - {"dna", "red", "ton", "die"},
}
_TURNED_CUES = (*_ROTATED, *_REVERSED)
_LINK = re.compile(r"https?:|www\.|\b[a-z0-9-]{2,}\.(?:com|net|org|io|example|info|de)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Encoded:
    """A span of text that reads as `text` once its `scheme` is undone."""

    span: tuple[int, int]
    scheme: str
    text: str


def find_encoded(text: str) -> Iterator[Encoded]:
    """Every span that decodes to words. Numbers, article codes and hashes decode to none."""
    if _HINT.search(text):
        for scheme, pattern in _COATS:
            for match in pattern.finditer(text):
                decoded = _DECODERS[scheme](match[0])
                if decoded and _reads(decoded):
                    yield Encoded(match.span(), scheme, decoded)
    lowered = text.lower()
    for scheme, cues, turned in (
        ("rot13", _ROTATED, codecs.decode(lowered, "rot13")),
        ("backwards", _REVERSED, lowered[::-1]),
    ):
        sure = any(cue in lowered for cue in cues) and (speaks_to_a_model(turned) or _LINK.search(turned))
        if sure or len(_TURNED[scheme].intersection(_WORD.findall(lowered))) > 1:
            yield Encoded((0, len(text)), scheme, turned)


def may_be_turned(lowered: str, words: frozenset[str] | set[str]) -> bool:
    """Whether a text in lower case may be one in ROT13, or one that runs backwards."""
    for cue in _TURNED_CUES:
        if cue in lowered:
            return True
    return any(len(turned & words) > 1 for turned in _TURNED.values())


def _reads(text: str) -> bool:
    """Whether decoded text is something that a person or a model could read: letters mostly, in words."""
    if len(text) < _CHARS_MIN or not " ".join(text.split()).isprintable():
        return False
    wordy = sum(c.isalpha() or c == " " for c in text)
    return (wordy >= _WORDY * len(text) and bool(re.search(r"[A-Za-zÀ-ž]{3}", text))) or bool(_LINK.search(text))


def _utf8(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return ""


def _base64(token: str) -> str:
    bare = token.rstrip("=").replace("-", "+").replace("_", "/")
    # A word is no code: codes have signs of several kinds, or capitals in the middle.
    if len(bare) % 4 == 1 or not (re.search(r"[0-9+/]", bare) or re.search(r"[a-z][A-Z]", bare)):
        return ""
    try:
        return _utf8(base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True))
    except ValueError:
        return ""


def _hex(token: str) -> str:
    digits = re.sub(r"\\x|0x|[ :,]", "", token)
    return "" if len(digits) % 2 or _NUMBER.match(digits) else _utf8(bytes.fromhex(digits))


def _escapes(token: str) -> str:
    codes = (int(code, 16) for code in re.findall(r"\\u\{?([0-9A-Fa-f]{4,6})", token))
    return "".join(chr(code) for code in codes if code < 0x110000 and not 0xD800 <= code < 0xE000)


def _bits(token: str) -> str:
    return _utf8(bytes(int(octet, 2) for octet in re.findall(r"[01]{8}", token)))


_DECODERS: dict[str, Callable[[str], str]] = {
    "base64": _base64,
    "hex": _hex,
    "percent": unquote,
    "entities": html.unescape,
    "escapes": _escapes,
    "bits": _bits,
}
