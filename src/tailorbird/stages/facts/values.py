"""Values in words: those that are the subject's, and those that are known to be others'."""

from collections.abc import Sequence

from tailorbird.stages.facts.index import NAME, Value, concepts, words_of_name
from tailorbird.stages.facts.language import are_related, concept_of, split_words
from tailorbird.stages.facts.reading import Reading, shown_values
from tailorbird.stages.facts.tokens import forms
from tailorbird.stages.facts.units import unit_of

_CUE_REACH = 4
_DENIAL_REACH = 5
_NAME_CHARS, _SHORT_FORM_CHARS = 3, 5
_CLOSED_WORLD = 40
"""Attributes in the vocabularies up to which every value of theirs counts as one, wherever it stands."""
_DESCRIBING = frozenset({"colour", "material", "brand", "origin"})
_DEGREES = split_words(
    "low high average medium good bad small large big standard normal full short long light heavy "
    "niedrig hoch mittel gut klein gross kurz lang leicht schwer durchschnittlich"
)
"""Words that say how much, and not of what."""


def take_values(reading: Reading) -> None:
    """Recognise the subject's own values and names; one that the text denies is a contradiction."""
    within = {i for first, last, _ in reading.index.attribute_names.find(reading.tokens) for i in range(first, last)}
    for first, last, values in reading.index.values.find(reading.tokens):
        attributes = [value for value in values if value.name != NAME]
        meant = [value for value in attributes if _means(reading, first, last, value)]
        if attributes and not meant and len(attributes) == len(values):
            continue
        reading.take(first, last)
        if len(attributes) < len(values):
            reading.names.update(range(first, last))
        reading.stated.update(value.name for value in (*meant, *values) if value in meant or value.name == NAME)
        denied = [value for value in meant if _is_denied_itself(reading, first, last, value)]
        if denied and not within.issuperset(range(first, last)):
            names = " and ".join(dict.fromkeys(value.name for value in denied))
            reading.found(
                first, last, "denied_fact", f"the text denies what is so: {names}",
                shown_values(denied[0].name, denied), source=denied[0].source,
            )  # fmt: skip


def _is_denied_itself(reading: Reading, first: int, last: int, value: Value) -> bool:
    """Whether a negation is about this very value: 'not meant for printing in black', but not 'no
    dishwasher-safe oak board', where another attribute stands between."""
    words = reading.denied[first]
    if not 0 < words <= _DENIAL_REACH or _denies_itself(reading, first, last):
        return False
    own = concepts(value.name) | {concept_of(word) for word in words_of_name(value.name)}
    others = {other for other in reading.index.attributes - own if not any(name.startswith(other) for name in own)}
    at, left = first - 1, words - 1
    while left > 0 and at >= 0:
        if reading.denied[at] and reading.tokens[at].kind != "mark" and reading.concepts[at] in others:
            return False
        left -= reading.denied[at] < reading.denied[at + 1]
        at -= 1
    return True


def _denies_itself(reading: Reading, first: int, last: int) -> bool:
    """Whether the value has a negation within: 'maintenance-free' is not denied by its own 'free'."""
    language = reading.language
    cues = language.denials | {*language.denial_prefixes, *language.denial_suffixes}
    return any(token.plain in cues for token in reading.tokens[first:last])


def _means(reading: Reading, first: int, last: int, value: Value) -> bool:
    """Whether the words are that attribute's: a word of degree ('high') only beside the attribute's name, and none
    beside another's ('high rating' is no price)."""
    if last - first > 1 or reading.tokens[first].kind != "word":
        return True
    own = {concept_of(word) for word in words_of_name(value.name)}
    others = reading.index.attributes - own
    for reach in (1, 2, _CUE_REACH):
        near = reading.near(first, last, reach)
        if near & own:
            return True
        if near & others and reading.tokens[first].plain.removesuffix("ly") in _DEGREES:
            return False
    return reading.tokens[first].plain.removesuffix("ly") not in _DEGREES


def check_vocabulary(reading: Reading, plain: frozenset[str]) -> None:
    """Values that attributes can have, but that are not the subject's. `plain` are everyday words: they count as
    values only beside a word for their attribute."""
    index = reading.index
    for first, last, values in index.vocabulary.phrases.find(reading.tokens, reading.taken):
        values = [value for value in values if _means(reading, first, last, value)]
        if not values or _trimmed(reading, first, last) in index.parts:
            continue
        if first and reading.tokens[first - 1].kind == "number" and unit_of(reading.tokens[first].plain) is not None:
            continue  # '256 gigabytes', beside a brand of that name
        stated = [value for value in values if value.name in index.names]
        cued = [value for value in stated or values if _is_cued(reading, first, last, value.name)]
        if not (cued and stated) and (
            _is_everyday(reading, first, last, plain) or _is_supported(reading, first, last, values)
        ):
            continue
        if not cued and not stated and not _is_marked(reading, first, last):
            continue
        if not reading.is_denied(first, last):
            _contradiction(reading, first, last, cued or stated or values)
        reading.take(first, last)


