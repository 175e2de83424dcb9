"""The policy: chooses arms, always with propensities, and learns from what came of them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from tailorbird.types.policy_rows import Choice, Choices, Lessons, Rewards, Situation, Situations
from tailorbird.types.policy_spec import PolicySpec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Policy(Protocol):
    """Which arm for whom. It never changes: `update` gives another. Equal knowledge has an equal `version`."""

    kind: str
    version: str

    def decide_one(self, situation: Situation, uniform: float) -> Choice:
        """The arm of one person, drawn by `uniform` (0 to 1): the same as in any batch."""
        ...

    def decide_many(self, situations: Situations, uniforms: "NDArray[np.float64]") -> Choices:
        """An arm for each person, drawn by `uniforms` (n,) from the shares that are told with it."""
        ...

    def rank(self, arms: Sequence[str], seed: str) -> Sequence[int]:
        """Places of `arms` in the order in which they may compete where there is not room for all."""
        ...

    def update(self, rewards: Rewards) -> "Policy":
        """The policy that has learned from further exposures as well."""
        ...

    def state(self) -> str:
        """What it has learned as JSON, with 'kind' and 'format': from this the same policy is made again."""
        ...


class MakePolicy(Protocol):
    """What a package registers under tailorbird.policies: makes its policy, new or from a state."""

    def __call__(self, spec: PolicySpec, lessons: Lessons, state: str | None) -> Policy:
        """The policy; a state of another kind or format is refused with a TailorbirdError that says how to mend it."""
        ...
