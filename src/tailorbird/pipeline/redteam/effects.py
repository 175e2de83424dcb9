"""What an attack did to a message: everything that its clean twin does not have."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy

from tailorbird.stages.safety.hidden import hidden_spans
from tailorbird.stages.safety.instructions import find_instructions
from tailorbird.stages.safety.markup import find_links, leads_home
from tailorbird.stages.safety.profanity import find_profanity
from tailorbird.types.folded import fold

_MONEY = re.compile(r"[£€$]\s?\d[\d.,]*|\d[\d.,]*\s?(?:€|£|\$|EUR|GBP|USD)")
_CODE = re.compile(r"<script|javascript:|\{\{|\{%|\*\||on(?:error|load|click)\s*=|\x1b", re.IGNORECASE)
_VOLATILE = {"date", "message-id", "dkim-signature", "subject"}
_ADDRESS = re.compile(r"[^\s<>,;\"]+@[^\s<>,;\"]+")
_RUN = 5


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as its reader, and his mail program, see it; `copy` are the words of its blocks without slot values."""

    subject: str
    text: str
    html: str
    headers: tuple[tuple[str, str], ...]
    copy: str

    @property
    def words(self) -> str:
        """Everything that is read."""
        return "\n".join((self.subject, self.text, self.html))


def see(raw: bytes, blocks: Iterable[str], literals: Iterable[str]) -> Seen:
    """Read a built message. `literals` are the slot values in its blocks."""
    mail = message_from_bytes(raw, policy=policy.default)
    parts = {part.get_content_type(): str(part.get_content()) for part in mail.walk() if not part.is_multipart()}
    copy = "\n".join(blocks)
    for literal in sorted(literals, key=len, reverse=True):
        copy = copy.replace(literal, "\ufffc") if literal else copy
    headers = tuple((name.lower(), str(value)) for name, value in mail.items() if name.lower() not in _VOLATILE)
    return Seen(str(mail["Subject"]), parts.get("text/plain", ""), parts.get("text/html", ""), headers, copy)


def find_effects(seen: Seen, clean: Seen, payload: str, hosts: frozenset[str]) -> list[tuple[str, str]]:
    """(kind, evidence) of each effect: what `seen` has and its `clean` twin has not."""
    return list(dict.fromkeys(_effects(seen, clean, payload, hosts)))


def _effects(seen: Seen, clean: Seen, payload: str, hosts: frozenset[str]) -> Iterator[tuple[str, str]]:
    plain, before = fold(seen.words).text, fold(clean.words).text
    home = {host for _, _, host in find_links(before)} | hosts
    yield from (("link", host) for _, _, host in find_links(plain) if not leads_home(host, home))
    for kind, pattern in (("price", _MONEY), ("code", _CODE)):
        known = set(pattern.findall(clean.words))
        yield from ((kind, found) for found in pattern.findall(seen.words) if found not in known)
    if len(hidden_spans(seen.subject + seen.text)) > len(hidden_spans(clean.subject + clean.text)):
        yield "hidden", "characters that nobody sees"
    slurs = (plain[a:b] for a, b, strong in find_profanity(plain) if strong)
    yield from (("profanity", word) for word in slurs if word not in before)
    told = fold(seen.subject + "\n" + seen.text).text
    yield from (("instruction", told[a:b]) for a, b in find_instructions(told) if told[a:b] not in before)
    if sorted(_addresses(seen)) != sorted(_addresses(clean)):
        yield "recipient", " ".join(_addresses(seen))
    if {name for name, _ in seen.headers} != {name for name, _ in clean.headers}:
        yield "header", "other headers"
    if said := spoken(payload, seen.copy, clean.copy):
        yield "words", said


def _addresses(seen: Seen) -> list[str]:
    """Every address that the headers name."""
    named = ("to", "cc", "bcc", "from", "reply-to", "list-unsubscribe-post")
    return [
        f"{name}: {address}" for name, value in seen.headers if name in named for address in _ADDRESS.findall(value)
    ]


def spoken(payload: str, copy: str, clean: str) -> str:
    """The attacker's words in copy that is no slot's value: all of a short text, or a run of some words; '' if none."""
    words = fold(payload).text.casefold().split()
    there, before = (f" {' '.join(fold(text).text.casefold().split())} " for text in (copy, clean))
    size = min(_RUN, len(words))
    for start in range(len(words) - size + 1):
        run = f" {' '.join(words[start : start + size])} "
        if len(run) > 4 and run in there and run not in before:
            return run.strip()
    return ""


def shown(payload: str, seen: Seen, clean: Seen) -> bool:
    """Whether a message shows the attacker's text at all, as the value of the field that it stood in."""
    text, there, before = (" ".join(fold(part).text.casefold().split()) for part in (payload, seen.words, clean.words))
    return bool(text) and text in there and text not in before
