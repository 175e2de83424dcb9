"""Whether to personalise at all: a policy is learned, judged on people who taught it nothing, and refused by default.

The learned policy gives each person the action with the largest predicted reward. It is used only if, on people whose
fold had no part in learning it, it surely earns more than the best single action for everybody, chosen on the same
training people (the whole 95 % interval of the paired difference is above zero). Otherwise everybody is treated alike.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tailorbird.stages.uplift.learners import draw_folds
from tailorbird.stages.uplift.policy_value import (
    ActionTrial,
    Value,
    action_scores,
    difference_of,
    mean_value,
    value_of,
)
from tailorbird.stages.uplift.regressors import Fit, Matrix, Vector

Policy = Callable[[Matrix], NDArray[np.int64]]
Gains = Callable[[Matrix], Matrix]
FOLDS = 5


@dataclass(frozen=True)
class PolicyVerdict:
    """What learning a policy came to. `personalise` is False by default and unless `gain` is surely above zero.

    `alike` is the action to give everybody; `value_alike[a]` the value of giving all action a, `value_personal` that
    of the learned policy, `gain` the second minus the best of the first, all per person on people who taught nothing.
    `policy` is what to use: the learned one, learned anew on everybody, or the action for all. `gains` predicts what
    each action earns more than action 0 with given people (people × actions), learned on everybody.
    """

    personalise: bool
    alike: int
    value_alike: tuple[Value, ...]
    value_personal: Value
    gain: Value
    policy: Policy
    gains: Gains

    @property
    def sentence(self) -> str:
        """The verdict in one sentence."""
        if self.personalise:
            return (
                f"Personalise: on people who taught it nothing, the learned policy earns {self.gain.mean:.3f} more a "
                f"person than the same for all (at least {self.gain.low:.3f})."
            )
        return (
            "Treat everybody alike: the learned policy is not surely better than one action for all "
            f"({self.gain.mean:+.3f} a person, between {self.gain.low:+.3f} and {self.gain.high:+.3f})."
        )


def judge_policy(
    trial: ActionTrial,
    outcomes: Fit,
    effects: Fit,
    rng: np.random.Generator,
    folds: int = FOLDS,
    leading: Vector | None = None,
) -> PolicyVerdict:
    """Learn a policy from a randomised comparison, and say whether it is worth using.

    `leading` is an outcome nearer to the message than the reward, one number per person, such as a visit where the
    reward is money: of actions whose rewards cannot be told apart, the one that moves it most is given to all.
    """
    parts = draw_folds(trial.action, folds, rng)
    scores = action_scores(trial, outcomes, parts)
    personal, alike = np.empty(len(parts), dtype=np.int64), np.empty(len(parts), dtype=np.int64)
    for fold in range(folds):
        here = parts == fold
        if not here.any():
            continue
        seen = trial.part(~here)
        inner = action_scores(seen, outcomes, draw_folds(seen.action, folds, rng))
        personal[here] = largest(learn_gains(seen.features, inner, effects))(trial.features[here])
        alike[here] = best_for_all(inner, seen, None if leading is None else leading[~here])
    gain = difference_of(scores, personal, alike)
    one = best_for_all(scores, trial, leading)
    worth = gain.low > 0
    gains = learn_gains(trial.features, scores, effects)
    return PolicyVerdict(
        personalise=worth,
        alike=one,
        value_alike=tuple(value_of(scores, np.full(len(parts), a)) for a in range(trial.actions)),
        value_personal=value_of(scores, personal),
        gain=gain,
        policy=largest(gains) if worth else same_for_all(one),
        gains=gains,
    )


def learn_gains(features: Matrix, scores: Matrix, effects: Fit) -> Gains:
    """What each action earns more than the first, regressed on its own doubly robust scores.

    Where nothing is predictable the regressor says the mean, and everybody has the same gains.
    """
    told = [effects(features, scores[:, a] - scores[:, 0]) for a in range(1, scores.shape[1])]
    return lambda given: np.column_stack([np.zeros(len(given)), *(gain(given) for gain in told)])


def largest(gains: Gains) -> Policy:
    """The action with the largest predicted gain; of equal ones the first."""
    return lambda given: np.asarray(np.argmax(gains(given), axis=1), dtype=np.int64)


def same_for_all(action: int) -> Policy:
    """One action for everybody."""
    return lambda given: np.full(len(given), action, dtype=np.int64)


def best_for_all(scores: Matrix, trial: ActionTrial, leading: Vector | None = None) -> int:
    """The action to give everybody: the most valuable, or, of those that are not surely less valuable, the one with
    the largest mean of `leading`. Doing nothing (action 0) stays where no action earns more on average."""
    best = int(np.argmax(scores.mean(axis=0)))
    if leading is None or best == 0:
        return best
    reached = {}
    for action in range(1, trial.actions):
        behind = mean_value(scores[:, best] - scores[:, action])
        better = mean_value(scores[:, action] - scores[:, 0]).mean > 0
        if action == best or (behind.low <= 0 and better):
            got = trial.action == action
            reached[action] = float(leading[got].mean())
    return max(reached, key=lambda action: (reached[action], action == best))
