"""Experiments compiled for deciding online: all experiments of one person in a few microseconds.

An experiment asks for an audience, covers a share of it, and splits what it covers by weight. The coverage is taken of
each arm's range, as feature flag servers do: raising it adds people to every arm, and moves nobody. Each audience is
judged once, however many experiments ask for it, and the person is hashed once.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tailorbird.stages.assignment.arms import arm_ranges, shares_of
from tailorbird.stages.assignment.places import PLACES, Turn, places_of, turn_of, unit_hash, unit_hashes

_MASK = PLACES - 1


@dataclass(frozen=True, slots=True)
class OnlineExperiment:
    """An experiment: its `salt` (two experiments with one salt have the same arms), the audience it asks for ('': it
    asks for none), the weights of its arms, and the share of the audience that it covers (0 to 1)."""

    key: str
    salt: str
    arms: Mapping[str, float]
    audience: str = ""
    coverage: float = 1.0


class CompiledExperiments:
    """Experiments, ready to be asked for a person's arms. Immutable: a change makes a new one."""

    def __init__(self, experiments: Sequence[OnlineExperiment]) -> None:
        """Raises ValueError for a coverage that is no share, an arm without weight, or a key that is there twice."""
        self.keys = tuple(experiment.key for experiment in experiments)
        if len(set(self.keys)) != len(self.keys):
            raise ValueError("two experiments have one key")
        self._nobody: list[str] = [""] * len(experiments)
        groups: dict[str, list[tuple[int, int, int, list[int], tuple[str, ...]]]] = {}
        for at, experiment in enumerate(experiments):
            turn = turn_of(experiment.salt)
            ends, arms = _ranges(experiment)
            groups.setdefault(experiment.audience, []).append((at, turn.factor, turn.offset, ends, arms))
        self._groups = tuple((audience, tuple(found)) for audience, found in groups.items())
        self._arms = [(*_ranges(experiment)[1], "") for experiment in experiments]

    def decide_one(self, unit: str, inside: Mapping[str, Callable[[Any], bool]], attributes: Any) -> list[str]:
        """The arm of one unit in each experiment, in the order of `keys`; '' where it takes no part.

        `inside` has a test for each audience; it is given `attributes`, whatever they are.
        """
        found = self._nobody.copy()
        hashed = unit_hash(unit)
        for audience, experiments in self._groups:
            if not audience or inside[audience](attributes):
                for at, factor, offset, ends, arms in experiments:
                    found[at] = arms[bisect_right(ends, (hashed * factor + offset) & _MASK)]
        return found

    def decide_many(
        self, units: Sequence[str], inside: Mapping[str, NDArray[np.bool_]]
    ) -> tuple[NDArray[np.int16], list[tuple[str, ...]]]:
        """(units × experiments: the number of the arm, the arms' names by number, for each experiment).

        `inside` says of each unit whether it is in the audience. Equal to `decide_one` for each unit.
        """
        hashed = unit_hashes(units)
        found = np.zeros((len(units), len(self.keys)), dtype=np.int16)
        for audience, experiments in self._groups:
            for at, factor, offset, ends, _ in experiments:
                places = places_of(hashed, Turn(factor, offset))
                drawn = np.searchsorted(np.array(ends, dtype=np.uint64), places, side="right")
                found[:, at] = drawn if not audience else np.where(inside[audience], drawn, len(ends) + 1)
        return found, self._arms


def _ranges(experiment: OnlineExperiment) -> tuple[list[int], tuple[str, ...]]:
    if not 0 <= experiment.coverage <= 1:
        raise ValueError(f"experiment {experiment.key!r}: the coverage is a share, not {experiment.coverage}")
    return arm_ranges(shares_of(experiment.arms), experiment.coverage)
