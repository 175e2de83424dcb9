"""Power: how many people an experiment needs, and what it can still find."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PowerPlan:
    """How many people (all arms together) a comparison needs to find `effect`, in units of the metric.

    `people` is for intervals that hold at every look, `people_fixed` for a test that is looked at once; `median_stop`
    is where half of the experiments with that effect have found it. `days` is how long it takes to have them and to
    close their windows; None where no traffic was given. `needs` has the people by metric: guardrails need their own.
    """

    effect: float
    people: int
    people_fixed: int
    median_stop: int
    power: float
    alpha: float
    holdout: float
    days: float | None = None
    needs: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class PowerLeft:
    """What the rest of an experiment can find.

    `done` is the part of the planned people that is in. `smallest_effect` is the effect that the whole finds with
    probability `power`. `chance` is the probability that the interval excludes zero by the planned end, given what was
    seen, if the effect is really as estimated. None, with `why`, where nothing can be said.
    """

    people: int
    planned: int
    done: float
    power: float
    smallest_effect: float | None = None
    chance: float | None = None
    why: str = ""
