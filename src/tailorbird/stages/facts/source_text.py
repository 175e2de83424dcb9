"""Facts of a source in free text: for holding an answer, a summary or a description against what it was made from."""

from collections import OrderedDict

from tailorbird.stages.facts.cues import cues_of
from tailorbird.stages.facts.dates import find_dates
from tailorbird.stages.facts.languages import language_of
from tailorbird.stages.facts.quantities import find_quantities, share_units
from tailorbird.stages.facts.tokens import tokenise
from tailorbird.types.fact import Entity, Fact, Facts

SOURCE = "source"


def facts_from_text(source: str, locale: str) -> Facts:
    """Every number of the source with its unit and the words that it is read with as its attribute ('battery life'),
    every date, and every sentence in its words. No facts in a language that the check does not know.
    """
    language = language_of(locale.replace("_", "-").split("-")[0].lower())
    if language is None:
        return Facts()
    tokens = tokenise(source)
    taken = [False] * len(tokens)
    facts: list[Fact] = []
    for date in find_dates(source, tokens, language, None, locale[-2:].upper()):
        facts += [Fact(SOURCE, first, source=SOURCE) for first, last in date.spans if first == last]
        taken[date.first : date.last] = [True] * (date.last - date.first)
    quantities = share_units(tokens, find_quantities(tokens, language, taken))
    for quantity, cues in zip(quantities, cues_of(tokens, quantities, language), strict=True):
        low, high = quantity.readings[0]
        name = " ".join(sorted(cues)) or SOURCE
        unit = quantity.unit.name if quantity.unit else ""
        facts.append(Fact(name, low, unit, high if high != low else None, SOURCE))
    sentences: OrderedDict[int, list[tuple[int, int]]] = OrderedDict()
    for token in tokens:
        sentences.setdefault(token.sentence, []).append((token.start, token.end))
    facts += [Fact(SOURCE, source[spans[0][0] : spans[-1][1]], source=SOURCE) for spans in sentences.values()]
    return Facts((Entity(SOURCE, (), tuple(facts)),))
