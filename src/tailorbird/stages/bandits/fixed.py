"""The fixed policy: all lines alike, whatever happened."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tailorbird.stages.bandits.choosing import choose, decide_alone, generator_of, with_floor
from tailorbird.stages.bandits.counts import check_rewards
from tailorbird.stages.bandits.policy_state import read_state, write_state
from tailorbird.types.policy_rows import Choice, Choices, Lessons, Rewards, Situation, Situations
from tailorbird.types.policy_spec import PolicySpec


class FixedPolicy:
    """Even shares among the arms that compete. It learns nothing, and stays version 'prior'."""

    kind = "fixed"
    version = "prior"

    def __init__(self, spec: PolicySpec, lessons: Lessons, state: str | None = None) -> None:
        read_state(self.kind, state)

    def decide_one(self, situation: Situation, uniform: float) -> Choice:
        """The arm of one person."""
        return decide_alone(self.decide_many, situation, uniform)

    def decide_many(self, situations: Situations, uniforms: NDArray[np.float64]) -> Choices:
        """An arm for each person."""
        return choose(with_floor(np.zeros(situations.allowed.shape), situations.allowed, 1.0), situations.of, uniforms)

    def rank(self, arms: Sequence[str], seed: str) -> Sequence[int]:
        """A random order that stays."""
        order: list[int] = np.argsort([generator_of(f"{seed}|{arm}").random() for arm in arms]).tolist()
        return order

    def update(self, rewards: Rewards) -> "FixedPolicy":
        """The same policy."""
        check_rewards(rewards)
        return self

    def state(self) -> str:
        """Kind and format."""
        return write_state(self.kind, {})
