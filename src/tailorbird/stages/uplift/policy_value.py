"""What a policy would earn, from a randomised comparison of several actions; and two policies on the same people.

Two estimates, per person and so with an interval each: inverse propensity weighting (only people who happened to get
what the policy would give them count, weighted up), and doubly robust (Dudik, Langford and Li, 2011), which fills in
the others with a model that saw nobody of their fold. With known propensities both are right on average, whatever the
model is; the second is mostly the more exact one.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tailorbird.stages.uplift.learners import TrialError
from tailorbird.stages.uplift.regressors import Fit, Matrix, Vector

_Z = 1.959963984540054
MATCHES_MIN = 30
"""A value from fewer people who got what the policy would give them is none."""


@dataclass(frozen=True)
class ActionTrial:
    """A randomised comparison of actions 0, 1, …: person i got `action[i]`, earned `reward[i]` (costs taken off), and
    could have got action a with probability `propensity[i, a]`.

    Raises TrialError for fewer than two actions, an action that nobody got, a reward or feature that is no number, or
    a propensity of 0 or NaN.
    """

    features: Matrix
    action: NDArray[np.int64]
    reward: Vector
    propensity: Matrix

    def __post_init__(self) -> None:
        actions = self.propensity.shape[1]
        if actions < 2:
            raise TrialError("there is one action only: nothing to compare with")
        counts = np.bincount(self.action, minlength=actions)
        if len(counts) != actions or not counts.all():
            raise TrialError(f"each action needs people (counts: {counts.tolist()})")
        if not (np.isfinite(self.reward).all() and np.isfinite(self.features).all()):
            raise TrialError("rewards and features must be finite numbers")
        if not (self.propensity > 0).all():
            raise TrialError("every action needs a propensity above 0 for everybody")

    @property
    def actions(self) -> int:
        """How many actions there are."""
        return int(self.propensity.shape[1])

    def part(self, rows: NDArray[np.bool_]) -> "ActionTrial":
        """The comparison among some of the people."""
        return ActionTrial(self.features[rows], self.action[rows], self.reward[rows], self.propensity[rows])


@dataclass(frozen=True)
class Value:
    """A mean per person with its 95 % interval; `people` are those it rests on."""

    mean: float
    low: float
    high: float
    people: int


def mean_value(per_person: Vector, people: int | None = None) -> Value:
    """The mean of one number per person, with a normal interval; of one person it is unknown how exact it is."""
    n = len(per_person)
    if n < 2:
        return Value(float(per_person.mean()) if n else math.nan, -math.inf, math.inf, n)
    mean, reach = float(per_person.mean()), _Z * float(per_person.std(ddof=1)) / math.sqrt(n)
    return Value(mean, mean - reach, mean + reach, n if people is None else people)


def value_ipw(trial: ActionTrial, policy: NDArray[np.int64]) -> Value:
    """The value of `policy` (an action per person) by inverse propensity weighting.

    Raises TrialError where fewer than MATCHES_MIN people got what the policy gives.
    """
    match = trial.action == policy
    if int(match.sum()) < MATCHES_MIN:
        raise TrialError(f"only {int(match.sum())} people got what the policy gives: that is too few for a value")
    chance = trial.propensity[np.arange(len(policy)), policy]
    return mean_value(match * trial.reward / chance, int(match.sum()))


def action_scores(trial: ActionTrial, outcomes: Fit, folds: NDArray[np.int64]) -> Matrix:
    """(people × actions) Doubly robust scores: on average what each action earns with people like this one.

    The model that fills in was fitted on the other folds.
    """
    scores = np.empty(trial.propensity.shape)
    for fold in np.unique(folds):
        here = folds == fold
        scores[here] = _scores(trial.part(~here), trial.features[here], outcomes)
    got = np.arange(len(scores)), trial.action
    expected = scores[got]
    scores[got] += (trial.reward - expected) / trial.propensity[got]
    return scores


def value_of(scores: Matrix, policy: NDArray[np.int64]) -> Value:
    """The doubly robust value of `policy`, from `action_scores`."""
    return mean_value(scores[np.arange(len(policy)), policy])


def difference_of(scores: Matrix, policy: NDArray[np.int64], other: NDArray[np.int64]) -> Value:
    """How much more `policy` earns per person than `other`, on the same people: the paired difference."""
    rows = np.arange(len(policy))
    return mean_value(scores[rows, policy] - scores[rows, other])


def _scores(seen: ActionTrial, features: Matrix, outcomes: Fit) -> Matrix:
    columns = []
    for action in range(seen.actions):
        got = seen.action == action
        columns.append(outcomes(seen.features[got], seen.reward[got])(features))
    return np.column_stack(columns)
