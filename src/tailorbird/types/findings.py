"""What a read-out finds beside the effect: in cohorts, over the weeks, and by the decision rule."""

from dataclasses import dataclass
from typing import Literal

from tailorbird.types.effect import Effect

RuleKind = Literal["ship", "do_not_ship", "not_yet", "blocked"]


@dataclass(frozen=True, slots=True)
class CohortEffect:
    """The effect inside one cohort, and whether it differs from that of all others.

    `found`: the effect is not zero; `differs`: it is not that of the others. Both are discoveries of e-BH, so of those
    in one table at most the share q are false, at every look and whatever depends on what. The `e` values are the
    evidence: 20 is what p = .05 would be. `effect` is None, with `why`, where the cohort is too small.
    """

    cohort: str
    treated_people: int
    control_people: int
    effect: Effect | None
    e: float = 0.0
    found: bool = False
    e_differs: float = 0.0
    differs: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class WeekEffect:
    """The effect in one week since exposure, 1 for the first. `effect` is None, with `why`, where it cannot be told."""

    week: int
    treated_people: int
    control_people: int
    effect: Effect | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Novelty:
    """Whether the effect wears off: the effect by week, its `slope` per week, and the effect from week 2 on.

    `wears_off`: the slope leads toward zero, and its interval excludes zero. `later` is what to decide on then.
    """

    weeks: tuple[WeekEffect, ...]
    slope: Effect | None = None
    later: Effect | None = None
    wears_off: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class RuleMetric:
    """One metric under the decision rule, with what its interval says.

    `effect` is treated minus control as measured; `margin` the harm that is still borne, in units of the metric (None:
    not a guardrail). `better`, `worse` and `not_worse` (by more than the margin) are sure, or False.
    """

    name: str
    effect: Effect | None
    success: bool = True
    higher_is_better: bool = True
    margin: float | None = None
    better: bool = False
    worse: bool = False
    not_worse: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """What the decision rule says, in one sentence, with the `reasons` metric by metric."""

    kind: RuleKind
    sentence: str
    reasons: tuple[str, ...]
    metrics: tuple[RuleMetric, ...]
