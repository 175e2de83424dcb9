"""Experiments compiled for deciding online: all experiments of one person in a few microseconds.

An experiment asks for an audience, covers a share of it, and splits what it covers by weight. The coverage is taken of
each arm's range, as feature flag servers do: raising it adds people to every arm, and moves nobody. Each audience is
judged once, however many experiments ask for it, and the person is hashed once. The places of all experiments of an
audience come from one multiplication of long integers, 128 bits for each: a·h + b is below 2^128, so that none reaches
into the next. The top byte of a place tells the arm by a table, but where an arm's range ends among the places of that
byte; there, and only there, the whole place is looked for.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import getitem
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tailorbird.stages.assignment.arms import arm_ranges, shares_of
from tailorbird.stages.assignment.places import places_of, turn_of, unit_hash, unit_hashes


@dataclass(frozen=True, slots=True)
class OnlineExperiment:
    """An experiment: its `salt` (two experiments with one salt have the same arms), the audience it asks for ('': it
    asks for none), the weights of its arms, and the share of the audience that it covers (0 to 1)."""

    key: str
    salt: str
    arms: Mapping[str, float]
    audience: str = ""
    coverage: float = 1.0


class _Group:
    """The experiments that ask for one audience."""

    __slots__ = ("audience", "factors", "length", "nobody", "offsets", "ranges", "tables", "turns")

    def __init__(self, audience: str, experiments: Sequence[OnlineExperiment]) -> None:
        self.audience = audience
        self.turns = [turn_of(experiment.salt) for experiment in experiments]
        self.ranges = [_ranges(experiment) for experiment in experiments]
        self.factors = sum(turn.factor << 128 * at for at, turn in enumerate(self.turns))
        self.offsets = sum(turn.offset << 128 * at for at, turn in enumerate(self.turns))
        self.length = 16 * len(experiments)
        self.nobody = [""] * len(experiments)
        made: dict[tuple[tuple[int, ...], tuple[str, ...]], tuple[str | None, ...]] = {}
        for ends, arms in self.ranges:
            made.setdefault((tuple(ends), arms), _by_top_byte(ends, arms))
        self.tables = [made[tuple(ends), arms] for ends, arms in self.ranges]

    def fill_in(self, drawn: list[str | None], places: bytes) -> list[str]:
        """`drawn`, filled up in place with the arms that the top byte does not tell."""
        while None in drawn:
            at = drawn.index(None)
            ends, arms = self.ranges[at]
            drawn[at] = arms[bisect_right(ends, int.from_bytes(places[16 * at : 16 * at + 8], "little"))]
        # Looking through it for the checker would take a tenth of the time: no None is left.
        return drawn  # type: ignore[return-value]


class CompiledExperiments:
    """Experiments, ready to be asked for a person's arms. Immutable: a change makes a new one."""

    def __init__(self, experiments: Sequence[OnlineExperiment]) -> None:
        """Raises ValueError for a coverage that is no share, an arm without weight, or a key that is there twice."""
        self.keys = tuple(experiment.key for experiment in experiments)
        if len(set(self.keys)) != len(self.keys):
            raise ValueError("two experiments have one key")
        groups: dict[str, list[int]] = {}
        for at, experiment in enumerate(experiments):
            groups.setdefault(experiment.audience, []).append(at)
        self._groups = [_Group(audience, [experiments[at] for at in ats]) for audience, ats in groups.items()]
        drawn = list(chain.from_iterable(groups.values()))
        self._columns = list(groups.values())
        self._order = None if drawn == sorted(drawn) else sorted(range(len(drawn)), key=drawn.__getitem__)
        self._arms = [(*_ranges(experiment)[1], "") for experiment in experiments]

    def decide_one(self, unit: str, inside: Mapping[str, Callable[[Any], bool]], attributes: Any) -> list[str]:
        """The arm of one unit in each experiment, in the order of `keys`; '' where it takes no part.

        `inside` has a test for each audience; it is given `attributes`, whatever they are.
        """
        hashed = unit_hash(unit)
        found: list[str] = []
        for group in self._groups:
            if not group.audience or inside[group.audience](attributes):
                # The drawing stands here, without a call of its own: a call is a tenth of the time.
                places = (hashed * group.factors + group.offsets).to_bytes(group.length, "little")
                drawn = list(map(getitem, group.tables, places[7::16]))
                found += group.fill_in(drawn, places)
            else:
                found += group.nobody
        return found if self._order is None else [found[at] for at in self._order]

    def decide_many(
        self, units: Sequence[str], inside: Mapping[str, NDArray[np.bool_]]
    ) -> tuple[NDArray[np.int16], list[tuple[str, ...]]]:
        """(units × experiments: the number of the arm, the arms' names by number, for each experiment).

        `inside` says of each unit whether it is in the audience. Equal to `decide_one` for each unit.
        """
        hashed = unit_hashes(units)
        found = np.zeros((len(units), len(self.keys)), dtype=np.int16)
        for group, columns in zip(self._groups, self._columns, strict=True):
            for at, turn, (ends, _) in zip(columns, group.turns, group.ranges, strict=True):
                places = places_of(hashed, turn)
                drawn = np.searchsorted(np.array(ends, dtype=np.uint64), places, side="right")
                found[:, at] = drawn if not group.audience else np.where(inside[group.audience], drawn, len(ends) + 1)
        return found, self._arms


def _ranges(experiment: OnlineExperiment) -> tuple[list[int], tuple[str, ...]]:
    if not 0 <= experiment.coverage <= 1:
        raise ValueError(f"experiment {experiment.key!r}: the coverage is a share, not {experiment.coverage}")
    return arm_ranges(shares_of(experiment.arms), experiment.coverage)


def _by_top_byte(ends: Sequence[int], arms: Sequence[str]) -> tuple[str | None, ...]:
    """The arm of the places with each top byte; None where they are not all of one arm."""
    first = [bisect_right(ends, top << 56) for top in range(256)]
    last = [bisect_right(ends, (top + 1 << 56) - 1) for top in range(256)]
    return tuple(arms[low] if low == high else None for low, high in zip(first, last, strict=True))
