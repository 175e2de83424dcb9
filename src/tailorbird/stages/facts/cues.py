"""Which words a number is read with: each word of a sentence goes to the number that it stands closest to."""

from bisect import bisect_left, bisect_right
from collections.abc import Set as AbstractSet

from tailorbird.stages.facts.language import Language, concepts_in
from tailorbird.stages.facts.quantities import Quantity
from tailorbird.stages.facts.tokens import Token

_BORDER = 6
"""A comma or an 'and' between a word and a number counts as so many words."""
_SOFT = {"and", "und", "with", "mit", "or", "oder", "plus"}
_REACH = 10
_DIMENSIONS = {
    **dict.fromkeys(("width", "height", "depth", "length", "thickness", "diameter", "diagonal"), "length"),
    "weight": "mass", "price": "money", "temperature": "temperature", "frequency": "frequency", "power": "power",
}  # fmt: skip
"""What can be measured in which kind of unit only: 'weighs' belongs to no centimetres, however near."""


def cues_of(
    tokens: list[Token], quantities: list[Quantity], language: Language, names: AbstractSet[int] = frozenset()
) -> list[frozenset[str]]:
    """For each quantity, what the words that belong to it are about; `names` are tokens that name the subject."""
    found: list[set[str]] = [set() for _ in quantities]
    borders = _borders(tokens)
    by_sentence: dict[int, list[int]] = {}
    for n, quantity in enumerate(quantities):
        by_sentence.setdefault(tokens[quantity.first].sentence, []).append(n)
    sentences = {sentence: _Numbers(listed, quantities) for sentence, listed in by_sentence.items()}
    inside = {i for quantity in quantities for i in range(quantity.first, quantity.last)}
    for i, token in enumerate(tokens):
        near = sentences.get(token.sentence)
        if (
            not near
            or token.kind == "mark"
            or i in inside
            or i in names
            or len(token.plain) < 2
            or token.plain in language.idle
        ):
            continue
        wanted = {_DIMENSIONS[concept] for concept in concepts_in(token.plain) if concept in _DIMENSIONS}
        fits = wanted | {""} if wanted and not near.dimensions.isdisjoint(wanted | {""}) else None
        distances = [
            (_distance(i, quantities[n], borders), n)
            for n in near.around(i)
            if fits is None or _dimension(quantities[n]) in fits
        ]
        least = min(distances)[0] if distances else _REACH + 1
        if least <= _REACH:
            for distance, n in distances:
                if distance == least:
                    found[n].update(concepts_in(token.plain))
    return [frozenset(words) for words in found]


class _Numbers:
    """The quantities of one sentence, in their order: found by place, so that a sentence without an end costs no more
    than its length."""

    def __init__(self, listed: list[int], quantities: list[Quantity]) -> None:
        self._listed = sorted(listed, key=lambda n: quantities[n].first)
        self._firsts = [quantities[n].first for n in self._listed]
        self._lasts = [quantities[n].last for n in self._listed]
        self.dimensions = {_dimension(quantities[n]) for n in listed}

    def around(self, i: int) -> list[int]:
        """Those that a word at token `i` can reach."""
        return self._listed[bisect_left(self._lasts, i + 1 - _REACH) : bisect_right(self._firsts, i + _REACH)]


def _dimension(quantity: Quantity) -> str:
    return "" if quantity.unit is None else quantity.unit.dimension.split()[0]


def _borders(tokens: list[Token]) -> list[int]:
    """How many borders of clauses stand before each token."""
    counts, passed = [], 0
    for token in tokens:
        counts.append(passed)
        passed += (token.parts and token.text != ":") or token.plain in _SOFT
    return [*counts, passed]


def _distance(i: int, quantity: Quantity, borders: list[int]) -> int:
    if i < quantity.first:
        return quantity.first - i + _BORDER * (borders[quantity.first] - borders[i])
    return i - quantity.last + 1 + _BORDER * (borders[i] - borders[quantity.last])
