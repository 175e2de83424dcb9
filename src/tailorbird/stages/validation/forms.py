"""Checks of forms: a sentence that needs a gender, number or article that a slot lacks is refused."""

import re
from collections.abc import Iterator, Sequence

from tailorbird.stages.validation.ground import Ground, error
from tailorbird.stages.validation.reading import Reading, SlotPlace
from tailorbird.types.verdict import Finding

_PLURAL = re.compile(r"(?:[^s’']s|shears|scissors)$", re.IGNORECASE)
_VOWEL = re.compile(r"^[aeiou]", re.IGNORECASE)
_THIS_ONE = re.compile(r"\b(?:this|that) one[:?] $", re.IGNORECASE)
_QUANTITIES = {"quantity", "count"}


def _nouns(reading: Reading) -> Iterator[SlotPlace]:
    yield from (p for p in reading.slots if p.name.split(".")[0] in ("item", "last_item"))


def _kind(place: SlotPlace, ground: Ground) -> str:
    slot = ground.slots.get(place.name)
    return slot.type if slot else "text"


def _values(place: SlotPlace, ground: Ground) -> tuple[str, ...]:
    return ground.samples.get(place.name, ())


def check_articles(reading: Reading, ground: Ground) -> Iterator[Finding]:
    """English 'a/an' must fit every value and no plural; German determiners need a gender that no slot carries."""
    for place in _nouns(reading):
        before = reading.previous_word(place.start)
        if not before or before not in ground.lexicon.determiners or _kind(place, ground) in {"money", *_QUANTITIES}:
            continue
        span = (place.start, place.end)
        if ground.lexicon.language == "de":
            yield error(
                "forms", span, "needs_gender", f"„{before}“ needs a gender and case that the slot lacks", before
            )
            continue
        for value in _values(place, ground):
            if (before == "an") != bool(_VOWEL.match(value)) or _is_plural(value):
                yield error("forms", span, "needs_article", f"'{before}' does not fit every value", f"{before} {value}")
                break


def _is_plural(value: str) -> bool:
    return bool(_PLURAL.search(value.split(" for ")[0].split(" of ")[0].split(" with ")[0].split(", ")[0]))


def awkward_forms(values: Sequence[str]) -> tuple[str, ...]:
    """Of all values, one that is plural, one that opens with a vowel and one that begins small, where there are any."""
    tests = (_is_plural, lambda value: bool(_VOWEL.match(value)), lambda value: value[:1].islower())
    return tuple(found for test in tests if (found := next((v for v in values if test(v)), "")))


def check_agreement(reading: Reading, ground: Ground) -> Iterator[Finding]:
    """A verb or possessive beside a name agrees in number: refused where the values are not all singular or unknown.

    So does 'this one', said of the name that follows.
    """
    german = ground.lexicon.language == "de"
    for place in (p for p in _nouns(reading) if _kind(p, ground) == "name"):
        word = _agreeing(reading, place, ground)
        if not word:
            continue
        plural = [value for value in _values(place, ground) if _is_plural(value)]
        if german or plural:
            reason = "needs the number of the name, which the slot does not carry"
            yield error("forms", (place.start, place.end), "needs_number", reason, plural[0] if plural else word)


def _agreeing(reading: Reading, place: SlotPlace, ground: Ground) -> str:
    """The word beside a name that has to agree with it; '' if there is none."""
    agreeing, after, before = ground.lexicon.agreeing, reading.next_word(place.end), reading.previous_word(place.start)
    if reading.masked[place.end :].startswith(("'s", "’s")):
        return "'s"
    if after in agreeing:
        return after
    if before in agreeing - ground.lexicon.taking:
        return before
    words = [word for word in reading.words if word.end <= place.start]
    if before in ground.lexicon.datives and len(words) > 1 and words[-2].plain in agreeing:
        return words[-2].plain
    return "this one" if _THIS_ONE.search(reading.masked[: place.start]) else ""


def check_relations(reading: Reading, ground: Ground) -> Iterator[Finding]:
    """'now 1 litre', '1 litre kettle': a price cue before a quantity, or a quantity used as an adjective."""
    for place in _nouns(reading):
        span, before = (place.start, place.end), reading.previous_word(place.start)
        after = reading.next_word(place.end)
        if _kind(place, ground) not in _QUANTITIES:
            if _kind(place, ground) != "money" and before in ground.lexicon.price_cues - {
                "for",
                "at",
                "from",
                "für",
                "um",
            }:
                yield error("forms", span, "wrong_relation", f"'{before}' goes with a price", before)
            continue
        if before in ground.lexicon.price_cues:
            yield error("forms", span, "wrong_relation", f"'{before}' goes with a price, this is a quantity", before)
        if after and after not in ground.lexicon.after_quantity:
            yield error("forms", span, "quantity_position", "a quantity directly before a word", after)


def check_repeats(reading: Reading, ground: Ground) -> Iterator[Finding]:
    """One fact or one content word said twice; the name and the short name are one fact."""
    seen: set[str] = set()
    for place in reading.slots:
        fact = place.name.replace("item.short_name", "item.name") if place.name.startswith("item.") else place.name
        if fact in seen:
            yield error("style", (place.start, place.end), "repeated_slot", "said twice", place.name)
        seen.add(fact)
    stems: set[str] = set()
    for word in reading.words:
        stem = word.plain[:6]
        if len(word.plain) >= 5 and stem in stems:
            yield error("style", (word.start, word.end), "repeated_stem", "said twice", word.text)
        stems.add(stem)