def _trimmed(reading: Reading, first: int, last: int) -> tuple[str, ...]:
    """The phrase without the words at its ends that say nothing: 'with Windows Vista'."""
    idle = reading.language.idle
    while first < last - 1 and reading.tokens[first].plain in idle:
        first += 1
    while last - 1 > first and reading.tokens[last - 1].plain in idle:
        last -= 1
    return reading.phrase(first, last)


def _is_supported(reading: Reading, first: int, last: int, values: Sequence[Value]) -> bool:
    """Whether the words are those of the subject's attributes and values, be it in another order; numbers apart, which
    are compared by themselves. Colours, brands and their like are no words of attributes."""
    index = reading.index
    return not any(_describes(value.name) for value in values) and all(
        token.kind in ("number", "mark")
        or token.plain in reading.language.idle
        or concept in index.attributes
        or token.form in index.words
        for token, concept in zip(reading.tokens[first:last], reading.concepts[first:last], strict=True)
    )


def _describes(name: str) -> bool:
    """Whether an attribute's values are adjectives and names, which say something wherever they stand."""
    return not _DESCRIBING.isdisjoint(concepts(name))


def _is_marked(reading: Reading, first: int, last: int) -> bool:
    """Whether words look like a value: written large, or with figures.

    Among a few attributes every value counts. The more there are, the likelier that any word is somewhere a value.
    """
    if len(reading.index.facts.vocabularies) <= _CLOSED_WORLD:
        return True
    tokens = [token for token in reading.tokens[first:last] if token.counts]
    return any(token.kind != "word" or (token.text[0].isupper() and not reading.opens(token)) for token in tokens)


def _is_everyday(reading: Reading, first: int, last: int, plain: frozenset[str]) -> bool:
    """Whether the words are everyday ones, written as such: small, or with the capital of a sentence's beginning."""
    everyday = forms(plain) | forms(reading.language.everyday) | forms(reading.language.idle)
    tokens = [token for token in reading.tokens[first:last] if token.kind != "mark"]
    if not all(token.form in everyday for token in tokens):
        return False
    return all(token.text.islower() or reading.opens(token) for token in tokens)


def _is_cued(reading: Reading, first: int, last: int, name: str) -> bool:
    """Whether a word of the attribute's name stands near, in the same sentence."""
    near = reading.near(first, last, _CUE_REACH)
    own = [concept_of(word) for word in words_of_name(name) if word not in reading.language.idle]
    return any(are_related(concept, other) for concept in own for other in near)


def _contradiction(reading: Reading, first: int, last: int, meant: Sequence[Value]) -> None:
    index, said = reading.index, reading.text[slice(*reading.span(first, last))]
    stated = [value for value in meant if value.name in index.names]
    if stated:
        own = index.names[stated[0].name]
        repair = own[0].shown if len({value.shown for value in own}) == 1 else None
        reading.stated.update(value.name for value in stated)
        reading.found(
            first, last, "contradiction", f"{stated[0].name} is not {said!r}", shown_values(stated[0].name, own),
            repair=repair, source=own[0].source,
        )  # fmt: skip
        return
    name = meant[0].name
    reading.found(first, last, "unsupported_value", f"no fact says so: {name} {said!r}", f"{name}: not among the facts")


def check_built_in(reading: Reading) -> None:
    """Colours and materials that no fact has, by our own lists: for facts that come without a vocabulary."""
    index = reading.index
    for attribute, words in reading.language.closed.items():
        if any(attribute in concepts(name) for name in index.facts.vocabularies):
            continue
        own = [value for name, values in index.names.items() if attribute in concepts(name) for value in values]
        for i, token in enumerate(reading.tokens):
            if token.form not in words or reading.taken[i] or reading.denied[i] or token.form in index.words:
                continue
            reading.take(i, i + 1)
            evidence = shown_values(own[0].name, own) if own else f"{attribute}: not among the facts"
            reason = f"{own[0].name} is not {token.text!r}" if own else f"no fact says so: {attribute} {token.text!r}"
            reading.found(i, i + 1, "contradiction" if own else "unsupported_value", reason, evidence,
                          "error" if own else reading.doubt, source=own[0].source if own else "")  # fmt: skip


def check_names(reading: Reading, plain: frozenset[str]) -> None:
    """English words with a capital inside a sentence that no fact has: names of somebody or something unknown."""
    if reading.language.code != "en":
        return
    index = reading.index
    for i, token in enumerate(reading.tokens):
        if token.kind != "word" or reading.taken[i] or len(token.text) < _NAME_CHARS or not token.text[0].isupper():
            continue
        if i == 0 or reading.tokens[i - 1].kind == "mark" or reading.opens(token) or token.form in index.words:
            continue
        if (
            token.plain in plain
            or reading.concepts[i] in index.attributes
            or (token.text.isupper() and len(token.text) < 5)
        ):
            continue
        reading.found(i, i + 1, "unknown_name", f"a name that no fact has: {token.text}", "", reading.doubt)


def check_other_names(reading: Reading) -> None:
    """Names of things that the text is not about."""
    index = reading.index
    for first, last, values in index.others.find(reading.tokens, reading.taken):
        words = reading.phrase(first, last)
        if words in index.parts:
            continue
        reading.take(first, last)
        own = index.names.get(NAME, ())
        reading.found(
            first, last, "other_name", f"a name of something else: {values[0].shown}", shown_values(NAME, own[:1])
        )
