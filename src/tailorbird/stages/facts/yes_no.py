"""What is so or not: 'touchscreen', 'dishwasher safe', 'RoHS compliant', held against facts that say yes or no."""

from tailorbird.stages.facts.index import NumberFact, YesNoFact
from tailorbird.stages.facts.language import are_related, concept_of, split_words
from tailorbird.stages.facts.reading import Reading
from tailorbird.stages.facts.tokens import forms

_OPTIONAL = {
    concept_of(word)
    for word in [
        "integrated",
        "supported",
        "support",
        "supports",
        "included",
        "includes",
        "available",
        "built",
        "compatible",
        "compliance",
        "compliant",
        "function",
        "feature",
        "present",
        "in",
        "by",
        "with",
        "for",
        "of",
        "the",
        "is",
        "has",
        "equipped",
        "ready",
        "installed",
        "able",
        "capable",
        "a",
        "an",
    ]
}
_HAVING = split_words("includes include including offers offer features has supports bietet hat unterstützt besitzt")
_THINGS = {concept_of(word) for word in ("product", "model", "device", "output", "mode", "version", "gerät", "ausgabe")}
_NO, _YES = {"no", "nein", "none", "not", "nicht", "n/a", "✗"}, {"yes", "ja", "✓"}
_GAP = 2
_SHORT_FORM_CHARS, _HEAD_CHARS = 3, 6


def check_yes_no(reading: Reading) -> None:
    """Every mention of something that is so or not, with its negation; a hint at what is not so asks a person."""
    _check_all(reading)
    for fact in reading.index.yes_no:
        if not fact.is_so and fact.name not in reading.stated:
            _check_head(reading, fact)


def _check_head(reading: Reading, fact: YesNoFact) -> None:
    """What is not so, spoken of by its first word alone: 'goes in the dishwasher' of what is not dishwasher safe."""
    telling = _telling(fact)
    head = telling[0]
    if len(telling) < 2 or len(head) < _HEAD_CHARS or _is_ambiguous(head, fact, reading):
        return
    for i, concept in enumerate(reading.concepts):
        if concept == head and not reading.taken[i] and not reading.denied[i]:
            reading.found(i, i + 1, "near_contradiction", f"comes near what is not so: {fact.name}",
                          f"{fact.name}: no", "warning", source=fact.source)  # fmt: skip
            return


def _check_all(reading: Reading) -> None:
    """Every whole mention."""
    there = {concept for concept in reading.concepts if concept}
    for fact in reading.index.yes_no:
        telling = _telling(fact)
        if not all(word in there or _like_any(word, [*there]) for word in telling) and fact.wordings.is_empty:
            continue
        places = [(first, last, True) for first, last in _mentions(reading, telling)]
        if len(telling) == 1 and _is_ambiguous(telling[0], fact, reading):
            places = [place for place in places if _is_plain(reading, fact, *place[:2])]
        places += [(first, last, so[0]) for first, last, so in fact.wordings.find(reading.tokens, reading.taken)]
        for first, last, says_so in places:
            denied = _denied(reading, fact, first, last) == says_so
            if all(reading.taken[first:last]) and not denied:
                continue
            reading.stated.add(fact.name)
            reading.take(first, last)
            if denied == fact.is_so:
                shown = f"{fact.name}: {'yes' if fact.is_so else 'no'}"
                reason = "the text denies what is so" if fact.is_so else "the text says what is not so"
                reading.found(first, last, "contradiction", f"{reason}: {fact.name}", shown, source=fact.source)


def _telling(fact: YesNoFact) -> list[str]:
    """The words that a mention has; a short form at the end ('power over ethernet poe') may be left out."""
    telling = [word for word in fact.words if word not in _OPTIONAL] or list(fact.words)
    if len(telling) > 1 and len(telling[-1]) <= _SHORT_FORM_CHARS and telling[-1].isalpha():
        telling.pop()
    return telling


def _is_plain(reading: Reading, fact: YesNoFact, first: int, last: int) -> bool:
    """Whether a mention leaves no doubt: 'Grill: no', 'a colour product', 'includes ECC', or a negation before it."""
    before = reading.tokens[first - 1].plain if first else ""
    after = reading.concepts[last] if last < len(reading.tokens) else ""
    told = before in _HAVING or after in _THINGS
    return told or _answer(reading, fact, last) is not None or 0 < reading.denied[first] <= 2


def _is_ambiguous(word: str, fact: YesNoFact, reading: Reading) -> bool:
    """Whether the word is an everyday one, or another attribute is about it too: then a mention of it says nothing of
    this fact."""
    if word in forms(reading.language.everyday):
        return True
    numbers: list[NumberFact] = reading.index.numbers
    if any(word in number.about for number in numbers):
        return True
    names = [*reading.index.names, *(other.name for other in reading.index.yes_no if other.is_so != fact.is_so)]
    return any(word in {concept_of(part) for part in name.lower().replace("_", " ").split()} for name in names)


def _mentions(reading: Reading, telling: list[str]) -> list[tuple[int, int]]:
    """(first token, token after the last) of places where all the words stand together, in any order."""
    places = []
    wanted = len(telling)
    at = 0
    while at < len(reading.tokens):
        if _like_any(reading.concepts[at], telling):
            end = _complete(reading, at, telling)
            if end:
                places.append((at, end))
                at = end
                continue
        at += 1
    return places if wanted else []


def _complete(reading: Reading, at: int, telling: list[str]) -> int:
    left = list(telling)
    gap = 0
    for i in range(at, min(len(reading.tokens), at + len(telling) * (_GAP + 1))):
        if reading.tokens[i].sentence != reading.tokens[at].sentence or reading.tokens[i].parts:
            return 0
        hit = next((word for word in left if are_related(word, reading.concepts[i])), None)
        if hit is not None:
            left.remove(hit)
            gap = 0
        elif reading.tokens[i].kind != "mark":
            gap += 1
        if not left:
            return i + 1
        if gap > _GAP:
            return 0
    return 0


def _like_any(concept: str, telling: list[str]) -> bool:
    return bool(concept) and any(are_related(word, concept) for word in telling)


def _denied(reading: Reading, fact: YesNoFact, first: int, last: int) -> bool:
    """Whether a negation covers it, or 'no' is its value: 'Touchscreen: no'."""
    answer = _answer(reading, fact, last)
    if answer is not None:
        return not answer
    return any(reading.denied[i] for i in range(first, last) if reading.tokens[i].kind != "mark")


def _answer(reading: Reading, fact: YesNoFact, last: int) -> bool | None:
    """The yes or no that stands after a mention: 'Touchscreen: no'."""
    while last < len(reading.tokens) and (reading.concepts[last] in _OPTIONAL or reading.concepts[last] in fact.words):
        last += 1
    after = [token.plain for token in reading.tokens[last : last + 2]]
    if len(after) < 2 or after[0] not in (":", "=", "-", "–") or after[1] not in _NO | _YES:
        return None
    return after[1] in _YES
