"""Audience rules over features: for everybody in columns, and for one person with the reasons."""

import difflib
import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from tailorbird.types.audience import AudienceRule, Condition, Membership
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.feature import Features, FeatureTable

_COMPARISONS = ("at_least", "at_most", "equals", "one_of")


class AudienceError(TailorbirdError):
    """An audience rule that cannot be judged. One sentence: which audience, what is wrong, how to mend it."""


def select_people(rule: AudienceRule, table: FeatureTable) -> list[bool]:
    """Whether each person of the table is in the audience. AudienceError: unknown feature, or no single comparison.

    Whoever has a withheld value in any condition is not: what may not be known can neither let a person in nor, by
    its absence, keep a `none` condition from holding.
    """
    _check(rule, table.columns)
    chosen = ~np.array(cannot_be_judged(rule, table), dtype=bool)
    for condition in rule.all:
        chosen &= _holds_many(condition, table.columns[condition.feature])
    if rule.any:
        some = np.zeros(len(table.person_ids), dtype=bool)
        for condition in rule.any:
            some |= _holds_many(condition, table.columns[condition.feature])
        chosen &= some
    for condition in rule.none:
        chosen &= ~_holds_many(condition, table.columns[condition.feature])
    return [bool(value) for value in chosen]


def cannot_be_judged(rule: AudienceRule, table: FeatureTable) -> list[bool]:
    """Whether the rule asks for a value that is withheld, per person of the table. A missing value is not withheld."""
    hidden = np.zeros(len(table.person_ids), dtype=bool)
    for name in {condition.feature for condition in (*rule.all, *rule.any, *rule.none)} & set(table.withheld):
        hidden |= np.fromiter(table.withheld[name], bool, len(hidden))
    return [bool(value) for value in hidden]


def explain_membership(rule: AudienceRule, features: Features) -> Membership:
    """Whether and why one person is in the audience. Each condition: group, feature, test, value, held, withheld.

    Agrees with `select_people`: a withheld value in any condition means no.
    """
    _check(rule, features.values)
    told = [
        {
            "group": group,
            "feature": condition.feature,
            "test": _test(condition),
            "value": features.values[condition.feature],
            "held": condition.feature not in features.withheld
            and _holds(condition, features.values[condition.feature]),
            "withheld": features.withheld.get(condition.feature, ""),
        }
        for group, conditions in (("all", rule.all), ("any", rule.any), ("none", rule.none))
        for condition in conditions
    ]
    wrong = [entry for entry in told if entry["withheld"]]
    wrong += [entry for entry in told if entry["group"] == "all" and not entry["held"]]
    wrong += [entry for entry in told if entry["group"] == "none" and entry["held"]]
    some = [entry for entry in told if entry["group"] == "any"]
    if wrong:
        return Membership(features.person_id, False, _why_not(wrong[0]), tuple(told))
    if some and not any(entry["held"] for entry in some):
        return Membership(features.person_id, False, "none of the alternatives under 'any' holds", tuple(told))
    return Membership(features.person_id, True, "every condition holds", tuple(told))


def _holds(condition: Condition, value: Any) -> bool:
    if value is None:
        return False
    if condition.at_least is not None:
        return _number(value) >= condition.at_least
    if condition.at_most is not None:
        return _number(value) <= condition.at_most
    if condition.one_of is not None:
        return isinstance(value, str) and value in condition.one_of
    wanted = condition.equals
    if isinstance(wanted, bool) or isinstance(value, bool):
        return isinstance(wanted, bool) and isinstance(value, bool) and wanted is value
    return bool(value == wanted)


def _holds_many(condition: Condition, values: Sequence[Any]) -> npt.NDArray[np.bool_]:
    if condition.at_least is None and condition.at_most is None:
        return np.fromiter((_holds(condition, value) for value in values), bool, len(values))
    numbers = np.fromiter(map(_number, values), float, len(values))
    if condition.at_least is not None:
        return numbers >= condition.at_least
    assert condition.at_most is not None
    return numbers <= condition.at_most


def _number(value: Any) -> float:
    """The value as the one float that both forms compare: NaN, which no comparison holds for, if it is no number; a
    whole number that no float holds is infinite."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _check(rule: AudienceRule, names: Iterable[str]) -> None:
    known = list(names)
    for condition in (*rule.all, *rule.any, *rule.none):
        given = [name for name in _COMPARISONS if getattr(condition, name) is not None]
        if len(given) != 1:
            raise AudienceError(
                f"audience {rule.name!r}: the condition on {condition.feature!r} needs exactly one of "
                f"{', '.join(_COMPARISONS)}"
            )
        if condition.feature not in known:
            near = difflib.get_close_matches(condition.feature, known, n=1, cutoff=0.5)
            mend = f"did you mean {near[0]!r}?" if near else f"defined are {', '.join(known) or 'none'}"
            raise AudienceError(f"audience {rule.name!r}: there is no feature {condition.feature!r}; {mend}")


def _test(condition: Condition) -> str:
    name = next(name for name in _COMPARISONS if getattr(condition, name) is not None)
    wanted = getattr(condition, name)
    shown = ", ".join(wanted) if name == "one_of" else f"{wanted:g}" if name in ("at_least", "at_most") else wanted
    words = {"at_least": "at least", "at_most": "at most", "equals": "equal to", "one_of": "one of"}
    return f"{words[name]} {shown}"


def _why_not(entry: dict[str, Any]) -> str:
    if entry["withheld"]:
        return f"{entry['feature']} is withheld: {entry['withheld']}"
    seen = "missing" if entry["value"] is None else entry["value"]
    rule = f"must not be {entry['test']}" if entry["group"] == "none" else f"must be {entry['test']}"
    return f"{entry['feature']} is {seen}, {rule}"
