"""One policy evaluated on logged draws: every estimator, the overlap, and whether anything may be concluded."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tailorbird.stages.off_policy.draws import Floats, LoggedDraws
from tailorbird.stages.off_policy.estimators import Estimate, estimate_all
from tailorbird.stages.off_policy.intervals import ALPHA, skewed_interval
from tailorbird.stages.off_policy.overlap import Overlap, honest_p, measure_overlap, unseen_share
from tailorbird.stages.off_policy.reward_model import cross_fitted

ANSWER = "dr"
"""The estimator that answers: without bias whatever the model of rewards, and never much wider than `ips`."""


@dataclass(frozen=True)
class Evaluation:
    """What a policy would have earned per draw. `answer` is None where the overlap is too thin (`overlap.why`).

    `earned` is what the draws really brought, with its interval. `estimates` are there in any case, for whoever
    compares estimators: nobody should be told them as an answer.
    """

    earned: float
    earned_low: float
    earned_high: float
    estimates: Mapping[str, Estimate]
    overlap: Overlap

    @property
    def answer(self) -> Estimate | None:
        """The estimate that may be told."""
        return None if self.overlap.why else self.estimates[ANSWER]


@dataclass(frozen=True)
class Place:
    """One place of a message: its draws, the policy that might have made them, and the log's own propensities.

    Both are situations × arms, rows adding up to 1; `logged` is None where not all propensities are known. `honest` is
    the p of the propensities where it was tested before situations were divided further (None: test it here).
    """

    draws: LoggedDraws
    policy: Floats
    logged: Floats | None = None
    honest: float | None = None


def evaluate_policy(
    draws: LoggedDraws, policy: Floats, logged: Floats | None = None, alpha: float = ALPHA
) -> Evaluation:
    """Evaluate `policy` (situations × arms, rows adding up to 1); `logged` are the log's own, where all are known.

    The intervals hold at one look. Raises UnusableDrawsError (by LoggedDraws) for draws without true propensities.
    """
    return evaluate_places([Place(draws, policy, logged)], alpha)


def evaluate_places(places: Sequence[Place], alpha: float = ALPHA, halves: bool = False) -> Evaluation:
    """Evaluate policies of several places of one message at once: they drew independently, so weights multiply.

    `halves` says that each half of the people meets a policy that the other half taught. The errors of two such halves
    may hang together entirely, so intervals are as wide as those of one half alone: without that, four in five held.

    All places have the same draws in the same order, with the same rewards, contexts, units and folds.
    """
    first = places[0].draws
    weights = np.prod([place.draws.weights(place.policy) for place in places], axis=0)
    of_drawn, of_policy = cross_fitted([(place.draws, place.policy) for place in places])
    low, high = skewed_interval(first.reward, first.unit, alpha)
    known = [(place.draws, place.policy, place.logged) for place in places if place.logged is not None]
    unseen = 1 - math.prod(1 - unseen_share(draws, policy, logged) for draws, policy, logged in known)
    honest = [
        place.honest if place.honest is not None else honest_p(place.draws.situation, place.draws.arm, place.logged)
        for place in places
        if place.logged is not None
    ]
    return Evaluation(
        earned=float(first.reward.mean()),
        earned_low=low,
        earned_high=high,
        estimates=estimate_all(first, weights, of_drawn, of_policy, alpha, math.sqrt(2) if halves else 1.0),
        overlap=measure_overlap(weights, first.reward, unseen, min(1.0, min(honest) * len(honest)) if honest else None),
    )
