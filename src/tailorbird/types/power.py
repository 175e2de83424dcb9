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
class ArmsPower:
    """What one comparison can find with the people that a step has: `name` against `control`, whose share of the two
    arms' `people` is `share`. `smallest` is the difference found with the plan's power; `plan` is for the effect asked
    for."""

    name: str
    control: str
    people: int
    share: float
    smallest: float
    plan: PowerPlan


@dataclass(frozen=True, slots=True)
class CampaignPower:
    """The power of a campaign, from what the people whom it would have meant one window ago did since then.

    `baseline` is the metric's mean of those `people`, `kept` the part of its variance that what they did before leaves.
    Without comparisons, `why` says what is missing; `notes` tell of what could not be planned for.
    """

    metric: str
    window_days: int
    since: str
    people: int
    baseline: float
    kept: float
    comparisons: tuple[ArmsPower, ...] = ()
    notes: tuple[str, ...] = ()
    why: str = ""


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
