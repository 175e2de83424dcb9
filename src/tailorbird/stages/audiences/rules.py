"""Audience rules over features: for everybody in columns, and for one person with the reasons."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from tailorbird.stages.audiences.audience_error import AudienceError, unknown_feature
from tailorbird.stages.audiences.compiled_condition import compiled_condition
from tailorbird.types.audience import AudienceRule, Condition, Membership
from tailorbird.types.feature import Features, FeatureTable

if TYPE_CHECKING:
    from tailorbird.stages.audiences.predicate import Predicate

_COMPARISONS = ("at_least", "at_most", "equals", "one_of")


def select_people(rule: AudienceRule, table: FeatureTable) -> list[bool]:
    """Whether each person of the table is in the audience. AudienceError: unknown feature, or no single comparison.

    Whoever has a withheld value in any condition is not: what may not be known can neither let a person in nor, by
    its absence, keep a `none` condition from holding.
    """
    check_audience(rule, table.columns)
    chosen = ~np.array(cannot_be_judged(rule, table), dtype=bool)
    if rule.sql is not None:
        predicate = _predicate(rule, table.columns)
        rows = zip(*(table.columns[name] for name in predicate.names), strict=True)
        held = map(predicate.holds, rows if predicate.names else ((),) * len(table.person_ids))
        chosen &= np.fromiter(held, bool, len(table.person_ids))
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
    for name in features_asked(rule, table.columns) & table.withheld.keys():
        hidden |= np.fromiter(table.withheld[name], bool, len(hidden))
    return [bool(value) for value in hidden]


def features_asked(rule: AudienceRule, names: Iterable[str]) -> set[str]:
    """The features that any condition of the rule asks for; `names` are the features there are."""
    if rule.sql is not None:
        return set(_predicate(rule, names).names)
    return {condition.feature for condition in (*rule.all, *rule.any, *rule.none)}


def membership_test(rule: AudienceRule, names: Sequence[str]) -> Callable[[Features], bool]:
    """A function that says whether one person is in the audience, in microseconds and without reasons.

    It is made once per rule; `names` are the features there are. AudienceError as for `select_people`, with which it
    agrees.
    """
    check_audience(rule, names)
    asked = features_asked(rule, names)
    if rule.sql is not None:
        predicate = _predicate(rule, names)

        def holds(values: Mapping[str, Any]) -> bool:
            return predicate.holds([values[name] for name in predicate.names])
    else:
        every, some, none = (
            [(condition.feature, compiled_condition(condition, _holds)) for condition in group]
            for group in (rule.all, rule.any, rule.none)
        )

        def holds(values: Mapping[str, Any]) -> bool:
            for feature, test in every:
                if not test(values[feature]):
                    return False
            if some and not any(test(values[feature]) for feature, test in some):
                return False
            return not none or not any(test(values[feature]) for feature, test in none)

    return lambda features: asked.isdisjoint(features.withheld) and holds(features.values)


def explain_membership(rule: AudienceRule, features: Features) -> Membership:
    """Whether and why one person is in the audience. Each condition: group, feature, test, value, held, withheld.

    Agrees with `select_people`: a withheld value in any condition means no.
    """
    check_audience(rule, features.values)
    if rule.sql is not None:
        return _explain_sql(rule, features)
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


def _explain_sql(rule: AudienceRule, features: Features) -> Membership:
    predicate = _predicate(rule, features.values)
    row = [None if name in features.withheld else features.values[name] for name in predicate.names]
    told: list[dict[str, Any]] = []
    for clause in predicate.clauses:
        hidden = [f"{name}: {features.withheld[name]}" for name in clause.names if name in features.withheld]
        told.append({
            "group": "sql",
            "feature": ", ".join(clause.names),
            "test": clause.text,
            "value": {name: features.values[name] for name in clause.names},
            "held": not hidden and clause.holds(row) is True,
            "withheld": "; ".join(hidden),
        })  # fmt: skip
    hidden_one = next((entry for entry in told if entry["withheld"]), None)
    if hidden_one:
        return Membership(features.person_id, False, f"withheld: {hidden_one['withheld']}", tuple(told))
    if failed := next((entry for entry in told if not entry["held"]), None):
        seen = ", ".join(
            f"{name} is {'missing' if value is None else value}" for name, value in failed["value"].items()
        )
        return Membership(features.person_id, False, f"{seen or 'it is fixed'}, must be {failed['test']}", tuple(told))
    return Membership(features.person_id, True, "every condition holds", tuple(told))


def _predicate(rule: AudienceRule, names: Iterable[str]) -> "Predicate":
    from tailorbird.stages.audiences.predicate import read_predicate  # the SQL parser is loaded only where there is SQL

    return read_predicate(rule.name, rule.sql or "", tuple(names))


def _holds(condition: Condition, value: Any) -> bool:
    if value is None:
        return False
    if isinstance(value, tuple):
        # A list's value is each of its own, to equals and one_of; it is no number.
        return any(_holds(condition, one) for one in value if isinstance(one, str))
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


def check_audience(rule: AudienceRule, names: Iterable[str]) -> None:
    """Raise AudienceError if the rule cannot be judged with features of these names."""
    known = list(names)
    if rule.sql is not None:
        if rule.all or rule.any or rule.none:
            raise AudienceError(f"audience {rule.name!r}: give either sql or the lists all, any and none, not both")
        _predicate(rule, known)
    for condition in (*rule.all, *rule.any, *rule.none):
        given = [name for name in _COMPARISONS if getattr(condition, name) is not None]
        if len(given) != 1:
            raise AudienceError(
                f"audience {rule.name!r}: the condition on {condition.feature!r} needs exactly one of "
                f"{', '.join(_COMPARISONS)}"
            )
        if condition.feature not in known:
            raise unknown_feature(rule.name, condition.feature, known)


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
