"""A proposed split of an audience: a small tree of conditions, each leaf with its size and its response."""

from collections.abc import Iterator
from dataclasses import dataclass

from tailorbird.types.audience import Condition


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of people, with its 95 % interval."""

    people: int
    responses: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Split:
    """One node. `path` are the conditions that lead to it, each with whether it holds; a leaf has no `condition`.

    `people` counts the treated people of the past here. `response` and `held_response` are those of the half that had
    no say in the tree, treated and held out; `lift` is (difference, low, high) between them, or None.
    """

    path: tuple[tuple[Condition, bool], ...]
    people: int
    response: Rate
    held_response: Rate
    lift: tuple[float, float, float] | None
    condition: Condition | None = None
    yes: "Split | None" = None
    no: "Split | None" = None

    def words(self) -> str:
        """The path in words; 'everybody' at the root."""
        return " and ".join(words_of(condition, holds) for condition, holds in self.path) or "everybody"

    def leaves(self) -> Iterator["Split"]:
        """The leaves, from left to right."""
        if self.yes is None or self.no is None:
            yield self
            return
        yield from self.yes.leaves()
        yield from self.no.leaves()


@dataclass(frozen=True, slots=True)
class SplitTree:
    """The whole proposal: the root, how many people it rests on, and how many were left out for want of consent."""

    root: Split
    left_out: int
    treated: int
    held: int


def words_of(condition: Condition, holds: bool = True) -> str:
    """A condition in words, such as 'orders at least 2', or that it does not hold."""
    if condition.at_least is not None:
        return f"{condition.feature} {'at least' if holds else 'missing or below'} {condition.at_least:g}"
    if condition.at_most is not None:
        return f"{condition.feature} {'at most' if holds else 'missing or above'} {condition.at_most:g}"
    if condition.one_of is not None:
        return f"{condition.feature} {'one of' if holds else 'none of'} {', '.join(condition.one_of)}"
    shown = str(condition.equals).lower() if isinstance(condition.equals, bool) else condition.equals
    return f"{condition.feature} {'is' if holds else 'is not'} {shown}"
