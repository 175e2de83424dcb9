"""What a policy is asked, what it answers, and what it learns from, in columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Situations:
    """n people who choose among the same K `arms`, in m kinds of situation: `of` (n,) says which is whose.

    `allowed` (m × K) are the arms that compete, `seen` (m × K) how often whoever is there was shown each before (None:
    never), `cohorts` (m) their cohort ('' where empty: nobody's is known). `context` (n × d) are numbers of each
    person. `seed` is what a policy's own draws depend on, beside its version: the same people get the same shares.
    """

    arms: tuple[str, ...]
    allowed: "Flags"
    of: "Places"
    seed: str
    cohorts: Sequence[str] = ()
    seen: "Floats | None" = None
    context: "Floats | None" = None


@dataclass(frozen=True, slots=True)
class Situation:
    """One person who chooses among `arms`: the same as a row of `Situations`."""

    arms: tuple[str, ...]
    allowed: tuple[bool, ...]
    seed: str
    cohort: str = ""
    seen: tuple[float, ...] = ()
    context: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Choices:
    """`arm` (n,) is the place of each person's arm (-1: none was allowed), `propensity` (n,) the probability with which
    it was chosen: that of `shares` (s × K), of which `of` (n,) says which row is whose."""

    arm: "Places"
    propensity: "Floats"
    shares: "Floats"
    of: "Places"


@dataclass(frozen=True, slots=True)
class Choice:
    """One person's arm (-1: none), its propensity, and the shares of all arms."""

    arm: int
    propensity: float
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Rewards:
    """r exposures with what came of them: `arms` (r) ids, `reward` (r,) from 0 to 1, `exposed` (r,) what each counts as
    an exposure (1, or less where the answer may still come, or is old), `propensity` (r,) with which the arm was shown.

    `cohorts`, `context` (r × d) and `seen` (r,) are as they were when it was decided; empty or None where not kept.
    """

    arms: Sequence[str]
    reward: "Floats"
    exposed: "Floats"
    propensity: "Floats"
    cohorts: Sequence[str] = ()
    context: "Floats | None" = None
    seen: "Floats | None" = None


@dataclass(frozen=True, slots=True)
class Lessons:
    """What is known beside a policy's own state: `priors` {arm: the rate it is expected to have}, `fatigue` (how much
    the logit of a rate falls with ln(1 + times seen)), arms that are `barred` by a guardrail or `halved` away, and
    `arms_max`, how many the traffic can tell apart (0: not known)."""

    priors: Mapping[str, float] = field(default_factory=dict)
    fatigue: float = 0.0
    barred: tuple[str, ...] = ()
    halved: tuple[str, ...] = ()
    arms_max: int = 0
