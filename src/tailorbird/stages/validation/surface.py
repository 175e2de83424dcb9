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
_LEAK = re.compile(r"^\W*(?:Facts?|Reason|Fakten|Angaben|Grund|Anlass|system|assistant|user)\s*:", re.IGNORECASE)
# What another tool would fill in or follow, and we would send as it stands: merge tags, scripts, short links.
FOREIGN = re.compile(
    r"[{}]|%\w+%|(?<!\w)\$[A-Za-z_]\w*|\*\||\|\*"
    r"|\b(?:javascript|vbscript|data|mailto|tel):\S|\b[\w-]+\.[a-z]{2,}/\S",
    re.IGNORECASE,
)
_TELEPHONE = re.compile(r"(?<![\w.,])(?:\+|\(?0)\d[\d ()/–-]{5,}\d")
# Arrows, and the selectors that turn a sign into a picture.
PICTURE = re.compile("[\u2190-\u21ff\u27f0-\u27ff\u2900-\u297f\u2b00-\u2bff\ufe00-\ufe0f\u20e3]")
_SIGNS = "°©®™"
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


def _item_sets(text: SlotText, ground: Ground) -> list[dict[str, str]]:
    """Values to stitch with: every item that has all the facts, beside the longest values of the other slots."""
    others = {name: max(values, key=len) for name, values in ground.samples.items() if not name.startswith("item.")}
    fixed = {"brand.name": ground.brand.name, **others}
    filled = [{**fixed, **row} for row in ground.rows]
    return [values for values in filled if all(name in values for name in text.slots)]


def check_length(text: SlotText, reading: Reading, ground: Ground) -> Iterator[Finding]:
    """Characters after stitching, with every real item where the items are known, else with every set of sample
    values; the worst one is shown."""
    whole = (0, len(reading.text))
    stitched = [text.stitch(values) for values in (_item_sets(text, ground) or sample_sets(text, ground))]
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
        elif kind == "Zs" and character != " ":
            yield error("characters", (at, at + 1), "spacing", "a space of another kind", f"U+{ord(character):04X}")
        elif (kind in _PICTURES and character not in _SIGNS) or PICTURE.match(character):
            yield error("characters", (at, at + 1), "picture", "pictures and symbols are not copy", character)
    if reading.text != reading.text.strip():
        yield error("characters", (0, len(reading.text)), "outer_space", "space at the edge")
    for match in re.finditer(r" {2,}| [,.;:?!](?!\S)", reading.masked):
        yield error("characters", match.span(), "spacing", "misplaced space", match.group())


def check_markup(reading: Reading, ground: Ground) -> Iterator[Finding]:
    """Markup, addresses, telephone numbers, and tags that only another tool would fill in."""
    for pattern, kind, reason in (
        (_ADDRESS, "address", "copy carries no addresses: links belong to the template"),
        (_MARKUP, "markup", "copy carries no markup"),
        (FOREIGN, "foreign_tag", "a tag or link that would be sent as it stands; slots are {{ source.name }}"),
        (_TELEPHONE, "address", "copy carries no telephone numbers: they belong to the template"),
    ):
        for match in pattern.finditer(reading.masked):
            yield error("markup", match.span(), kind, reason, match.group())


def check_leak(reading: Reading, ground: Ground) -> Iterator[Finding]:
    """Echoes of the prompt, with which a line begins."""
    for match in _LEAK.finditer(reading.masked):
        yield error("markup", match.span(), "template_leak", "an echo of the prompt", match.group())


def check_exclamation(reading: Reading, ground: Ground) -> Iterator[Finding]:
    """Exclamation marks, all capitals, dots that trail off."""
    for match in re.finditer(r"!+|\.{2,}|…|\b[A-ZÄÖÜ]{4,}\b", reading.masked):
        yield error("tone", match.span(), "shouting", "no exclamation marks, capitals or trailing dots", match.group())
