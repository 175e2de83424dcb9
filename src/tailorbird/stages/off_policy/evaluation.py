"""One policy evaluated on logged draws: every estimator, the overlap, and whether anything may be concluded."""

from collections.abc import Mapping
from dataclasses import dataclass

from tailorbird.stages.off_policy.draws import Floats, LoggedDraws
from tailorbird.stages.off_policy.estimators import Estimate, estimate_all
from tailorbird.stages.off_policy.intervals import ALPHA, skewed_interval
from tailorbird.stages.off_policy.overlap import Overlap, measure_overlap
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


def evaluate_policy(
    draws: LoggedDraws, policy: Floats, logged: Floats | None = None, alpha: float = ALPHA
) -> Evaluation:
    """Evaluate `policy` (situations × arms, rows adding up to 1); `logged` are the log's own, where all are known.

    The intervals hold at one look. Raises UnusableDrawsError (by LoggedDraws) for draws without true propensities.
    """
    weights = draws.weights(policy)
    of_drawn, of_policy = cross_fitted(draws, policy)
    low, high = skewed_interval(draws.reward, draws.unit, alpha)
    return Evaluation(
        earned=float(draws.reward.mean()),
        earned_low=low,
        earned_high=high,
        estimates=estimate_all(draws, weights, of_drawn, of_policy, alpha),
        overlap=measure_overlap(draws, policy, logged),
    )
