"""Calibrated simulation: how true lifts followed simulated ones in past campaigns that the model had not seen.

Each past campaign is simulated by a model of the others, and the true lifts are regressed on these. The slope says how
far a simulated difference between campaigns may be believed, and what is left over is the spread of the answer. Where
the regression errs no less than the mean past lift, on campaigns left out of it too, the mean is the answer.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tailorbird.stages.simulation.response import Floats, PastCampaign, fit_response
from tailorbird.types.simulated_lift import SimulatedLift

CAMPAIGNS_MIN = 5
CONVERSIONS_MIN = 25.0
"""A past campaign with fewer conversions in an arm says next to nothing of its lift, and is left out."""
_ROUNDS = 30
# Student's t at 95 %, by degrees of freedom from 1; beyond 30 the normal's.
_T_90 = (
    6.314, 2.920, 2.353, 2.132, 2.015, 1.943, 1.895, 1.860, 1.833, 1.812, 1.796, 1.782, 1.771, 1.761, 1.753,
    1.746, 1.740, 1.734, 1.729, 1.725, 1.721, 1.717, 1.714, 1.711, 1.708, 1.706, 1.703, 1.701, 1.699, 1.697,
)  # fmt: skip


@dataclass(frozen=True)
class _Line:
    """true = centre + slope (simulated - middle), residual variance between campaigns, and how sure that is."""

    centre: float
    slope: float
    middle: float
    between: float
    centre_variance: float
    slope_variance: float

    def at(self, simulated: float) -> float:
        return self.centre + self.slope * (simulated - self.middle)

    def error(self, simulated: float) -> float:
        """Standard error of a new campaign's true lift."""
        return math.sqrt(self.between + self.centre_variance + self.slope_variance * (simulated - self.middle) ** 2)


def usable(campaigns: Sequence[PastCampaign]) -> list[PastCampaign]:
    """The campaigns with enough conversions in both arms."""
    return [
        one
        for one in campaigns
        if min(float(one.treated_converted.sum()), float(one.held_converted.sum())) >= CONVERSIONS_MIN
    ]


def simulate_lift(campaigns: Sequence[PastCampaign], shares: Floats) -> SimulatedLift:
    """The lift that a campaign to people with these `shares` of the groups (adding up to 1) might have."""
    known = usable(campaigns)
    if len(known) < CAMPAIGNS_MIN:
        why = (
            f"{len(known)} past campaigns with a holdout have {CONVERSIONS_MIN:.0f} conversions in each arm; "
            f"{CAMPAIGNS_MIN} are needed"
        )
        return SimulatedLift(None, None, None, len(known), why=why)
    groups = len(shares)
    true, variance = (np.array(each) for each in zip(*(one.lift() for one in known), strict=True))
    simulated = np.array(
        [float(one.shares @ fit_response([*known[:at], *known[at + 1 :]], groups)) for at, one in enumerate(known)]
    )
    line, flat = _fit(simulated, true, variance, True), _fit(simulated, true, variance, False)
    believed = _left_out_error(simulated, true, variance, True) < _left_out_error(simulated, true, variance, False)
    chosen = line if believed else flat
    own = float(shares @ fit_response(known, groups))
    lift, freedom = chosen.at(own), len(known) - (2 if believed else 1)
    reach = _T_90[min(freedom, len(_T_90)) - 1] * chosen.error(own)
    told = np.array([chosen.at(one) for one in simulated])
    return SimulatedLift(
        lift=lift,
        low=lift - reach,
        high=lift + reach,
        campaigns=len(known),
        slope=chosen.slope,
        sign_right=float(np.mean(np.sign(told) == np.sign(true))),
    )


def _fit(simulated: Floats, true: Floats, variance: Floats, sloped: bool) -> _Line:
    """Weighted regression with a variance between campaigns, by the moments of what is left over (Paule and Mandel)."""
    low, high = 0.0, float(np.var(true)) * 4 + 1e-12
    freedom = len(true) - (2 if sloped else 1)
    if _left_over(_solve(simulated, true, variance, sloped, 0.0), simulated, true, variance, 0.0) <= freedom:
        return _solve(simulated, true, variance, sloped, 0.0)
    for _ in range(_ROUNDS):
        between = (low + high) / 2
        line = _solve(simulated, true, variance, sloped, between)
        low, high = (
            (between, high) if _left_over(line, simulated, true, variance, between) > freedom else (low, between)
        )
    return _solve(simulated, true, variance, sloped, (low + high) / 2)


def _left_over(line: _Line, simulated: Floats, true: Floats, variance: Floats, between: float) -> float:
    told = line.centre + line.slope * (simulated - line.middle)
    return float(np.sum((true - told) ** 2 / (variance + between)))


def _solve(simulated: Floats, true: Floats, variance: Floats, sloped: bool, between: float) -> _Line:
    weight = 1 / (variance + between)
    total = float(weight.sum())
    middle, centre = float(weight @ simulated) / total, float(weight @ true) / total
    spread = float(weight @ (simulated - middle) ** 2)
    if not sloped or spread <= 0:
        return _Line(centre, 0.0, middle, between, 1 / total, 0.0)
    slope = float(weight @ ((simulated - middle) * (true - centre))) / spread
    return _Line(centre, slope, middle, between, 1 / total, 1 / spread)


def _left_out_error(simulated: Floats, true: Floats, variance: Floats, sloped: bool) -> float:
    """Mean squared error, by precision, of campaigns told by a regression of the others; a slope below 0 is none."""
    errors = []
    for at in range(len(true)):
        rest = np.arange(len(true)) != at
        line = _fit(simulated[rest], true[rest], variance[rest], sloped)
        if sloped and line.slope <= 0:
            line = _fit(simulated[rest], true[rest], variance[rest], False)
        errors.append((true[at] - line.at(float(simulated[at]))) ** 2)
    return float(np.average(errors, weights=1 / (variance + np.var(true) + 1e-12)))
