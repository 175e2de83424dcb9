"""A condition made ready for one person after the other: what a value usually is takes one comparison."""

from collections.abc import Callable
from typing import Any

from tailorbird.types.audience import Condition

_EXACT = 2**53
"""Whole numbers below it are floats without rounding: they compare as their floats do."""


def compiled_condition(condition: Condition, holds: Callable[[Condition, Any], bool]) -> Callable[[Any], bool]:
    """A test of a value, equal to `holds` with the condition; that is asked for every value of an unusual type."""
    if condition.at_least is not None:
        return _at_least(condition, condition.at_least, holds)
    if condition.at_most is not None:
        return _at_most(condition, condition.at_most, holds)
    if condition.one_of is not None:
        return _among(condition, frozenset(condition.one_of), holds)
    if isinstance(condition.equals, str):
        return _among(condition, frozenset({condition.equals}), holds)
    return lambda value: holds(condition, value)


def _at_least(condition: Condition, bound: float, holds: Callable[[Condition, Any], bool]) -> Callable[[Any], bool]:
    def test(value: Any) -> bool:
        kind = type(value)
        if kind is float or (kind is int and -_EXACT < value < _EXACT):
            return bool(value >= bound)
        return holds(condition, value)

    return test


def _at_most(condition: Condition, bound: float, holds: Callable[[Condition, Any], bool]) -> Callable[[Any], bool]:
    def test(value: Any) -> bool:
        kind = type(value)
        if kind is float or (kind is int and -_EXACT < value < _EXACT):
            return bool(value <= bound)
        return holds(condition, value)

    return test


def _among(
    condition: Condition, wanted: frozenset[str], holds: Callable[[Condition, Any], bool]
) -> Callable[[Any], bool]:
    def test(value: Any) -> bool:
        return value in wanted if type(value) is str else holds(condition, value)

    return test
