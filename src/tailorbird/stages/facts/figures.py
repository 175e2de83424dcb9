"""Figures: every number, date and code of a text must be one of the facts."""

import re
from dataclasses import replace

from tailorbird.stages.facts.cues import cues_of
from tailorbird.stages.facts.dates import find_dates
from tailorbird.stages.facts.index import NumberFact
from tailorbird.stages.facts.match import match_date, match_number
from tailorbird.stages.facts.quantities import Quantity, find_quantities, share_units
from tailorbird.stages.facts.reading import Reading
from tailorbird.stages.facts.tokens import joins
from tailorbird.stages.facts.units import unit_of

_MEASURES = {"width", "height", "depth", "length", "thickness", "diameter", "weight"}
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)")


def check_dates(reading: Reading, region: str) -> None:
    """Every date must be a date of the facts."""
    index = reading.index
    for found in find_dates(reading.text, reading.tokens, reading.language, index.today, region):
        if all(reading.taken[found.first : found.last]):
            continue
        reading.take(found.first, found.last)
        agreeing = [fact for fact in index.dates if match_date(found, fact)]
        reading.stated.update(fact.name for fact in agreeing)
        denied = reading.is_denied(found.first, found.last)
        if bool(agreeing) != denied:
            continue
        said = reading.text[slice(*reading.span(found.first, found.last))]
        if denied:
            if agreeing:
                reading.found(found.first, found.last, "denied_fact", "the text denies what is so",
                              f"{agreeing[0].name}: {agreeing[0].first}", source=agreeing[0].source)  # fmt: skip
        else:
            known = "; ".join(f"{fact.name}: {fact.first}" for fact in index.dates[:3])
            reading.found(found.first, found.last, "date", f"no fact has the date {said!r}", known)


def check_numbers(reading: Reading) -> None:
    """Every number must be a fact's, with its unit, and that of the attribute that the words around it name."""
    for first, last, _ in reading.index.attribute_numbers.find(reading.tokens):
        reading.take(first, last)
    _take_parts(reading)
    quantities = find_quantities(reading.tokens, reading.language, reading.taken)
    quantities = share_units(reading.tokens, quantities)
    for quantity, cues in zip(
        quantities, cues_of(reading.tokens, quantities, reading.language, reading.names), strict=True
    ):
        if _is_idiom(reading, quantity):
            continue
        match = match_number(quantity, cues, reading.index, _measured(reading, quantity))
        if not match.facts and reading.tokens[quantity.last - 1].plain in ("pound", "pounds", "pfund"):
            quantity = replace(quantity, unit=unit_of("lb"))  # pounds of weight
            match = match_number(quantity, cues, reading.index, _measured(reading, quantity))
        denied = reading.is_denied(quantity.first, quantity.last)
        reading.take(quantity.first, quantity.last)
        if match.facts and match.rival is None:
            reading.stated.update(fact.name for fact in match.facts)
            if denied:
                fact = match.facts[0]
                reading.found(quantity.first, quantity.last, "denied_fact", f"the text denies what is so: {fact.name}",
                              f"{fact.name}: {fact.shown}", source=fact.source)  # fmt: skip
        elif not denied and not _is_year(reading, quantity):
            _tell(reading, quantity, match.rival)


def _take_parts(reading: Reading) -> None:
    """Numbers that a name or a value has, beside the word that stands before them there: 'Phaser 6100'."""
    for i in range(1, len(reading.tokens)):
        before = i - 1 - (i > 1 and joins(reading.tokens[i - 1]))
        pair = reading.phrase(before, i + 1)
        if reading.tokens[i].kind == "number" and len(pair) == 2 and pair in reading.index.parts:
            reading.take(i, i + 1)


def _measured(reading: Reading, quantity: Quantity) -> str:
    """What a measure is said to be by the word right after it: '22 cm deep' is a depth and nothing else."""
    last = quantity.last
    if last < len(reading.tokens) and reading.concepts[last] == "length" and reading.tokens[last].text[0].isupper():
        return ""  # 'ein Kabel von 5 m Länge': which length, the words before say
    if quantity.unit is None or last >= len(reading.tokens) or reading.concepts[last] not in _MEASURES:
        return ""
    fits = "mass" if reading.concepts[last] == "weight" else "length"
    return reading.concepts[last] if quantity.unit.dimension == fits else ""


def _tell(reading: Reading, quantity: Quantity, rival: NumberFact | None) -> None:
    said = reading.text[slice(*reading.span(quantity.first, quantity.last))]
    if rival is not None:
        reading.stated.add(rival.name)
        reading.found(
            quantity.first, quantity.last, "contradiction", f"{rival.name} is not {said!r}",
            f"{rival.name}: {rival.shown}", repair=_literal(quantity, rival), source=rival.source,
        )  # fmt: skip
        return
    alike = [
        fact for fact in reading.index.numbers
        if quantity.unit is not None and fact.unit is not None and fact.unit.dimension == quantity.unit.dimension
    ]  # fmt: skip
    evidence = "; ".join(dict.fromkeys(f"{fact.name}: {fact.shown}" for fact in alike[:3]))
    source = alike[0].source if alike else ""
    reading.found(quantity.first, quantity.last, "number", f"no fact has {said!r}", evidence, source=source)


def _literal(quantity: Quantity, fact: NumberFact) -> str | None:
    """The fact as it may stand in place of the number, where it is a plain one with the number's own unit."""
    if fact.derived or fact.low != fact.high or quantity.bound != "exact" or fact.unit != quantity.unit:
        return None
    return fact.shown


def _is_idiom(reading: Reading, quantity: Quantity) -> bool:
    """'24/7' and '2-in-1' count nothing."""
    around = reading.tokens[max(0, quantity.first - 2) : quantity.last + 2]
    return [token.text for token in around if token.text in ("24", "/", "7")] == ["24", "/", "7"]


def _is_year(reading: Reading, quantity: Quantity) -> bool:
    """A year that a date of the facts lies in."""
    low, high = quantity.readings[0]
    if quantity.unit is not None or low != high or low != low.to_integral_value():
        return False
    years = [fact for fact in reading.index.dates if fact.first.year == int(low)]
    reading.stated.update(fact.name for fact in years)
    return bool(years)


def check_codes(reading: Reading) -> None:
    """Model numbers and other codes that no fact has."""
    for i, token in enumerate(reading.tokens):
        if token.kind != "code" or reading.taken[i] or _ORDINAL.fullmatch(token.plain):
            continue
        if (token.plain,) in reading.index.parts or reading.denied[i]:
            continue
        reading.take(i, i + 1)
        reading.found(i, i + 1, "code", f"no fact has {token.text!r}")
