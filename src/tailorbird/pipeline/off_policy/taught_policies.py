"""Policies that learn from what is known of each person, taught anew from the past as the product teaches them.

Kinds that learn from counts alone are worked out faster (`other_policies`). These get the same lessons as a policy that
is published, from other people or from before, and then tell each person's shares among the lines that competed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tailorbird.pipeline.off_policy.past_draws import BlockDraws, PastDraws
from tailorbird.ports.policy import MakePolicy, Policy
from tailorbird.stages.bandits.kinds import COUNTED
from tailorbird.stages.bandits.teaching import Exposures, teach
from tailorbird.stages.off_policy.draws import Floats, Ints
from tailorbird.stages.off_policy.evaluation import Place
from tailorbird.stages.off_policy.overlap import honest_p
from tailorbird.types.policy_rows import Lessons, Situations
from tailorbird.types.policy_spec import PolicySpec

Features = tuple[Sequence[str], Floats | None]
"""(cohorts, contexts) of the past's rows, as `learn.features_of` tells them; empty and None where none is asked."""


@dataclass(frozen=True)
class Teaching:
    """How a policy is taught: the rows that the policy of each group may learn from, and what makes it."""

    group: Ints
    may_know: Callable[[int], NDArray[np.bool_]]
    make: MakePolicy
    window_days: float


def needs_people(spec: PolicySpec) -> bool:
    """Whether a policy must be told of each person: counts of its lines do not make it."""
    return spec.kind not in COUNTED or bool(spec.cohort)


def taught_places(
    spec: PolicySpec,
    past: PastDraws,
    judged: Sequence[BlockDraws],
    competing: Sequence[NDArray[np.bool_]],
    features: Features,
    teaching: Teaching,
) -> list[Place]:
    """The places of `judged` under the policy; `competing` (sets × arms) are the lines that compete in each."""
    parts: list[list[tuple[NDArray[np.intp], Ints, Floats, Floats]]] = [[] for _ in judged]
    for name in np.unique(teaching.group).tolist():
        rows = np.flatnonzero(teaching.group == name)
        policy = _taught(spec, past, judged, teaching.may_know(name) & past.shown, features, teaching)
        for block, allowed, found in zip(judged, competing, parts, strict=True):
            found.append((rows, *_shares(policy, block, allowed, rows, features, f"replay|{block.block}|{name}")))
    return [_place(block, found) for block, found in zip(judged, parts, strict=True)]


def _taught(
    spec: PolicySpec,
    past: PastDraws,
    judged: Sequence[BlockDraws],
    known: NDArray[np.bool_],
    features: Features,
    teaching: Teaching,
) -> Policy:
    """The policy that has learned from the draws at `known` in all judged blocks."""
    rows = [np.flatnonzero(known & (block.draws.arm > 0)) for block in judged]
    at = np.concatenate(rows)
    cohorts, context = features
    found = Exposures(
        arms=[block.arms[arm] for block, own in zip(judged, rows, strict=True) for arm in block.draws.arm[own]],
        blocks=[block.block for block, own in zip(judged, rows, strict=True) for _ in own],
        strata=[
            (block.block, place)
            for block, own in zip(judged, rows, strict=True)
            for place in block.draws.situation[own]
        ],
        steps=[str(step) for step in past.step[at]],
        people=past.person_ids[at].tolist(),
        reward=judged[0].draws.reward[at],
        propensity=np.concatenate([block.draws.propensity[own] for block, own in zip(judged, rows, strict=True)]),
        age_days=past.age_days[at],
        window_days=teaching.window_days,
        cohorts=[cohorts[row] for row in at.tolist()] if cohorts else (),
        context=None if context is None else context[at],
    )
    if not len(at):
        return teaching.make(spec, Lessons(), None)
    taught = teach(spec, found, {}, f"replay|{spec.kind}")
    return teaching.make(spec, taught.lessons, None).update(taught.rewards)


def _shares(
    policy: Policy,
    block: BlockDraws,
    allowed: NDArray[np.bool_],
    rows: NDArray[np.intp],
    features: Features,
    seed: str,
) -> tuple[Ints, Floats, Floats]:
    """((rows,) which row of the two matrices is whose, the policy's shares, the logged propensities)."""
    cohorts, context = features
    sets = block.draws.situation[rows]
    told = np.array([cohorts[row] for row in rows.tolist()]) if cohorts else np.zeros(len(rows), dtype="U1")
    names, cohort_at = np.unique(told, return_inverse=True)
    kinds, of = np.unique(sets * len(names) + cohort_at, return_inverse=True)
    asked = Situations(
        block.arms,
        allowed[kinds // len(names)],
        of.astype(np.int64),
        seed,
        [str(names[kind]) for kind in kinds % len(names)] if cohorts else (),
        None,
        None if context is None else context[rows],
    )
    choices = policy.decide_many(asked, np.full(len(rows), 0.5))
    pairs, first, mine = np.unique(choices.of * len(block.logged) + sets, return_index=True, return_inverse=True)
    return mine.astype(np.int64), choices.shares[choices.of[first]], block.logged[pairs % len(block.logged)]


def _place(block: BlockDraws, parts: Sequence[tuple[NDArray[np.intp], Ints, Floats, Floats]]) -> Place:
    situation = np.zeros(len(block.draws.arm), dtype=np.int64)
    start = 0
    for rows, mine, shares, _ in parts:
        situation[rows] = mine + start
        start += len(shares)
    return Place(
        block.draws.in_situations(situation),
        np.concatenate([shares for _, _, shares, _ in parts]),
        np.concatenate([logged for _, _, _, logged in parts]),
        honest_p(block.draws.situation, block.draws.arm, block.logged),
    )
