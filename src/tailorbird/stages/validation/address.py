"""How the reader is addressed, and what is said about what the reader owns, ordered or put into a basket."""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from tailorbird.stages.validation.ground import Ground, error
from tailorbird.stages.validation.policy import phrase_pattern
from tailorbird.stages.validation.reading import Reading, read_draft
from tailorbird.types.slot_text import SlotText
from tailorbird.types.verdict import Finding

_FORMAL = {"Sie", "Ihr", "Ihre", "Ihren", "Ihrem", "Ihrer", "Ihres", "Ihnen"}
_FAMILIAR = {"du", "dich", "dir", "dein", "deine", "deinen", "deinem", "deiner", "deines", "euch", "euer", "eure"}
_POSSESSIVE = {"your", "yours", "dein", "deine", "deinen", "deinem", "deiner"}
_PAST_ENGLISH = {"order", "orders", "ordered", "bought", "purchase", "purchased", "chose", "chosen"}
_PAST_GERMAN = {"bestellung", "bestellungen", "bestellt", "gekauft", "einkauf", "zuletzt", "letzte", "letzten", "wahl"}
_PAST = _PAST_ENGLISH | _PAST_GERMAN


def check_address_form(reading: Reading, ground: Ground) -> Iterator[Finding]:
    """German copy says 'du' where the brand's approved lines do, 'Sie' where they do, never the other one."""
    if ground.lexicon.language != "de":
        return
    lines = tuple(line.text for line in ground.brand.approved if line.locale == ground.locale)
    habit = _habit(lines)
    if not habit:
        return
    for word in reading.words:
        if _form(word.text) not in ("", habit):
            yield error("address", (word.start, word.end), "wrong_address", f"this brand says '{habit}'", word.text)


@lru_cache(maxsize=16)
def _habit(lines: tuple[str, ...]) -> str:
    counts = Counter(_form(word.text) for line in lines for word in read_draft(SlotText.parse(line)).words)
    formal, familiar = counts["Sie"], counts["du"]
    return "" if formal == familiar else "Sie" if formal > familiar else "du"


def _form(word: str) -> str:
    if word.lower() in _FAMILIAR:
        return "du"
    return "Sie" if word in _FORMAL else ""


def check_ownership(reading: Reading, ground: Ground) -> Iterator[Finding]:
    """'Your' before an item that is only suggested, and talk of past orders without the slot that says what was
    ordered: both state as fact what nobody knows."""
    slots = {place.name for place in reading.slots}
    for place in reading.slots:
        before = reading.previous_word(place.start)
        if place.name.startswith("item.") and before in _POSSESSIVE:
            yield error("address", (place.start, place.end), "ownership", "suggested, not the reader's own", before)
    if any(name.startswith("last_item.") for name in slots) and not any(name.startswith("item.") for name in slots):
        reason = "only about what was bought before, with nothing to say"
        yield error("address", (0, len(reading.text)), "past_only", reason, reading.text)
    if any(name.startswith("item.") for name in slots) and not any(name.startswith("last_item.") for name in slots):
        for word in reading.words:
            command = reading.opens_sentence(word.start) and word.plain in ("order",)
            if word.plain in _PAST and not command:
                span = (word.start, word.end)
                yield error(
                    "address", span, "past_order", "about a past order, with an item that may be new", word.text
                )


def check_state(reading: Reading, ground: Ground) -> Iterator[Finding]:
    """'The same again', 'in your basket': true only where the campaign's items are those that say so."""
    for source, phrases in ground.lexicon.states.items():
        if source != ground.source:
            for match in phrase_pattern(phrases).finditer(reading.masked):
                reason = f"says that the item is the reader's ({source}), which this campaign's items are not"
                yield error("address", match.span(), "wrong_relation", reason, match.group())
