"""The file events.yaml: the tracking plan, and which of its rules make no sense."""

import re
from collections.abc import Iterator
from pathlib import Path
from re import _parser  # type: ignore[attr-defined,unused-ignore]  # the pattern's own tree: nothing public shows it
from typing import Any

from tailorbird.project.errors import ProjectError
from tailorbird.project.source import line_of, nearest, parse, read_yaml
from tailorbird.types.tracking_plan import PLAN_FILE, EventRule, FieldRule, TrackingPlan

_PYTHON_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}
Place = tuple[str | int, ...]


def read_plan(root: Path) -> TrackingPlan | None:
    """The project's tracking plan, None without events.yaml. ProjectError: a rule that no event could follow."""
    path = root / PLAN_FILE
    if not path.exists():
        return None
    plan: TrackingPlan = parse(path, TrackingPlan)
    for place, message in _mistakes(plan):
        raise ProjectError(path, line_of(read_yaml(path), place), ".".join(map(str, place)), message)
    return plan


def fields_of(rule: EventRule | FieldRule, place: Place = ()) -> Iterator[tuple[Place, FieldRule]]:
    """Every field below a rule with its place in the file, each object before what is in it."""
    for name, field in rule.properties.items():
        here = (*place, "properties", name)
        yield here, field
        yield from fields_of(field, here)
    if isinstance(rule, FieldRule) and rule.items is not None:
        here = (*place, "items")
        yield here, rule.items
        yield from fields_of(rule.items, here)


def _mistakes(plan: TrackingPlan) -> Iterator[tuple[Place, str]]:
    rules: list[tuple[Place, EventRule]] = [(("events", name), rule) for name, rule in plan.events.items()]
    rules += [(("traits",), plan.traits)] if plan.traits else []
    for place, rule in rules:
        yield from _unlisted(place, rule)
        for where, field in fields_of(rule, place):
            yield from _unlisted(where, field)
            yield from _odd_values(where, field)
            yield from _odd_pattern(where, field)


def _unlisted(place: Place, rule: EventRule | FieldRule) -> Iterator[tuple[Place, str]]:
    for i, name in enumerate(rule.required):
        if name not in rule.properties:
            mend = nearest(name, list(rule.properties)) or "; list it under properties"
            yield (*place, "required", i), f"properties does not list {name!r}{mend}"


def _odd_values(place: Place, rule: FieldRule) -> Iterator[tuple[Place, str]]:
    pairs: list[tuple[str, Any, str, Any]] = [
        ("minimum", rule.minimum, "maximum", rule.maximum),
        ("minLength", rule.minLength, "maxLength", rule.maxLength),
    ]
    for low_name, low, high_name, high in pairs:
        if low is not None and high is not None and low > high:
            yield (*place, low_name), f"must be at most {high_name}, {high} (found {low}): no value could be right"
    for name, length in (("minLength", rule.minLength), ("maxLength", rule.maxLength)):
        if length is not None and length < 0:
            yield (*place, name), f"must be 0 or more (found {length})"
    if rule.enum is not None and not rule.enum:
        yield (*place, "enum"), "must have at least one value: no value could be right"
    for i, value in enumerate(rule.enum or ()):
        if not (value is None or isinstance(value, str | int | float)):
            yield (*place, "enum", i), f"must be text, a number, true, false or null (found {value!r}); use quotes"
        elif rule.type is not None and not _has_type(value, rule.type):
            yield (*place, "enum", i), f"must be of the field's type, {rule.type} (found {value!r})"


def _has_type(value: Any, names: str | tuple[str, ...]) -> bool:
    given = (names,) if isinstance(names, str) else names
    return any(type(value) in _PYTHON_TYPES.get(name, ()) for name in given)


def _odd_pattern(place: Place, rule: FieldRule) -> Iterator[tuple[Place, str]]:
    if rule.pattern is None:
        return
    try:
        tree = _parser.parse(rule.pattern)
    except re.error as error:
        yield (*place, "pattern"), f"is no regular expression: {error} (found {rule.pattern!r})"
        return
    if _repeats_a_repeat(tree, False):
        yield (
            (*place, "pattern"),
            f"repeats what repeats, as (a+)+ does: some texts would take for ever; write it flatter ({rule.pattern!r})",
        )


def _repeats_a_repeat(tree: Any, inside: bool) -> bool:
    """Whether an unbounded repeat is inside another: what makes a search take exponential time."""
    for operation, argument in tree:
        name = str(operation)
        if name in ("MAX_REPEAT", "MIN_REPEAT"):
            unbounded = argument[1] == _parser.MAXREPEAT
            if (unbounded and inside) or _repeats_a_repeat(argument[2], inside or unbounded):
                return True
        elif any(_repeats_a_repeat(branch, inside) for branch in _inner(name, argument)):
            return True
    return False


def _inner(name: str, argument: Any) -> list[Any]:
    """The patterns inside one operation of a pattern's tree."""
    if name == "SUBPATTERN":
        return [argument[-1]]
    if name in ("ASSERT", "ASSERT_NOT"):
        return [argument[1]]
    return list(argument[1]) if name == "BRANCH" else []
