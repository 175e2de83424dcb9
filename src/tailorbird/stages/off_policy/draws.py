"""Logged draws: what was shown with which probability, and what followed; and another policy over the same arms."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tailorbird.types.errors import TailorbirdError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class UnusableDrawsError(TailorbirdError):
    """Draws that tell nothing of any other policy: a propensity that is 0 or no number, or a reward that is none."""


@dataclass(frozen=True)
class LoggedDraws:
    """n draws. In draw i, `arm[i]` was chosen with probability `propensity[i]` (above 0) and brought `reward[i]`.

    `situation[i]` (0 to S - 1) says which of S sets of arms it was drawn from: a policy gives everybody in one
    situation the same probabilities. `context` (n × factors) are groups that a reward may depend on beside the arm,
    as numbers from 0; `unit[i]` is whose draw it was, since draws of one person are not independent; `fold[i]` is the
    part of the data that the draw belongs to, so that nothing is judged by a model that has seen it: all draws of a
    unit are in one fold.
    """

    arm: Ints
    propensity: Floats
    reward: Floats
    situation: Ints
    context: Ints
    unit: Ints
    fold: Ints

    def __post_init__(self) -> None:
        """Raises UnusableDrawsError for propensities outside (0, 1], rewards that are no numbers, and no draws."""
        if not len(self.arm):
            raise UnusableDrawsError("there are no draws")
        bad = int(np.sum(~((self.propensity > 0) & (self.propensity <= 1 + 1e-9))))
        if bad:
            raise UnusableDrawsError(
                f"{bad:,} of {len(self.arm):,} draws have a propensity that is 0, above 1 or no number: "
                "what was drawn there cannot be weighed"
            )
        if not np.isfinite(self.reward).all():
            raise UnusableDrawsError(f"{int(np.sum(~np.isfinite(self.reward))):,} rewards are no numbers")

    def in_situations(self, situation: Ints) -> "LoggedDraws":
        """The same draws with other numbers for their situations, such as one for each set and fold."""
        return replace(self, situation=situation)

    def weights(self, policy: Floats) -> Floats:
        """(n,) How much more often the policy would have drawn what was drawn; `policy` is situations × arms."""
        result: Floats = policy[self.situation, self.arm] / self.propensity
        return result


def even_folds(unit: Ints, folds: int, generator: np.random.Generator) -> Ints:
    """(n,) A fold for each draw, at random and even, all draws of one unit in the same; units are 0 to U - 1."""
    units = int(unit.max(initial=-1)) + 1
    order = generator.permutation(units) % max(min(folds, units), 1)
    result: Ints = order.astype(np.int64)[unit]
    return result
