"""How long a text is, as platforms count: characters, display width, bytes, and segments of a text message."""

import re
import unicodedata

from tailorbird.types.policy_pack import Limit

# 3GPP TS 23.038: the default alphabet, and what costs two septets because it is written with an escape.
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_ESCAPED = frozenset("^{}\\[~]|€\f")
_GSM_ALL = _GSM | _GSM_ESCAPED
_ONE_GSM, _MANY_GSM, _ONE_UCS2, _MANY_UCS2 = 160, 153, 70, 67
LINK = re.compile(r"https?://\S+|www\.\S+\.\S+", re.IGNORECASE)
NOUNS = {"chars": "characters", "width": "columns", "bytes": "bytes", "segments": "message segments"}


def display_width(text: str) -> int:
    """Columns: wide and full-width East Asian characters and emoji are two, combining and invisible ones none."""
    if text.isascii():
        return len(text)
    width = 0
    for character in text:
        if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Me"):
            continue
        width += 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return width


def sms_segments(text: str) -> int:
    """Segments of a text message: one character outside of GSM-7 makes all of it UCS-2.

    A character is never split, neither an escape of two septets nor a surrogate pair, so that segments may be short.
    """
    used = set(text)
    if used <= _GSM_ALL:
        double, one, many = used & _GSM_ESCAPED, _ONE_GSM, _MANY_GSM
    else:
        double, one, many = {character for character in used if ord(character) > 0xFFFF}, _ONE_UCS2, _MANY_UCS2
    if not double:
        return 1 if len(text) <= one else -(-len(text) // many)
    sizes = [2 if character in double else 1 for character in text]
    if sum(sizes) <= one:
        return 1
    segments, room = 1, many
    for size in sizes:
        if size > room:
            segments, room = segments + 1, many
        room -= size
    return segments


def measure(text: str, limit: Limit) -> int:
    """The length of a text (or line) in the limit's unit; links cost what the limit says."""
    cost = 0
    if limit.link_cost is not None:
        text, links = LINK.subn("", text)
        cost = links * limit.link_cost
    if limit.unit == "width":
        return cost + display_width(text)
    if limit.unit == "bytes":
        return cost + len(text.encode("utf-8", "surrogatepass"))
    return sms_segments(text) if limit.unit == "segments" else cost + len(text)
