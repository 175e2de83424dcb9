"""A past campaign as logged draws: who was shown what, out of which lines, how likely, and what it earned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tailorbird.pipeline.reward_table import RewardTable
from tailorbird.stages.off_policy.draws import Floats, Ints, LoggedDraws, even_folds
from tailorbird.types.arm_set import ArmSet
from tailorbird.types.errors import TailorbirdError

FOLDS = 4
NO_LINE = ""


class NothingToReplayError(TailorbirdError):
    """A campaign whose past says nothing of any other policy: what is missing, and what to do."""


@dataclass(frozen=True)
class BlockDraws:
    """The draws of one block: row i was drawn from set `draws.situation[i]`; `arms` are creative ids, and `logged`
    (sets × arms) the propensities of all that competed. Set 0 and arm 0 stand for 'no line in this block'."""

    block: str
    arms: tuple[str, ...]
    logged: Floats
    draws: LoggedDraws

    @property
    def competing(self) -> NDArray[np.bool_]:
        """(sets × arms) Which lines could have been drawn."""
        return self.logged > 0


@dataclass(frozen=True)
class PastDraws:
    """The past decisions of a campaign, all blocks in the same order of rows.

    `age_days` is how old a decision was at the read-out. `shown` says whether the lines really went out, `step` (n,)
    numbers the steps by time, `ready` (n,) when a decision's outcome was known and `decided` when it was made, both in
    seconds. `unkept` decisions were left out since nobody kept what they were drawn from. `open_windows` decisions may
    still earn something: they are left out too, unless all are such (`so_far`).
    """

    blocks: tuple[BlockDraws, ...]
    people: int
    person_ids: NDArray[Any]
    decision_ids: NDArray[Any]
    age_days: Floats
    shown: NDArray[np.bool_]
    step: Ints
    decided: Floats
    ready: Floats
    unkept: int
    open_windows: int
    so_far: bool


def past_draws(table: RewardTable, sets: Mapping[str, ArmSet], window_days: int, seed: int) -> PastDraws:
    """The draws of a campaign from its rewards and the arm sets behind them, in four folds of people by `seed`.

    Only decisions whose window is over count; while none is, all count with what they earned so far (`so_far`).
    NothingToReplayError: no decision can be used.
    """
    columns = table.columns
    if not len(table):
        raise NothingToReplayError("no line was decided for anybody: there is nothing to replay")
    kept = np.array([str(one) in sets for one in columns["set_id"]], dtype=bool)
    lost = np.isin(columns["decision_id"], np.unique(columns["decision_id"][~kept]))
    mature = columns["mature"] == 1
    so_far = not mature.any()
    use = ~lost if so_far else mature & ~lost
    if not use.any():
        raise NothingToReplayError(
            "nobody kept what the lines were drawn from: these decisions were made before arm sets were recorded"
        )
    found = {name: column[use] for name, column in columns.items()}
    _, first, row = np.unique(found["decision_id"], return_index=True, return_inverse=True)
    people, unit = np.unique(found["person_id"][first], return_inverse=True)
    times = np.array([moment.timestamp() for moment in found["decided_at"][first]])
    shared = _Shared(
        reward=np.asarray(found["reward"][first], dtype=np.float64),
        context=np.stack([_codes(found[name][first]) for name in ("step", "subject", "locale", "variant")], axis=1),
        unit=unit.astype(np.int64),
        fold=even_folds(unit.astype(np.int64), FOLDS, np.random.default_rng(seed)),
    )
    blocks = tuple(_block(str(name), found, row, shared, sets) for name in sorted(set(found["block"])))
    shown = np.zeros(len(first), dtype=bool)
    shown[row[found["shown"] == 1]] = True
    return PastDraws(
        blocks=blocks,
        people=len(people),
        person_ids=found["person_id"][first],
        decision_ids=found["decision_id"][first],
        age_days=np.asarray(found["age_days"][first], dtype=np.float64),
        shown=shown,
        step=_by_time(found["step"][first], times),
        decided=times,
        ready=times + window_days * 86_400.0,
        unkept=len(np.unique(columns["decision_id"][lost & (mature | so_far)])),
        open_windows=len(np.unique(columns["decision_id"][~mature])),
        so_far=so_far,
    )


@dataclass(frozen=True)
class _Shared:
    reward: Floats
    context: Ints
    unit: Ints
    fold: Ints


def _codes(values: NDArray[Any]) -> Ints:
    return np.unique(values.astype(str), return_inverse=True)[1].astype(np.int64)


def _by_time(steps: NDArray[Any], times: Floats) -> Ints:
    """Steps numbered by the time of their first decision."""
    names, at = np.unique(steps.astype(str), return_inverse=True)
    begun = np.array([times[at == i].min() for i in range(len(names))])
    return np.argsort(np.argsort(begun, kind="stable"), kind="stable")[at].astype(np.int64)


def _block(
    name: str, found: Mapping[str, Any], row: NDArray[np.intp], shared: _Shared, sets: Mapping[str, ArmSet]
) -> BlockDraws:
    own = found["block"] == name
    ids, set_at = np.unique(found["set_id"][own].astype(str), return_inverse=True)
    used = [sets[one] for one in ids]
    arms, logged = _propensities(used)
    arm_at = {arm: at for at, arm in enumerate(arms)}
    n = len(shared.reward)
    situation, arm, propensity = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64), np.ones(n)
    situation[row[own]] = set_at + 1
    arm[row[own]] = [arm_at.get(one, 0) for one in found["creative_id"][own]]
    propensity[row[own]] = found["propensity"][own].astype(np.float64)
    draws = LoggedDraws(arm, propensity, shared.reward, situation, shared.context, shared.unit, shared.fold)
    return BlockDraws(name, arms, logged, draws)


def _propensities(used: Sequence[ArmSet]) -> tuple[tuple[str, ...], Floats]:
    arms = (NO_LINE, *sorted({arm for one in used for arm in one.arms}))
    at = {arm: i for i, arm in enumerate(arms)}
    logged = np.zeros((len(used) + 1, len(arms)))
    logged[0, 0] = 1.0
    for i, one in enumerate(used, start=1):
        logged[i, [at[arm] for arm in one.arms]] = one.propensities
    return arms, logged
