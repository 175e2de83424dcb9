"""Screening of what comes from outside: a text of the catalog, of a review, of a profile, before anything uses it.

Characters that nobody sees are taken out. A text that carries a link to elsewhere, mark-up, words in disguise, slurs or
an instruction to a model is refused whole: what is left of such a text is no fact either.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from tailorbird.stages.safety.credentials import find_credentials
from tailorbird.stages.safety.encoded import find_encoded
from tailorbird.stages.safety.hidden import hidden_message, strip_hidden
from tailorbird.stages.safety.instructions import find_instructions
from tailorbird.stages.safety.markup import REASONS, find_links, find_markup, leads_home
from tailorbird.stages.safety.output_scan import is_quiet
from tailorbird.stages.safety.profanity import find_profanity
from tailorbird.types.folded import fold

FieldKind = Literal["name", "fact"]
NAME_CHARS_MAX, FACT_CHARS_MAX = 200, 500
# A name is no speech: it does not ask, and it does not end as a sentence of several words does.
_SPEECH = re.compile(
    r"\?(?:\s|$)|(?:\S+\s+){4,}\S*[a-zß\"'][.!](?:\s|$)|(?:^|\s)(?:I|I'm|I'll|ich|wir)\s", re.MULTILINE
)
# A fact does not ask.
_QUESTION = re.compile(r"[^.!?]{0,200}[^\W\d_]\?(?:\s|$)")
_EVIDENCE_CHARS = 80
_PATH = re.compile(r"[\w][\w./-]{0,300}(?:\.[a-zA-Z0-9]{2,5})")
"""A picture of the project's own: a path below its folder."""


@dataclass(frozen=True, slots=True)
class Screened:
    """A text as it may be used: `hidden` characters were taken out of it. With a `reason` it may not be used at all.

    `type` is the kind of what was found ('instruction', 'foreign_link' …), `evidence` where.
    """

    text: str
    hidden: int = 0
    type: str = ""
    reason: str = ""
    evidence: str = ""

    @property
    def usable(self) -> bool:
        """Whether the text may be used."""
        return not self.reason


def screen_text(text: str, kind: FieldKind, hosts: Collection[str] = ()) -> Screened:
    """Screen one text. `hosts` are those that it may name, with all under them. Of several faults the first is told."""
    clean, hidden = strip_hidden(text)
    if hidden:
        said = hidden_message(text)
        if said and any(c.isalpha() for c in said):
            return Screened(clean, hidden, "hidden", "holds a message that nobody sees", said[:_EVIDENCE_CHARS])
    most = NAME_CHARS_MAX if kind == "name" else FACT_CHARS_MAX
    if len(clean) > most:
        reason = f"{len(clean):,} characters; a {kind} has at most {most}"
        return Screened(clean, hidden, "too_long", reason, clean[:_EVIDENCE_CHARS])
    if kind == "name" and (speech := _SPEECH.search(clean)):
        return Screened(clean, hidden, "speech", "reads as a sentence, not as a name", speech[0][:_EVIDENCE_CHARS])
    if kind == "fact" and (asked := _QUESTION.search(clean)):
        return Screened(clean, hidden, "speech", "asks, and states nothing", asked[0][-_EVIDENCE_CHARS:])
    if is_quiet(clean):
        return Screened(clean, hidden)
    found = _first_fault(clean, hosts)
    return Screened(clean, hidden, *found) if found else Screened(clean, hidden)


def _first_fault(text: str, hosts: Collection[str]) -> tuple[str, str, str] | None:
    """(type, reason, evidence) of the worst of its faults; None without any."""
    plain = fold(text).text
    for start, end in find_instructions(plain):
        return "instruction", "speaks to a model, not to a reader", plain[start:end][:_EVIDENCE_CHARS]
    for start, end, kind in find_markup(plain):
        return kind, REASONS[kind], plain[start:end][:_EVIDENCE_CHARS]
    for start, end, host in find_links(plain):
        if not leads_home(host, hosts):
            return "foreign_link", f"names {host}", plain[start:end][:_EVIDENCE_CHARS]
    for encoded in find_encoded(text):
        return "encoded", f"words in {encoded.scheme}", encoded.text[:_EVIDENCE_CHARS]
    for start, _, sure in find_credentials(text):
        if sure:
            return "secret", "holds a secret", text[start : start + 4] + "…"
    for start, end, strong in find_profanity(plain):
        if strong:
            return "profanity", "profanity or hate", plain[start:end]
    return None


def screen_address(url: str, hosts: Collection[str]) -> Screened:
    """Screen an item's own address or picture: a path of the project's, or http(s) to one of `hosts`."""
    clean, hidden = strip_hidden(url)
    try:
        parts = urlsplit(clean)
    except ValueError:
        return Screened(clean, hidden, "address", "is no address", clean[:_EVIDENCE_CHARS])
    if not parts.scheme and not parts.netloc and _PATH.fullmatch(clean):
        return Screened(clean, hidden)
    host = (parts.hostname or "").lower()
    if parts.scheme not in ("http", "https") or not host:
        return Screened(clean, hidden, "address", "is not an address of the web", clean[:_EVIDENCE_CHARS])
    if parts.username is not None or parts.password is not None:
        return Screened(clean, hidden, "address", "hides where it leads behind a user's name", clean[:_EVIDENCE_CHARS])
    if not leads_home(host, hosts):
        return Screened(clean, hidden, "foreign_link", f"leads to {host}", clean[:_EVIDENCE_CHARS])
    return Screened(clean, hidden)
