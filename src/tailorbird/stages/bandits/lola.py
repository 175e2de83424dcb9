"""LOLA's LLM-2UCB: an arm is worth what its prior and its own outcomes both promise (Ye, Yoganarasimhan, Zheng, 2025).

U1 = c/n + a·√(ln t / n), U2 = (c + s·p)/(n + s) + a·√(ln t / (n + s)), the arm with the greatest min(U1, U2) is played.
n starts at 1. The rule draws nothing, so it leaves no propensities: a floor gives it some, and everybody who is decided
for at once gets the same leader.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tailorbird.stages.bandits.choosing import choose, decide_alone, with_floor
from tailorbird.stages.bandits.counts import Counts, add_counts, columns
from tailorbird.stages.bandits.policy_state import read_state, version_of, write_state
from tailorbird.types.policy_rows import Choice, Choices, Lessons, Rewards, Situation, Situations
from tailorbird.types.policy_spec import PolicySpec


def indices(
    won: NDArray[np.float64],
    shown: NDArray[np.float64],
    priors: NDArray[np.float64],
    explore: float,
    strength: float,
    rounds: NDArray[np.float64],
) -> NDArray[np.float64]:
    """min(U1, U2) of each arm; `rounds` is t, how many were shown to anybody. Shapes broadcast."""
    n = np.maximum(shown, 1.0)
    log_t = np.log(np.maximum(rounds, 1.0))
    first = won / n + explore * np.sqrt(log_t / n)
    second = (won + strength * priors) / (n + strength) + explore * np.sqrt(log_t / (n + strength))
    result: NDArray[np.float64] = np.minimum(first, second)
    return result


class LolaPolicy:
    """LLM-2UCB with a floor."""

    kind = "lola"

    def __init__(self, spec: PolicySpec, lessons: Lessons, state: str | None = None) -> None:
        self._spec, self._lessons = spec, lessons
        learned = read_state(self.kind, state)
        self._arms: Counts = {arm: (c, n) for arm, (c, n) in learned.get("arms", {}).items()}
        also = (lessons,) if lessons != Lessons() else ()
        self.version = version_of(self.kind, {"arms": self._arms}, *also)

    def decide_one(self, situation: Situation, uniform: float) -> Choice:
        """The arm of one person."""
        return decide_alone(self.decide_many, situation, uniform)

    def decide_many(self, situations: Situations, uniforms: NDArray[np.float64]) -> Choices:
        """An arm for each person: the leader, or with the floor's probability any."""
        index = np.tile(self._indices(situations.arms), (len(situations.allowed), 1))
        fatigue = self._lessons.fatigue or self._spec.fatigue
        if fatigue and situations.seen is not None:
            index = index * np.exp(-fatigue * np.log1p(situations.seen))
        index[~situations.allowed] = -np.inf
        leader = np.zeros(index.shape)
        leader[np.arange(len(index)), index.argmax(axis=1)] = 1.0
        return choose(with_floor(leader, situations.allowed, self._spec.floor), situations.of, uniforms)

    def rank(self, arms: Sequence[str], seed: str) -> Sequence[int]:
        """By index, best first."""
        order: list[int] = np.argsort(-self._indices(tuple(arms)), kind="stable").tolist()
        return order

    def update(self, rewards: Rewards) -> "LolaPolicy":
        """The policy with these exposures in its counts."""
        arms = add_counts(self._arms, rewards, rewards.arms)
        return LolaPolicy(self._spec, self._lessons, write_state(self.kind, {"arms": arms}))

    def state(self) -> str:
        """The counts."""
        return write_state(self.kind, {"arms": self._arms})

    def _indices(self, arms: tuple[str, ...]) -> NDArray[np.float64]:
        won, shown = columns(arms, self._arms)
        priors = np.array([self._lessons.priors.get(arm, self._spec.prior_mean) for arm in arms])
        return indices(won, shown, priors, self._spec.explore, self._spec.prior_strength, np.maximum(shown, 1.0).sum())
