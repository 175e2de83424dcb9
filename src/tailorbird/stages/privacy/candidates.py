"""From candidates to what is personal: each thing that the pattern found is judged by its own rules."""

import re
from collections.abc import Callable, Iterator, Sequence
from ipaddress import ip_address

from tailorbird.stages.privacy.checksums import codice_fiscale_holds, dni_holds, hetu_holds, iban_length
from tailorbird.stages.privacy.numbers import find_numbers
from tailorbird.stages.privacy.patterns import (
    HANDLE,
    HOST,
    INSIDE_URL,
    LOCAL,
    LOCAL_CHARS,
    NUMBER,
    OPAQUE,
    SCAN,
    SECRET_PARAMETER,
    SPELLED,
)

Span = tuple[int, int, str]
"""Start, end and kind."""

_NOBODY = re.compile(
    r"(?:customers?|sir|madame?|all|every(?:one|body)|team|friends?|there|world|kund(?:in|inn?en|en|e)|damen|herren"
    r"|again|readers?|both|guests?|members?|you|it|monsieur|tou(?:s|tes)|amig[oa]s?|gardene?r?s?|shoppers?|folks"
    r"|neighbou?rs?|birds?|summer|spring|autumn|winter)\Z",
    re.I,
)
"""Whom a greeting may speak to without naming anybody."""
_WORD = re.compile(r"\w+")
_VERSION = re.compile(r"(?:\bv|version|ver\.?|release|firmware|build)[ .:]{0,2}\Z", re.I)


def find_candidates(text: str, regions: Sequence[str]) -> Iterator[Span]:
    """Everything personal in folded text, from left to right; a later span may hold an earlier one."""
    at = 0
    while match := SCAN.search(text, at):
        kind, start, at = str(match.lastgroup), match.start(), match.end()
        if kind == "number":
            yield from find_numbers(text, start, at, regions)
        elif kind == "url":
            yield from _web_address(text, start, at)
        else:
            found = _JUDGES[kind](match)
            if found is not None:
                yield found
                at = max(found[1], start + 1)
            elif run := NUMBER.match(text, start):
                yield from find_numbers(text, start, run.end(), regions)
                at = run.end()
            else:  # what was none may hold something that is: look again behind its first word
                word = _WORD.search(text, start, at)
                at = word.end() if word else at


def _mailbox(match: re.Match[str]) -> Span | None:
    """The address around an at sign, or the handle that begins there."""
    text, start = match.string, match.start()
    before = text[max(0, start - LOCAL_CHARS) : start]
    local, host = LOCAL.search(before), HOST.match(text, match.end())
    spelled = match[0].isalpha() and host is not None and not SPELLED.search(host[0])
    if local and host and not spelled:
        return start - len(before) + local.start(), host.end(), "email"
    handle = HANDLE.match(text, start)
    if handle and not (before[-1:].isalnum() or before[-1:] in ("_", ".")):
        return start, handle.end(), "handle"
    return None


def _web_address(text: str, start: int, end: int) -> Iterator[Span]:
    """The whole address where a part of it is secret; else what is personal in it."""
    address = text[start:end].rstrip(".,;:!?)]}")
    rest = address.partition("://")[2]
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if "@" in authority or "%40" in rest or SECRET_PARAMETER.search(address) or OPAQUE.search(rest):
        yield start, start + len(address), "url"
        return
    for match in INSIDE_URL.finditer(text, start, end):
        found = _mailbox(match)
        if found is not None:
            yield found


def _ip(match: re.Match[str]) -> Span | None:
    text, start, end = match.string, match.start(), match.end()
    try:
        ip_address(text[start:end])
    except ValueError:
        return None
    version = _VERSION.search(text[max(0, start - 12) : start])
    return None if version or text[start:end] == "::" else (start, end, "ip")


def _iban(match: re.Match[str]) -> Span | None:
    """An IBAN ends where its country says, whatever follows; behind the word 'IBAN' a mistyped one is one too."""
    text, start, end = match.string, match.start(), match.end()
    plain = [(n, c) for n, c in enumerate(text[start:end].upper()) if c not in " -"]
    size = iban_length("".join(c for _, c in plain))
    if size:
        return start, start + plain[size - 1][0] + 1, "iban"
    told = "iban" in text[max(0, start - 12) : start].lower()
    return (start, end, "iban") if told else None


def _code(match: re.Match[str]) -> Span | None:
    """Identity numbers with letters, by their check characters."""
    written = match[0]
    code = re.sub(r"[ -]", "", written)
    if len(code) == 16:  # IT
        held = codice_fiscale_holds(code)
    elif code[:2].isalpha():  # GB: a national insurance number has no check character
        held = True
    elif code[0] in "XYZ" and code[1:-1].isdigit():  # ES, of foreigners
        held = len(code) == 9 and dni_holds(str("XYZ".index(code[0])) + code[1:-1], code[-1])
    elif code[:-1].isdigit() and code[-1].isalpha() and len(code) == 9:  # ES
        held = dni_holds(code[:-1], code[-1])
    else:  # FI
        digits = re.sub(r"\D", "", written[:-1])
        held = len(digits) == 9 and hetu_holds(digits, written[-1])
    return (*match.span(), "national_id") if held else None


def _named(match: re.Match[str]) -> Span | None:
    """The name alone, without the words that told of it."""
    start, end = match.span(f"{match.lastgroup}_part")
    name = match.string[start:end].rstrip(" .")
    first = _WORD.search(name)
    if first is None or _NOBODY.match(first[0]):
        return None
    return start, start + len(name), "name"


def _part(kind: str) -> Callable[[re.Match[str]], Span | None]:
    """Only what the words tell of: that somebody has a passport may be said."""
    return lambda match: (*match.span(f"{match.lastgroup}_part"), kind)


def _place(match: re.Match[str]) -> Span | None:
    """What follows 'address:' to the end of its line, unless it is an address of another kind."""
    start, end = match.span("place_part")
    return None if "@" in match["place_part"] or "://" in match["place_part"] else (start, end, "address")


def _address(match: re.Match[str]) -> Span | None:
    return match.start(), match.start() + len(match[0].rstrip(" ,.\n")), "address"


_JUDGES: dict[str, Callable[[re.Match[str]], Span | None]] = {
    "email": _mailbox,
    "ip": _ip,
    "iban": _iban,
    "code": _code,
    "address": _address,
    "birth": _part("birth_date"),
    "document": _part("national_id"),
    "place": _place,
    **dict.fromkeys(("title", "greeting", "sign_off", "self"), _named),
}
