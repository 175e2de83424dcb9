"""The scan of what is about to go out: links, mark-up, hidden characters, secrets, profanity, echoed instructions.

Most texts hold nothing that could be any of these, which one look shows; only the others are searched.
"""

import re
from collections.abc import Collection, Iterable, Iterator

from tailorbird.stages.safety.credentials import find_credentials
from tailorbird.stages.safety.encoded import find_encoded, may_be_turned
from tailorbird.stages.safety.hidden import hidden_message, hidden_spans
from tailorbird.stages.safety.instructions import find_instructions, may_instruct
from tailorbird.stages.safety.markup import REASONS, find_links, find_markup, leads_home
from tailorbird.stages.safety.profanity import find_profanity, may_offend
from tailorbird.types.candidate import Candidate
from tailorbird.types.fact import Facts
from tailorbird.types.folded import fold, mixed_script
from tailorbird.types.verdict import Finding, Severity

NAME = "safety"
# Signs that plain copy does not need; dots, colons and strokes inside words; digits between letters; bytes in hex;
# letters with hyphens between them. Every part begins with a sign that is rare, so that the search is quick.
_ODD = re.compile(
    r"[^\w .,;:!?()'\"’‘“”„«»–—…£€%&+°×½¼¾/\n-]|_|[.:/,](?<=[a-z0-9].)[a-z]|//|%(?:[0-9a-f]{2}|\w+%)|&#"
    r"|[0-9](?:(?<=[a-z].)[0-9]*[a-z]|[a-z]{2,}[0-9]|[0-9a-f] [0-9a-f]{2} [0-9a-f]{2} )|-(?<=[^\w][a-z]-)[a-z]-"
)
_ODD_LETTER = re.compile("[^\x20-\x7e\n\u00a1-\u00ac\u00ae-\u024f\u2010-\u2027\u2030-\u203a\u20ac]")
_PUNCTUATION = ".,;:!?()'\"’‘“”„«»…"
_NAMED_SECRET = frozenset((
    "password", "passwd", "passphrase", "passcode", "pass", "pwd", "secret", "key", "token", "bearer", "passwort",
    "kennwort", "geheimnis", "zugangscode",
))  # fmt: skip
_CAMEL = re.compile("[a-z][A-Z]")
_APART = re.compile(r"(?<!\w)[a-z](?:[ .-]{1,2}[a-z]){2}(?!\w)")
_LETTERS = frozenset("bcdefghjklmnopqrstuvwxyz")
_LONG = 12
_SHOWN_CHARS = 80


def scan_output(text: str, hosts: Collection[str] = ()) -> list[Finding]:
    """What a text must not carry to its reader. `hosts` are those that links may lead to, with all under them.

    Everything found is an error, but for mild profanity, an opaque word that may be a secret, and bytes that nobody
    can read: these are for a person.
    """
    if is_quiet(text):
        return []
    return list(_findings(text, hosts))


def is_quiet(text: str) -> bool:
    """Whether nothing in the text could be any fault; never true where `_findings` has one."""
    lowered = text.lower()
    if not text.isascii():
        if _ODD_LETTER.search(text):
            return False
        # Four searches are quicker than one translation.
        lowered = lowered.replace("ä", "a").replace("ö", "o").replace("ü", "u").replace("ß", "ss")
    if _ODD.search(lowered) or " dot " in lowered:
        return False
    for word in text.split():
        if len(word) >= _LONG and not (word.islower() or word.istitle()) and not _is_plain(word):
            return False
    listed = lowered.replace("-", " ").replace("'", " ").replace("’", " ").split()
    words = {word if word.isalnum() else word.strip(_PUNCTUATION) for word in listed}
    if not _LETTERS.isdisjoint(words) and _APART.search(lowered):
        return False
    if not _NAMED_SECRET.isdisjoint(words) or may_be_turned(lowered, words):
        return False
    return not (may_offend(lowered, words) or may_instruct(lowered, words))


def _is_plain(word: str) -> bool:
    """A long word of letters alone, in capitals or with one first: no code is that."""
    return word.strip(_PUNCTUATION).isalpha() and not _CAMEL.search(word)


def _findings(text: str, hosts: Collection[str]) -> Iterator[Finding]:
    for start, end in hidden_spans(text):
        said = hidden_message(text[start:end])
        codes = " ".join(f"U+{ord(c):04X}" for c in text[start : min(end, start + 4)])
        yield _found("error", (start, end), "hidden", "characters that nobody sees", said or codes, "")
    for span in mixed_script(text):
        yield _found("error", span, "mixed_script", "letters of two scripts in one word", text[slice(*span)])
    folded = fold(text)
    plain = folded.text
    for start, end, kind in find_markup(plain):
        span = folded.original(start, end)
        yield _found("error", span, kind, REASONS[kind], text[slice(*span)])
    for start, end, host in find_links(plain):
        if not leads_home(host, hosts):
            span = folded.original(start, end)
            yield _found(
                "error", span, "foreign_link", f"leads to {host}, which is not the sender's", text[slice(*span)]
            )
    for start, end in find_instructions(plain):
        span = folded.original(start, end)
        yield _found("error", span, "instruction", "speaks to a model, not to a reader", text[slice(*span)])
    for found in find_encoded(text):
        yield _found("error", found.span, "encoded", f"words in {found.scheme}", found.text)
    for start, end, sure in find_credentials(text):
        severity: Severity = "error" if sure else "warning"
        reason = "a secret" if sure else "looks as random as a secret"
        yield _found(severity, (start, end), "secret", reason, text[start : start + 4] + "…")
    for start, end, strong in find_profanity(plain):
        span = folded.original(start, end)
        severity = "error" if strong else "warning"
        reason = "profanity or hate" if strong else "some readers mind this word"
        yield _found(severity, span, "profanity", reason, text[slice(*span)])


def _found(
    severity: Severity, span: tuple[int, int], kind: str, reason: str, evidence: str, repair: str | None = None
) -> Finding:
    return Finding(NAME, severity, span, kind, reason, evidence[:_SHOWN_CHARS], repair)


class SafetyCheck:
    """The output scan as a check, in every language; its word lists are English and German. `hosts` are the project's,
    beside those of the policy."""

    name = NAME
    languages: frozenset[str] = frozenset()

    def __init__(self, hosts: frozenset[str] = frozenset()) -> None:
        self._hosts = hosts

    def check(self, candidate: Candidate) -> Iterable[Finding]:
        """What `scan_output` finds, with the hosts of the project and the policy; what is called like a host, and is so
        in the facts, leads nowhere."""
        found = scan_output(candidate.text, self._hosts | candidate.policy.hosts)
        if not any(one.type == "foreign_link" for one in found):
            return found
        stated = "\n".join(_stated(candidate.facts)).casefold()
        return [one for one in found if one.type != "foreign_link" or not _is_name(one.evidence, stated)]


def _stated(facts: Facts) -> Iterator[str]:
    for subject in facts.subjects:
        yield from subject.names
        yield from (fact.value for fact in subject.facts if isinstance(fact.value, str))


def _is_name(words: str, stated: str) -> bool:
    """Whether words are a bare host that the facts hold as a word of their own."""
    plain = words.casefold()
    return "/" not in plain and re.search(rf"(?<![\w.@/-]){re.escape(plain)}(?![\w/])", stated) is not None
