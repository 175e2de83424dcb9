"""Uplift learners: from a randomised comparison to how much each person is changed by a treatment.

Every learner has one form: it takes a `Trial` and two regressors, one for outcomes and one for effects, and gives a
function from features to predicted uplift. S, T and X as in Künzel, Sekhon, Bickel and Yu (2019); DR after Kennedy
(2023): the doubly robust score, regressed, with outcomes predicted by models that did not see the person.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tailorbird.stages.uplift.regressors import Fit, Matrix, Predict, Vector
from tailorbird.types.errors import TailorbirdError

FOLDS = 5


class TrialError(TailorbirdError):
    """A comparison from which nothing can be learned; the message says why."""


@dataclass(frozen=True)
class Trial:
    """A randomised comparison of two arms: `treated[i]` with probability `propensity[i]`, known from the assignment.

    Raises TrialError for an arm without people, a propensity that is not between 0 and 1, or an outcome that is no
    number.
    """

    features: Matrix
    treated: NDArray[np.bool_]
    outcome: Vector
    propensity: Vector

    def __post_init__(self) -> None:
        treated = int(self.treated.sum())
        if not 0 < treated < len(self.treated):
            raise TrialError("both arms need people: with one arm there is nothing to compare with")
        if not (np.isfinite(self.outcome).all() and np.isfinite(self.features).all()):
            raise TrialError("outcomes and features must be finite numbers")
        if not ((self.propensity > 0) & (self.propensity < 1)).all():  # NaN is neither
            raise TrialError(
                "propensities must be above 0 and below 1: whoever could have got one arm only tells nothing"
            )

    def part(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> "Trial":
        """The comparison among some of the people."""
        return Trial(self.features[rows], self.treated[rows], self.outcome[rows], self.propensity[rows])


Learner = Callable[[Trial, Fit, Fit, np.random.Generator], Predict]


def learn_s(trial: Trial, outcomes: Fit, _effects: Fit, _rng: np.random.Generator) -> Predict:
    """One model of the outcome with the arm, and the arm times each feature, among the features."""

    def with_arm(features: Matrix, arm: Vector) -> Matrix:
        return np.column_stack([features, arm, features * arm[:, None]])

    model = outcomes(with_arm(trial.features, trial.treated.astype(np.float64)), trial.outcome)

    def predict(given: Matrix) -> Vector:
        ones = np.ones(len(given))
        return model(with_arm(given, ones)) - model(with_arm(given, 0 * ones))

    return predict


def learn_t(trial: Trial, outcomes: Fit, _effects: Fit, _rng: np.random.Generator) -> Predict:
    """A model for each arm; the uplift is their difference."""
    treated, control = _arms(trial, outcomes)
    return lambda given: treated(given) - control(given)


def learn_x(trial: Trial, outcomes: Fit, effects: Fit, _rng: np.random.Generator) -> Predict:
    """Each arm's outcomes minus what the other arm's model expects, both regressed, blended by the propensity."""
    treated, control = _arms(trial, outcomes)
    t, x, y = trial.treated, trial.features, trial.outcome
    gained = effects(x[t], y[t] - control(x[t]))
    missed = effects(x[~t], treated(x[~t]) - y[~t])
    share = float(trial.propensity.mean())
    return lambda given: share * missed(given) + (1 - share) * gained(given)


def learn_dr(trial: Trial, outcomes: Fit, effects: Fit, rng: np.random.Generator) -> Predict:
    """The doubly robust score of each person, regressed on the features; outcome models are cross-fitted."""
    return effects(trial.features, dr_scores(trial, outcomes, rng))


def dr_scores(trial: Trial, outcomes: Fit, rng: np.random.Generator) -> Vector:
    """mu1 - mu0 + A (Y - mu1) / e - (1 - A) (Y - mu0) / (1 - e) per person: on average the effect, whatever mu is."""
    treated, control = np.empty(len(trial.outcome)), np.empty(len(trial.outcome))
    folds = draw_folds(trial.treated, FOLDS, rng)
    for fold in range(FOLDS):
        here = folds == fold
        if here.any():
            one, other = _arms(trial.part(~here), outcomes)
            treated[here], control[here] = one(trial.features[here]), other(trial.features[here])
    a, e, y = trial.treated.astype(np.float64), trial.propensity, trial.outcome
    return np.asarray(treated - control + a * (y - treated) / e - (1 - a) * (y - control) / (1 - e), dtype=np.float64)


def draw_folds(arm: NDArray[np.generic], count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """A fold for each person, 0 to count - 1, as even as can be inside each arm."""
    folds = np.empty(len(arm), dtype=np.int64)
    for value in np.unique(arm):
        rows = np.flatnonzero(arm == value)
        folds[rng.permutation(rows)] = np.arange(len(rows)) % count
    return folds


def predict_unseen(
    trial: Trial, learner: Learner, outcomes: Fit, effects: Fit, rng: np.random.Generator, folds: NDArray[np.int64]
) -> Vector:
    """Each person's uplift as predicted by a model that saw nobody of the person's fold."""
    scores = np.empty(len(trial.outcome))
    for fold in np.unique(folds):
        here = folds == fold
        scores[here] = learner(trial.part(~here), outcomes, effects, rng)(trial.features[here])
    return scores


def _arms(trial: Trial, outcomes: Fit) -> tuple[Predict, Predict]:
    t = trial.treated
    return outcomes(trial.features[t], trial.outcome[t]), outcomes(trial.features[~t], trial.outcome[~t])


LEARNERS: Mapping[str, Learner] = {"s": learn_s, "t": learn_t, "x": learn_x, "dr": learn_dr}
"""By the name that the field uses."""
