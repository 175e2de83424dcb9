"""Facts of a source in free text: for holding an answer, a summary or a description against what it was made from."""

import re
from collections import OrderedDict
from collections.abc import Iterator

from tailorbird.stages.facts.cues import cues_of
from tailorbird.stages.facts.dates import find_dates
from tailorbird.stages.facts.languages import language_of
from tailorbird.stages.facts.quantities import find_quantities, share_units
from tailorbird.stages.facts.tokens import tokenise
from tailorbird.types.fact import Entity, Fact, Facts

SOURCE = "source"
_FIELD = re.compile(r"[ \t]*([^\W\d][\w ()/.-]{1,60}?)[ \t]*[:=][ \t]+(\S.*?)[ \t]*")
_WAS, _WAS_REACH = {"was", "instead", "statt", "vorher", "regular", "rrp", "uvp", "before", "früher"}, 3


def facts_from_text(source: str, locale: str) -> Facts:
    """Every line 'name: value' as that fact; elsewhere every number with its unit and the words that it is read with
    as its attribute ('battery life'), every date, and every sentence in its words.

    No facts in a language that the check does not know.
    """
    language = language_of(locale.replace("_", "-").split("-")[0].lower())
    if language is None:
        return Facts()
    tokens = tokenise(source)
    fields = [match.span() for match in _fields(source)]
    taken = [any(start <= token.start < end for start, end in fields) for token in tokens]
    within = list(taken)
    facts = [Fact(match[1], match[2], source=SOURCE) for match in _fields(source)]
    for date in find_dates(source, tokens, language, None, locale[-2:].upper()):
        facts += [Fact(SOURCE, first, source=SOURCE) for first, last in date.spans if first == last]
        taken[date.first : date.last] = [True] * (date.last - date.first)
    quantities = share_units(tokens, find_quantities(tokens, language, taken))
    for quantity, cues in zip(quantities, cues_of(tokens, quantities, language), strict=True):
        low, high = quantity.readings[0]
        before = tokens[max(0, quantity.first - _WAS_REACH) : quantity.first]
        was = {"was"} if any(token.plain in _WAS for token in before) else set()
        name = " ".join(sorted(cues | was)) or SOURCE
        unit = quantity.unit.name if quantity.unit else ""
        facts.append(Fact(name, low, unit, high if high != low else None, SOURCE))
    sentences: OrderedDict[int, list[tuple[int, int]]] = OrderedDict()
    for token, is_field in zip(tokens, within, strict=True):
        if is_field:
            continue
        sentences.setdefault(token.sentence, []).append((token.start, token.end))
    facts += [Fact(SOURCE, source[spans[0][0] : spans[-1][1]], source=SOURCE) for spans in sentences.values()]
    return Facts((Entity(SOURCE, (), tuple(facts)),))


def _fields(source: str) -> Iterator[re.Match[str]]:
    """Lines such as 'weight: 300 g'."""
    at = 0
    for line in source.splitlines(keepends=True):
        found = _FIELD.fullmatch(source, at, at + len(line.rstrip("\r\n")))
        if found:
            yield found
        at += len(line)
