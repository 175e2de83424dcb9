"""The simulated lift: what a campaign might bring, by a model of past ones. It is no evidence, and says so."""

from dataclasses import dataclass

LABEL = "simulation, not evidence"
"""Stands wherever a simulated number does."""

ALLOWANCE = 0.2
"""The largest share of a budget that may rest on simulation alone."""


@dataclass(frozen=True, slots=True)
class SimulatedLift:
    """Treatment minus holdout as a share of people (0.02 is 2 points), with an interval that is to hold the true lift
    of nine campaigns in ten; None, with `why`, where the past says too little.

    `campaigns` past ones stand behind it. `slope` is how many points of true lift came with a point of simulated one in
    campaigns that the model had not seen (0: the people say nothing, and the mean past lift is told). `sign_right` is
    the share of those whose direction it had right.
    """

    lift: float | None
    low: float | None
    high: float | None
    campaigns: int
    slope: float | None = None
    sign_right: float | None = None
    why: str = ""
    label: str = LABEL
