"""The cheap checks on every stitched message, on the hot path: length, characters, phrases, figures, open slots."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tailorbird.stages.validation.folding import fold
from tailorbird.stages.validation.ground import error
from tailorbird.stages.validation.lexicon import lexicon_for
from tailorbird.stages.validation.policy import disallowed_phrases, find_disallowed, phrase_pattern
from tailorbird.stages.validation.surface import FOREIGN, PICTURE
from tailorbird.types.brand import Brand
from tailorbird.types.brief import Limits
from tailorbird.types.folded import mixed_script
from tailorbird.types.verdict import Finding, Verdict

_FIGURE = re.compile(r"[^\s\x1e\ufffc]*\d[^\s\x1e\ufffc]*")
_DIGIT = re.compile(r"\d")
_OPEN = re.compile(r"\{\{|\}\}|\{%|[{}]|<[a-zA-Z/!]")
# What str.isprintable() refuses and may be in copy all the same: the no-break spaces that prices are written with.
_SPACES = "\xa0\u202f\u2009"
# What a merge tag, a script or a picture cannot do without: only where it is there does the search begin.
_HINT = re.compile("[%$|/\u2190-\u2bff\ufe00-\ufe0f]")
_SEPARATOR = "\x1e"
_KNOWN = "\ufffc"


@dataclass(frozen=True, slots=True)
class MessageGate:
    """The rules of one brand, locale and template, compiled once. `phrases` are what the fast path looks for."""

    limits: Mapping[str, Limits]
    phrases: tuple[str, ...]
    pattern: re.Pattern[str]
    language: str


def compile_message_gate(limits: Mapping[str, Limits], brand: Brand, locale: str) -> MessageGate:
    """Compile the gate for all messages of one locale; `limits` is by block."""
    phrases, language = disallowed_phrases(brand, locale), lexicon_for(locale).language
    sought = tuple(phrase.split("%")[0].rstrip() or phrase for phrase in phrases)  # '100%' is also '100 %'
    return MessageGate(dict(limits), sought, phrase_pattern(phrases, language), language)


def figures(text: str) -> tuple[str, ...]:
    """The words of a text that hold digits: a person's approved line may state them ('30-day returns')."""
    return tuple(_FIGURE.findall(text))


def judge_message(blocks: Mapping[str, str], known: Iterable[str], gate: MessageGate) -> Verdict:
    """Judge one stitched message. `known` are the slot values in it and the figures of its approved lines.

    Costs a few microseconds when nothing is wrong; only then are findings with spans worked out. `verdict.text` is
    the blocks joined by U+001E, which spans refer to.
    """
    for block, text in blocks.items():
        limit = gate.limits.get(block)
        if limit is not None and not limit.min_chars <= len(text) <= limit.max_chars:
            return _verdict(blocks, known, gate)
    joined = _KNOWN.join(blocks.values())
    if not joined.isprintable() or "{" in joined or "}" in joined or "<" in joined:
        return _verdict(blocks, known, gate)
    if mixed_script(joined):
        return _verdict(blocks, known, gate)
    lowered = fold(joined).lower()
    if "script:" in lowered or _HINT.search(joined):
        return _verdict(blocks, known, gate)
    for phrase in gate.phrases:
        if phrase in lowered:
            return _verdict(blocks, known, gate)
    masked = joined
    for literal in known:
        if literal and not literal.isalpha():
            masked = masked.replace(literal, _KNOWN)
    return _verdict(blocks, known, gate) if _DIGIT.search(masked) else Verdict("pass")


def _verdict(blocks: Mapping[str, str], known: Iterable[str], gate: MessageGate) -> Verdict:
    text = _SEPARATOR.join(blocks.values())
    findings = [*_lengths(blocks, gate), *_phrases(text, gate), *_suspects(text, sorted(known, key=len, reverse=True))]
    return Verdict("block" if findings else "pass", tuple(findings), text)


def _lengths(blocks: Mapping[str, str], gate: MessageGate) -> Iterator[Finding]:
    start = 0
    for block, text in blocks.items():
        limit = gate.limits.get(block)
        if limit is not None and not limit.min_chars <= len(text) <= limit.max_chars:
            reason = f"{block}: {len(text)} characters, allowed {limit.min_chars} to {limit.max_chars}"
            yield error("length", (start, start + len(text)), "length", reason, text)
        start += len(text) + 1


def _phrases(text: str, gate: MessageGate) -> Iterator[Finding]:
    for start, end, denied in find_disallowed(text, gate.pattern, gate.language):
        if not denied:  # 'no hurry': a person approved it
            found = text[start:end]
            yield error("disallowed", (start, end), "disallowed_phrase", "the brand does not say this", found)
    for span in mixed_script(text):
        found = text[span[0] : span[1]]
        yield error("characters", span, "mixed_script", "letters of two scripts in one word", found)


def _suspects(text: str, known: list[str]) -> Iterator[Finding]:
    for at, character in enumerate(text):
        if not character.isprintable() and character not in _SPACES and character != _SEPARATOR:
            code = f"U+{ord(character):04X}"
            yield error("characters", (at, at + 1), "invisible", "control or invisible character", code)
    for match in _OPEN.finditer(text):
        if match.group().startswith("<"):
            yield error("markup", match.span(), "markup", "copy carries no markup", match.group())
        else:
            yield error("slots", match.span(), "open_slot", "a slot was not filled", match.group())
    for match in FOREIGN.finditer(text):
        if match.group() not in "{}":
            yield error("markup", match.span(), "foreign_tag", "would be sent as it stands", match.group())
    for match in PICTURE.finditer(text):
        yield error("characters", match.span(), "picture", "pictures and symbols are not copy", match.group())
    masked = text
    for literal in known:
        if literal:
            masked = masked.replace(literal, _KNOWN * len(literal))
    for match in _FIGURE.finditer(masked):
        yield error("facts", match.span(), "unknown_literal", "a figure that no slot gave", match.group())
