"""The comparison: one arm of a campaign held against another, metric by metric, and what follows from it."""

from dataclasses import dataclass
from typing import Literal

from tailorbird.types.effect import Effect
from tailorbird.types.estimate import Estimate
from tailorbird.types.findings import CohortEffect, Novelty, RuleVerdict
from tailorbird.types.metric import MetricKind
from tailorbird.types.power import PowerLeft

Role = Literal["success", "guardrail", "watched"]
Ruling = Literal["better", "worse", "within margin", "not shown", "cannot be judged"]


@dataclass(frozen=True, slots=True)
class MetricResult:
    """One metric of a comparison. A `success` metric may make the campaign one, a `guardrail` must stay within its
    `margin`, and a `watched` one must not get surely worse.

    `estimate` is adjusted by what the same people did before, where that helps (its `kept` says how much of the
    variance is left); `effect` has the always-valid interval. None, with `why`, where nothing can be said.
    """

    name: str
    role: Role
    kind: MetricKind
    better: Literal["more", "less"]
    estimate: Estimate
    effect: Effect | None
    ruling: Ruling
    margin: float | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """`arm` held against `control`, each a variant's name, 'treatment' or 'holdout'.

    `exposed` is the share of the arm's people whom a message reached; `on_exposed` the effect of the campaign's metric
    among them, if those who were not reached were not changed. `fixed` is
    the ordinary interval, for those who look once. `since` is when the later of
    the two arms began ('' : both from the start): whoever was decided for before counts in neither.
    """

    arm: str
    control: str
    people: int
    control_people: int
    results: tuple[MetricResult, ...]
    verdict: RuleVerdict
    exposed: float = 0.0
    on_exposed: Effect | None = None
    fixed: Effect | None = None
    cohorts: tuple[tuple[str, tuple[CohortEffect, ...]], ...] = ()
    novelty: Novelty | None = None
    power_left: PowerLeft | None = None
    since: str = ""
