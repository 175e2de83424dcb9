"""Which words a number is read with: each word of a sentence goes to the number that it stands closest to."""

from tailorbird.stages.facts.language import Language, concepts_in
from tailorbird.stages.facts.quantities import Quantity
from tailorbird.stages.facts.tokens import Token

_BORDER = 6
"""A comma or an 'and' between a word and a number counts as so many words."""
_SOFT = {"and", "und", "with", "mit", "or", "oder", "plus"}
_REACH = 14


def cues_of(tokens: list[Token], quantities: list[Quantity], language: Language) -> list[frozenset[str]]:
    """For each quantity, what the words that belong to it are about."""
    found: list[set[str]] = [set() for _ in quantities]
    borders = _borders(tokens)
    by_sentence: dict[int, list[int]] = {}
    for n, quantity in enumerate(quantities):
        by_sentence.setdefault(tokens[quantity.first].sentence, []).append(n)
    inside = {i for quantity in quantities for i in range(quantity.first, quantity.last)}
    for i, token in enumerate(tokens):
        near = by_sentence.get(token.sentence)
        if not near or token.kind == "mark" or i in inside or token.plain in language.idle:
            continue
        distances = [(_distance(i, quantities[n], borders), n) for n in near]
        least = min(distances)[0]
        if least <= _REACH:
            for distance, n in distances:
                if distance == least:
                    found[n].update(concepts_in(token.plain))
    return [frozenset(words) for words in found]


def _borders(tokens: list[Token]) -> list[int]:
    """How many borders of clauses stand before each token."""
    counts, passed = [], 0
    for token in tokens:
        counts.append(passed)
        passed += token.parts or token.plain in _SOFT
    return [*counts, passed]


def _distance(i: int, quantity: Quantity, borders: list[int]) -> int:
    if i < quantity.first:
        return quantity.first - i + _BORDER * (borders[quantity.first] - borders[i])
    return i - quantity.last + 1 + _BORDER * (borders[i] - borders[quantity.last])
