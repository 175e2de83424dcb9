"""Checks of the surface: length after stitching, characters that do not belong, markup, exclamation, slots known."""

import re
import unicodedata
from collections.abc import Iterator

from tailorbird.stages.validation.ground import Ground, error
from tailorbird.stages.validation.reading import Reading
from tailorbird.types.slot_text import SlotText
from tailorbird.types.verdict import Finding

_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|\b[\w.+-]+@[\w-]+\.\w+|\b[\w-]+\.(?:com|net|org|de|uk|io|shop|example)\b"
)
_MARKUP = re.compile(r"<[^>\s][^>]*>|[<>]|\{%|%\}|\[[^\]]*\]|[*_#|`~^\\]{1,}|&[a-z]+;")
_LEAK = re.compile(r"\b(?:Facts?|Reason|Fakten|Grund|system|assistant|user)\s*:", re.IGNORECASE)
_INVISIBLE = {"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"}
_PICTURES = {"So", "Sk"}


def check_slots_known(text: SlotText, reading: Reading, ground: Ground) -> Iterator[Finding]:
    """A slot that the block does not offer, or that no item can fill, cannot be stitched."""
    for place in reading.slots:
        if place.name not in ground.slots:
            offered = ", ".join(sorted(ground.slots)) or "none"
            yield error("slots", (place.start, place.end), "unknown_slot", f"not offered here (offered: {offered})",
                        place.name)  # fmt: skip
        elif place.name not in ground.samples and place.name != "brand.name":
            yield error("slots", (place.start, place.end), "unfilled_slot", "nothing can fill it", place.name)


def sample_sets(text: SlotText, ground: Ground) -> list[dict[str, str]]:
    """Values to stitch with: the shortest of every slot, then the longest, then the most awkward."""
    fixed = {"brand.name": (ground.brand.name,)}
    known = {**fixed, **ground.samples}
    used = {name: known[name] for name in text.slots if known.get(name)}
    count = max((len(values) for values in used.values()), default=1)
    return [{name: values[min(i, len(values) - 1)] for name, values in used.items()} for i in range(count)]


def check_length(text: SlotText, reading: Reading, ground: Ground) -> Iterator[Finding]:
    """Characters after stitching, with every set of sample values; the worst one is shown."""
    whole = (0, len(reading.text))
    stitched = [text.stitch(values) for values in sample_sets(text, ground)]
    longest, shortest = max(stitched, key=len), min(stitched, key=len)
    if len(longest) > ground.limits.max_chars:
        reason = f"{len(longest)} characters when stitched, at most {ground.limits.max_chars}"
        yield error("length", whole, "too_long", reason, longest)
    if len(shortest.strip()) < ground.limits.min_chars:
        reason = f"{len(shortest.strip())} characters when stitched, at least {ground.limits.min_chars}"
        yield error("length", whole, "too_short", reason, shortest)


def check_characters(reading: Reading, ground: Ground) -> Iterator[Finding]:
    """Control and invisible characters, pictures, doubled or outer spaces."""
    for at, character in enumerate(reading.masked):
        if character == "\ufffc":
            continue
        kind = unicodedata.category(character)
        if kind in _INVISIBLE:
            yield error(
                "characters", (at, at + 1), "invisible", "control or invisible character", f"U+{ord(character):04X}"
            )
        elif kind in _PICTURES:
            yield error("characters", (at, at + 1), "picture", "pictures and symbols are not copy", character)
    if reading.text != reading.text.strip():
        yield error("characters", (0, len(reading.text)), "outer_space", "space at the edge")
    for match in re.finditer(r" {2,}| [,.;:?!](?!\S)", reading.masked):
        yield error("characters", match.span(), "spacing", "misplaced space", match.group())


def check_markup(reading: Reading, ground: Ground) -> Iterator[Finding]:
    """Markup, addresses and echoes of the prompt."""
    for pattern, kind, reason in (
        (_ADDRESS, "address", "copy carries no addresses: links belong to the template"),
        (_MARKUP, "markup", "copy carries no markup"),
        (_LEAK, "template_leak", "an echo of the prompt"),
    ):
        for match in pattern.finditer(reading.masked):
            yield error("markup", match.span(), kind, reason, match.group())


def check_exclamation(reading: Reading, ground: Ground) -> Iterator[Finding]:
    """Exclamation marks, all capitals, dots that trail off."""
    for match in re.finditer(r"!+|\.{2,}|…|\b[A-ZÄÖÜ]{4,}\b", reading.masked):
        yield error("tone", match.span(), "shouting", "no exclamation marks, capitals or trailing dots", match.group())
