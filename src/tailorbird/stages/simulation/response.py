"""The response model: the lift of each group of people, pooled over past campaigns and shrunk toward their mean.

Groups that hold few people, or differ by no more than chance, answer like everybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PastCampaign:
    """One past campaign with a holdout: people and converted people of each group, by arm; arrays (groups,)."""

    name: str
    treated: Floats
    treated_converted: Floats
    held: Floats
    held_converted: Floats

    @property
    def shares(self) -> Floats:
        """(groups,) Share of the campaign's people in each group."""
        people = self.treated + self.held
        result: Floats = people / people.sum()
        return result

    def lift(self) -> tuple[float, float]:
        """(treatment minus holdout, its variance) over all people, by their arm."""
        return _difference(self.treated.sum(), self.treated_converted.sum(), self.held.sum(), self.held_converted.sum())


def _variance(people: float, converted: float) -> float:
    rate = (converted + 1.0) / (people + 2.0)
    return rate * (1.0 - rate) / people


def _difference(treated: float, treated_converted: float, held: float, held_converted: float) -> tuple[float, float]:
    return (
        float(treated_converted / treated - held_converted / held),
        float(_variance(treated, treated_converted) + _variance(held, held_converted)),
    )


def fit_response(campaigns: Sequence[PastCampaign], groups: int) -> Floats:
    """(groups,) The lift of each group, from at least one campaign.

    Campaigns count by the precision of their lift in the group; a group's own lift counts against the mean of all by
    the variance between groups beyond chance (DerSimonian and Laird, 1986).
    """
    precision, weighted = np.zeros(groups), np.zeros(groups)
    for one in campaigns:
        for group in np.flatnonzero((one.treated > 0) & (one.held > 0)):
            lift, variance = _difference(
                one.treated[group], one.treated_converted[group], one.held[group], one.held_converted[group]
            )
            precision[group] += 1 / variance
            weighted[group] += lift / variance
    known = precision > 0
    if not known.any():
        return np.zeros(groups)
    lifts, weights = weighted[known] / precision[known], precision[known]
    mean = float(np.sum(weights * lifts) / weights.sum())
    freedom = int(known.sum()) - 1
    excess = float(np.sum(weights * (lifts - mean) ** 2)) - freedom
    scale = float(weights.sum() - np.sum(weights**2) / weights.sum())
    between = max(excess / scale, 0.0) if scale > 0 else 0.0
    found = np.full(groups, mean)
    if between > 0:
        own = weights / (weights + 1 / between)
        found[known] = mean + own * (lifts - mean)
    return found
