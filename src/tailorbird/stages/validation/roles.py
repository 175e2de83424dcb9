"""Who is who in a line: what was bought before, what is shown now, and which of the two a fact is about."""

import re
from collections.abc import Iterator

from tailorbird.stages.validation.ground import Ground, error
from tailorbird.stages.validation.reading import Reading, SlotPlace
from tailorbird.types.verdict import Finding

_SHOWN = {"item.name", "item.short_name", "item.family"}
_SENTENCE = re.compile(r"[.?!]")
_CLAUSE = re.compile(r"[.?!;,–—]")
_TALK = r"\b(?:bought|chose|chosen|ordered|purchased)\b|\blast (?:time|order|purchase|choice)\b|^\W*last\W*$"
# Words that say of what follows that it was bought before; `_ONLY_PAST` say it of nothing else.
_ONLY_PAST = {
    "en": re.compile(_TALK),
    "de": re.compile(r"\b(?:zuletzt|gekauft|bestellt|ausgesucht|hattest|letzte[nmrs]?)\b"),
}
_PAST = {
    "en": re.compile(_TALK + r"|\b(?:after|since|beside|alongside|next to|go(?:es)? with)\b"),
    "de": re.compile(_ONLY_PAST["de"].pattern + r"|\b(?:nach|seit|neben|erst)\b"),
}
_NOTHING = re.compile(r"(?!)")


def check_roles(reading: Reading, ground: Ground) -> Iterator[Finding]:
    """A fact of the item shown stands with that item; what was bought before is said to be so, and nothing else is.

    'Yours for £9: (what was bought)' gives the one item's price to the other; 'Last time: (what is shown)' says that
    somebody bought what was only suggested.
    """
    past = [place for place in reading.slots if place.name.startswith("last_item.")]
    if not past:
        return
    language = ground.lexicon.language
    for place in reading.slots:
        span = (place.start, place.end)
        if place in past:
            if not _PAST.get(language, _NOTHING).search(_lead(reading, place)):
                reason = "nothing before it says that it was bought earlier"
                yield error("roles", span, "wrong_relation", reason, reading.text)
        elif place.name in _SHOWN:
            if _ONLY_PAST.get(language, _NOTHING).search(_lead(reading, place)):
                yield error("roles", span, "past_order", "about a past order, with an item that may be new", place.name)
        elif place.name.startswith("item.") and _owner(reading, place) not in _SHOWN:
            yield error("roles", span, "wrong_relation", "reads as a fact of the item that was bought", place.name)


def _names(reading: Reading) -> list[SlotPlace]:
    return [place for place in reading.slots if place.name in _SHOWN or place.name.startswith("last_item.")]


def _lead(reading: Reading, place: SlotPlace) -> str:
    """The words that lead to an item's name: from the clause's beginning, or from the last name before."""
    start = max((m.end() for m in _CLAUSE.finditer(reading.masked, 0, place.start)), default=0)
    start = max([start, *(name.end for name in _names(reading) if name.end <= place.start)])
    return reading.masked[start : place.start].lower()


def _owner(reading: Reading, fact: SlotPlace) -> str:
    """The name that a fact is read with: the last one before it in its sentence, else the next one after it."""
    start = max((m.end() for m in _SENTENCE.finditer(reading.masked, 0, fact.start)), default=0)
    closes = _SENTENCE.search(reading.masked, fact.end)
    end = closes.start() if closes else len(reading.masked)
    within = [name for name in _names(reading) if start <= name.start and name.end <= end]
    before = [name.name for name in within if name.end <= fact.start]
    after = [name.name for name in within if name.start >= fact.end]
    return before[-1] if before else after[0] if after else ""
