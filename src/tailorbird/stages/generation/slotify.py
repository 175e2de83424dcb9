"""From a line about one real item to slot form: literals become slots, anything fact-like that is left is invented."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tailorbird.types.slot_text import SlotText
from tailorbird.types.verdict import Finding

_NAMES = {"item.name", "item.short_name"}
_FIGURE = re.compile(r"[^\s{}]*\d[^\s{}]*|[%‰€£$¥]")
# No-break spaces, as prices and quantities are written with, read as spaces.
_SPACES = str.maketrans("\u00a0\u202f\u2007\u2009", "    ")
_COUNTS = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|twice|percent|"
    r"zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|dutzend|hundert|tausend|zweimal|prozent|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|"
    r"january|february|april|june|july|august|september|october|november|december|"
    r"januar|februar|märz|juni|juli|oktober|dezember|today|tomorrow|tonight|heute|weekend|wochenende)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class SlotifyResult:
    """Slot-form text and what is wrong with it; spans are offsets into `str(text)`. No findings: nothing invented."""

    text: SlotText
    findings: tuple[Finding, ...] = ()


def slotify(text: str, literals: Mapping[str, str], foreign: Iterable[str] = ()) -> SlotifyResult:
    """Turn `text`, written about one item, into slot form. `literals` maps slot name to the value the writer saw.

    The longest literal goes first. A literal must match in its own case and as whole words; one that two facts share
    (colour and scent both 'honey') is a finding, for nobody knows which of them was meant; of an item's two names the
    first wins. Figures, number words and dates that are left are inventions; so is a literal of an exemplar
    (`foreign`), and a sign before a price. Braces in the text are refused, since they would read as slots.
    """
    text = text.translate(_SPACES)
    literals = {slot: literal.translate(_SPACES) for slot, literal in literals.items()}
    if "{" in text or "}" in text:
        where = next(i for i, c in enumerate(text) if c in "{}")
        plain = text.replace("{", "(").replace("}", ")")
        return SlotifyResult(SlotText((plain,), ()), (_found((where, where + 1), "braces", "no slot syntax", text),))
    parts: list[tuple[str, str]] = [("words", text)]
    for slot, literal in sorted(literals.items(), key=lambda pair: -len(pair[1])):
        if literal:
            pattern = re.compile(rf"(?<![\w+–−-]){re.escape(literal)}(?![\w-])")
            parts = [piece for part in parts for piece in _split(part, pattern, slot)]
    words: list[str] = [""]
    slots: list[str] = []
    for kind, value in parts:
        if kind == "words":
            words[-1] += value
        else:
            slots.append(value)
            words.append("")
    result = SlotText(tuple(words), tuple(slots))
    return SlotifyResult(result, (*_inventions(result, literals, foreign), *_ambiguous(result, literals)))


def _ambiguous(text: SlotText, literals: Mapping[str, str]) -> Iterator[Finding]:
    """Literals that more than one fact has, where they became a slot."""
    _, spans = text.stitch_spans({name: f"{{{{ {name} }}}}" for name in text.slots})
    for start, end, name in spans:
        twins = [other for other, literal in literals.items() if literal == literals[name] and other != name]
        if any({name, other} != _NAMES for other in twins):
            reason = f"may be {name} or {twins[0]}: both are '{literals[name]}'"
            yield _found((start, end), "ambiguous_literal", reason, literals[name])


def _split(part: tuple[str, str], pattern: re.Pattern[str], slot: str) -> list[tuple[str, str]]:
    kind, value = part
    if kind != "words":
        return [part]
    pieces: list[tuple[str, str]] = []
    for i, words in enumerate(pattern.split(value)):
        if i:
            pieces.append(("slot", slot))
        pieces.append(("words", words))
    return pieces


def _inventions(text: SlotText, literals: Mapping[str, str], foreign: Iterable[str]) -> tuple[Finding, ...]:
    form, spans = text.stitch_spans({name: f"{{{{ {name} }}}}" for name in text.slots})
    masked = form
    for start, end, _ in spans:
        masked = masked[:start] + "{" * (end - start) + masked[end:]
    found = [
        _found(m.span(), "invented_literal", "a figure that matches no fact", m[0]) for m in _FIGURE.finditer(masked)
    ]
    found += [_found(m.span(), "invented_count", "a number or date that matches no fact", m[0])
              for m in _COUNTS.finditer(masked)]  # fmt: skip
    own = {literal.casefold() for literal in literals.values()}
    for literal in sorted({f for f in foreign if len(f) > 2 and f.casefold() not in own}):
        for match in re.finditer(rf"(?<!\w){re.escape(literal)}(?!\w)", masked, re.IGNORECASE):
            found.append(_found(match.span(), "example_literal", "a fact of an example, not of this brief", match[0]))
    for slot, literal in literals.items():
        for match in re.finditer(rf"(?<!\w){re.escape(literal)}(?!\w)", masked, re.IGNORECASE) if literal else ():
            found.append(_found(match.span(), "wrong_case", f"{slot} is written '{literal}'", match[0]))
    return tuple(found)


def _found(span: tuple[int, int], kind: str, reason: str, evidence: str) -> Finding:
    return Finding(check="slotify", severity="error", span=span, type=kind, reason=reason, evidence=evidence)
