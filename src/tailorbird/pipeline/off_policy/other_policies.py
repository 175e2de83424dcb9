"""Other policies over the same lines: even shares, one line for everybody, the best line, another policy's settings.

A policy that learns is judged on people from whom it did not learn: it is worked out once for each half of people,
from the other ('others'), or once for each step, from what was known when the step began ('before').
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tailorbird.pipeline.off_policy.past_draws import BlockDraws, PastDraws
from tailorbird.stages.bandits.kinds import policy_of_counts
from tailorbird.stages.off_policy.draws import Floats, Ints
from tailorbird.stages.off_policy.evaluation import Place
from tailorbird.stages.off_policy.overlap import honest_p
from tailorbird.types.policy_rows import Situations
from tailorbird.types.policy_spec import PolicySpec

Learned = Literal["others", "before"]
Counts = dict[str, tuple[float, float]]


@dataclass(frozen=True)
class OtherPolicy:
    """A policy to replay. `kind` 'uniform' gives competing lines even shares, 'line' shows `line` to whoever could
    have got it and leaves the others as they were, 'widest' does so in every block with the line that most people
    could have got, 'best' shows the competing line that did best, and 'spec' draws by `spec`.

    `tags` are what a line must bear to compete, as in a variant; where none does, the set stays as it was.
    """

    name: str
    kind: Literal["uniform", "line", "widest", "best", "spec"]
    line: str = ""
    spec: PolicySpec | None = None
    tags: tuple[tuple[str, str], ...] = ()


def place_of(
    policy: OtherPolicy,
    past: PastDraws,
    block: BlockDraws,
    prior: PolicySpec,
    learned: Learned,
    bears: Callable[[str, str, str], bool] = lambda line, tag, value: True,
) -> Place:
    """The block's place under the policy. `prior` has the prior of 'best'; `bears(line, tag, value)` knows tags."""
    competing = with_tags(block, policy.tags, bears)
    if policy.kind == "uniform":
        return Place(block.draws, competing / competing.sum(axis=1, keepdims=True), block.logged)
    if policy.kind in ("line", "widest"):
        line = policy.line if policy.kind == "line" else _widest(block)
        return Place(block.draws, _one_line(block, line), block.logged)
    if policy.kind == "spec" and policy.spec is not None:
        spec = policy.spec
        return _learning(past, block, learned, lambda counts, seed: _drawn(block, competing, counts, spec, seed))
    return _learning(past, block, learned, lambda counts, _: _best(block, competing, counts, prior))


def with_tags(
    block: BlockDraws, tags: tuple[tuple[str, str], ...], bears: Callable[[str, str, str], bool]
) -> NDArray[np.bool_]:
    """(sets × arms) The lines that compete and bear the tags; all that compete where none does."""
    fits = np.array([all(bears(arm, tag, value) for tag, value in tags) for arm in block.arms], dtype=bool)
    narrowed = block.competing & fits
    return np.where(narrowed.any(axis=1, keepdims=True), narrowed, block.competing)


def _one_line(block: BlockDraws, line: str) -> Floats:
    policy = block.logged.copy()
    if line in block.arms:
        at = block.arms.index(line)
        rows = block.logged[:, at] > 0
        policy[rows] = 0.0
        policy[rows, at] = 1.0
    return policy


def _widest(block: BlockDraws) -> str:
    people = np.bincount(block.draws.situation, minlength=len(block.logged)).astype(float)
    people[block.competing.sum(axis=1) < 2] = 0
    return block.arms[int((block.competing * people[:, None]).sum(axis=0).argmax())]


def _learning(past: PastDraws, block: BlockDraws, learned: Learned, shares: Callable[[Counts, str], Floats]) -> Place:
    """The place with one policy per half (or step), each from the counts that it may know."""
    group, may_know = who_may_know(past, learned)
    names = np.unique(group)
    stacked = [
        shares(counts_of(block, may_know(name) & past.shown), f"replay|{block.block}|{name}") for name in names.tolist()
    ]
    situation = np.searchsorted(names, group) * len(block.logged) + block.draws.situation
    draws = block.draws.in_situations(situation.astype(np.int64))
    honest = honest_p(block.draws.situation, block.draws.arm, block.logged)
    return Place(draws, np.concatenate(stacked), np.concatenate([block.logged] * len(names)), honest)


def who_may_know(past: PastDraws, learned: Learned) -> tuple[Ints, Callable[[int], NDArray[np.bool_]]]:
    """((n,) the group of each draw: its half or its step; what says which draws a group's policy may learn from)."""
    group = past.blocks[0].draws.fold % 2 if learned == "others" else past.step

    def may_know(name: int) -> NDArray[np.bool_]:
        own = group == name
        known: NDArray[np.bool_] = ~own if learned == "others" else past.ready <= past.decided[own].min()
        return known

    return group, may_know


def counts_of(block: BlockDraws, rows: NDArray[np.bool_]) -> Counts:
    """{line: (rewards, exposures)} from the draws at `rows`, like with like.

    As when the product learns: a line's exposures are those that its rewards would need at the mean rate of the sets
    that it competed in. Sets in which it was alone tell nothing of it.
    """
    sets, arms = block.logged.shape
    cell = block.draws.situation[rows] * arms + block.draws.arm[rows]
    people = np.bincount(cell, minlength=sets * arms).reshape(sets, arms).astype(float)
    won = np.bincount(cell, weights=block.draws.reward[rows], minlength=sets * arms).reshape(sets, arms)
    shared = (block.competing.sum(axis=1) > 1) & (people.sum(axis=1) > 0)
    people, won = people[shared], won[shared]
    total = float(people.sum())
    mean = float(won.sum()) / total if total else 0.0
    if mean <= 0:
        exposures = people.sum(axis=0)
        return {arm: (0.0, float(n)) for arm, n in zip(block.arms, exposures, strict=True) if n}
    rate = won.sum(axis=1) / people.sum(axis=1)
    exposures = (people * rate[:, None]).sum(axis=0) / mean
    return {
        arm: (float(x), float(max(n, x)))
        for arm, x, n, seen in zip(block.arms, won.sum(axis=0), exposures, people.sum(axis=0), strict=True)
        if seen
    }


def _best(
    block: BlockDraws, competing: NDArray[np.bool_], counts: Mapping[str, tuple[float, float]], prior: PolicySpec
) -> Floats:
    s = prior.prior_strength
    won, seen = sum(x for x, _ in counts.values()), sum(n for _, n in counts.values())
    mean = (s * prior.prior_mean + won) / (s + seen)
    rates = np.array([(x + s * mean) / (n + s) for x, n in (counts.get(arm, (0.0, 0.0)) for arm in block.arms)])
    policy = np.zeros(block.logged.shape)
    policy[np.arange(len(policy)), np.where(competing, rates, -1.0).argmax(axis=1)] = 1.0
    return policy


def _drawn(
    block: BlockDraws,
    competing: NDArray[np.bool_],
    counts: Mapping[str, tuple[float, float]],
    spec: PolicySpec,
    seed: str,
) -> Floats:
    of = np.arange(len(competing))
    asked = Situations(tuple(block.arms), np.asarray(competing, dtype=bool), of, seed)
    choices = policy_of_counts(spec, counts).decide_many(asked, np.full(len(of), 0.5))
    return choices.shares[choices.of]


def differs(place: Place) -> float:
    """The share of people who would have been shown something else at most: half the sum of differences."""
    assert place.logged is not None
    apart: Ints | Floats = np.abs(place.policy - place.logged).sum(axis=1) / 2
    return float(apart[place.draws.situation].mean())
