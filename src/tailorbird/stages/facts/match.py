"""Whether a number or a date of a text is one of the facts, and of which attribute."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, localcontext

from tailorbird.stages.facts.dates import FoundDate
from tailorbird.stages.facts.index import DateFact, Index, NumberFact
from tailorbird.stages.facts.quantities import Quantity
from tailorbird.stages.facts.units import Unit, is_money
from tailorbird.types.claim import Bound

_ABOUT = Decimal("0.05")
_NEARLY = Decimal("0.9")
_ROUNDED_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Match:
    """What was found for a number: `facts` it agrees with, `rival` the fact whose attribute the words around it name
    and whose value is another one."""

    facts: tuple[NumberFact, ...]
    rival: NumberFact | None = None


def match_number(quantity: Quantity, cues: frozenset[str], index: Index, measured: str = "") -> Match:
    """The facts that a number agrees with.

    Words beside the number (`cues`) choose the attribute: where they name one wholly, the number must be its value,
    and that it is the value of another attribute does not help. `measured` is what it must be about in any case.
    """
    candidates = [fact for fact in index.numbers if _comparable(quantity.unit, fact.unit)]
    agreeing = tuple(fact for fact in candidates if agrees(quantity, fact))
    if measured:
        agreeing = tuple(fact for fact in agreeing if measured in fact.about)
        cues = cues | {measured}
    if quantity.unit is not None and not cues.isdisjoint(("saving", "discount")):
        cues = cues | ({"discount"} if quantity.unit.dimension == "share" else {"saving"})
    named = [
        (len(fact.about & cues), fact)
        for fact in candidates
        if fact.about and fact.about <= cues and (fact in agreeing or _alike(quantity.unit, fact.unit))
    ]
    if not named:
        return Match(agreeing, None)
    most = max(size for size, _ in named)
    meant = [fact for size, fact in named if size == most]
    if any(fact in agreeing for fact in meant):
        return Match(tuple(fact for fact in agreeing if fact in meant))
    if any(len(fact.about & cues) > most for fact in agreeing):
        return Match(agreeing)
    return Match(agreeing, meant[0])


def _comparable(unit: Unit | None, of_fact: Unit | None) -> bool:
    """Units of one dimension; a plain number of the facts may have any unit but a currency, and the other way round
    a plain number of the text none but that of counted things."""
    if unit is None:
        return True
    if of_fact is None:
        return not is_money(unit) and unit.dimension != "share"
    return unit.dimension == of_fact.dimension


def _alike(unit: Unit | None, of_fact: Unit | None) -> bool:
    """Whether a number can contradict a fact: both have a unit of one kind, or none, or the text leaves a measure's
    unit out."""
    if unit is None or of_fact is None:
        return unit is None and (of_fact is None or not (is_money(of_fact) or of_fact.dimension == "share"))
    return True


def agrees(quantity: Quantity, fact: NumberFact) -> bool:
    """Whether the number says of the fact what is so, bounds and rounding considered."""
    if fact.bound != "exact" and _LIMITS[fact.bound] != _LIMITS[quantity.bound]:
        return False
    for n, (low, high) in enumerate(quantity.readings):
        if n and quantity.unit != fact.unit:
            break  # the second reading of '1.450' holds only in the unit that the fact is written in
        for unit_factor in _factors(quantity.unit, fact.unit):
            if _holds(quantity, low, high, fact, unit_factor):
                return True
    return False


_LIMITS: Mapping[Bound, str] = {
    "over": "least", "at_least": "least", "from": "least",
    "at_most": "most", "under": "most", "nearly": "most", "up_to": "most", "about": "about", "exact": "exact",
}  # fmt: skip
"""Bounds that say the same of a number that is a limit in the facts: 'under £20' is 'less than £20'."""


def _factors(unit: Unit | None, of_fact: Unit | None) -> tuple[tuple[Decimal, Decimal, Decimal], ...]:
    """(factor, offset, factor back) from the fact's unit to the text's, in every reading of the units."""
    if unit is None or of_fact is None or unit == of_fact:
        return ((Decimal(1), Decimal(0), Decimal(1)),)
    with localcontext() as context:
        context.prec = 40
        found = []
        for mine in {unit.factor, unit.loose or unit.factor}:
            for theirs in {of_fact.factor, of_fact.loose or of_fact.factor}:
                # value_text = (value_fact + offset_fact) * theirs / mine - offset_text
                found.append((theirs / mine, of_fact.offset * theirs / mine - unit.offset, mine / theirs))
        return tuple(found)


def _holds(
    quantity: Quantity, low: Decimal, high: Decimal, fact: NumberFact, factor: tuple[Decimal, Decimal, Decimal]
) -> bool:
    converted = factor[0] != 1 or factor[1] != 0
    if fact.bound != "exact":  # the fact is a limit itself
        return _same(low, fact.low * factor[0] + factor[1], quantity, converted)
    least, most = fact.low * factor[0] + factor[1], fact.high * factor[0] + factor[1]
    if low != high:  # a range of the text: the fact's range, or a single value at both ends never
        return _same(low, least, quantity, converted) and _same(high, most, quantity, converted)
    value = low
    if least != most:  # a range of the facts: its ends, with the word that says which
        if quantity.bound in ("from", "at_least", "over"):
            return _same(value, least, quantity, converted)
        if quantity.bound in ("up_to", "at_most", "under", "nearly"):
            return _same(value, most, quantity, converted)
        return _same(value, least, quantity, converted) or _same(value, most, quantity, converted)
    return _bounded(quantity, value, least, converted, fact)


def _bounded(quantity: Quantity, value: Decimal, true: Decimal, converted: bool, fact: NumberFact) -> bool:
    same = _same(value, true, quantity, converted)
    size = abs(true)
    if quantity.bound == "about":
        return same or abs(value - true) <= size * _ABOUT
    if quantity.bound == "nearly":
        return value * _NEARLY <= true < value
    if quantity.bound == "over":
        return value < true <= value * Decimal("1.25")
    if quantity.bound == "under":
        return value * Decimal("0.8") <= true < value
    if quantity.bound == "at_least":
        return same or value <= true <= value * Decimal("1.25")
    if quantity.bound == "at_most":
        return same or value * Decimal("0.8") <= true <= value
    if fact.derived and quantity.unit is not None and quantity.unit.dimension == "share":
        return same or value == true.to_integral_value(ROUND_DOWN) or value == true.to_integral_value(ROUND_HALF_UP)
    return same


def _same(value: Decimal, true: Decimal, quantity: Quantity, converted: bool) -> bool:
    """Equal, or the true value rounded to the decimals that were written.

    Money is never rounded. Another measure is where at least three digits are left, or two where units were converted.
    """
    if value == true:
        return True
    if quantity.unit is not None and is_money(quantity.unit):
        return False
    step = Decimal(1).scaleb(-quantity.decimals)
    if true.copy_abs() > Decimal(10) ** 20:
        return False
    rounded = true.quantize(step, ROUND_HALF_UP)
    digits = len(str(abs(rounded)).replace(".", "").lstrip("0"))
    if converted and abs(value - true) * 500 <= abs(true):
        return True  # 1.525 m are five feet
    return value == rounded and digits >= (_ROUNDED_DIGITS - converted)


def match_date(found: FoundDate, fact: DateFact) -> bool:
    """Whether a date of the facts lies within what the text named (a day, a month)."""
    if found.month_day is not None and (fact.first.month, fact.first.day) == found.month_day:
        return True  # a day without a year: the fact's
    return any(first <= fact.first and fact.last <= last for first, last in found.spans)
