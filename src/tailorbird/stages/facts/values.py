"""Values in words: those that are the subject's, and those that are known to be others'."""

from collections.abc import Sequence

from tailorbird.stages.facts.index import NAME, Value
from tailorbird.stages.facts.language import concept_of
from tailorbird.stages.facts.reading import Reading, shown_values
from tailorbird.stages.facts.tokens import phrase_of

_CUE_REACH = 4


def take_values(reading: Reading) -> None:
    """Recognise the subject's own values and names; one that the text denies is a contradiction."""
    for first, last, values in reading.index.values.find(reading.tokens):
        reading.take(first, last)
        attributes = [value for value in values if value.name != NAME]
        if attributes and reading.is_denied(first, last) and len(attributes) == len(values):
            names = " and ".join(dict.fromkeys(value.name for value in attributes))
            reading.found(
                first, last, "denied_fact", f"the text denies what is so: {names}",
                shown_values(attributes[0].name, attributes), source=attributes[0].source,
            )  # fmt: skip
        reading.stated.update(value.name for value in values)


def check_vocabulary(reading: Reading, plain: frozenset[str]) -> None:
    """Values that attributes can have, but that are not the subject's. `plain` are everyday words: they count as
    values only beside a word for their attribute."""
    index = reading.index
    for first, last, values in index.vocabulary.phrases.find(reading.tokens, reading.taken):
        words = tuple(token.plain for token in reading.tokens[first:last] if token.kind != "mark")
        if words in index.parts or all(token.kind == "number" for token in reading.tokens[first:last]):
            continue
        cued = [value for value in values if _is_cued(reading, first, last, value.name)]
        if not cued and _is_everyday(reading, first, last, plain):
            continue
        meant = cued or list(values)
        if reading.is_denied(first, last):
            reading.take(first, last)
            continue
        _contradiction(reading, first, last, meant)
        reading.take(first, last)


def _is_everyday(reading: Reading, first: int, last: int, plain: frozenset[str]) -> bool:
    """Whether the words are everyday ones, written as such: small, or with the capital of a sentence's beginning."""
    tokens = [token for token in reading.tokens[first:last] if token.kind != "mark"]
    if not all(token.plain in plain or token.plain in reading.language.idle for token in tokens):
        return False
    return all(token.text.islower() or reading.opens(token) for token in tokens)


def _is_cued(reading: Reading, first: int, last: int, name: str) -> bool:
    """Whether a word of the attribute's name stands near, in the same sentence."""
    sentence = reading.tokens[first].sentence
    around = range(max(0, first - _CUE_REACH), min(len(reading.tokens), last + _CUE_REACH))
    near = {reading.concepts[i] for i in around if not first <= i < last and reading.tokens[i].sentence == sentence}
    return any(concept_of(word) in near for word in phrase_of(name.replace("_", " ")) if len(word) > 2)


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


def check_other_names(reading: Reading) -> None:
    """Names of things that the text is not about."""
    index = reading.index
    for first, last, values in index.others.find(reading.tokens, reading.taken):
        words = tuple(token.plain for token in reading.tokens[first:last] if token.kind != "mark")
        if words in index.parts:
            continue
        reading.take(first, last)
        own = index.names.get(NAME, ())
        reading.found(
            first, last, "other_name", f"a name of something else: {values[0].shown}", shown_values(NAME, own[:1])
        )
