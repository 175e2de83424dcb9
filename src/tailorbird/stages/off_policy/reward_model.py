"""A model of the reward: the mean, plus what each group of the context and the arm add, each shrunk toward nothing.

It is a ridge regression on one indicator per group, solved by going round the factors. The penalty of a factor is the
variance of a reward over the variance between the factor's groups, by moments, so that groups which differ by no more
than chance add next to nothing. Rewards are rare: a richer model would learn noise. Nothing rests on its being right,
since the estimators correct it by what was seen; a better one makes their intervals narrower.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tailorbird.stages.off_policy.draws import Floats, Ints, LoggedDraws

PENALTY_LOW, PENALTY_HIGH = 10.0, 1e6
_ROUNDS = 4


Places = Sequence[tuple[LoggedDraws, Floats]]
"""The places of one message: the draws of each, all with the same rewards, and a policy (situations × arms)."""


@dataclass(frozen=True)
class RewardModel:
    """Expected reward in a context with arm a[p] in each place p: `base` + the context's `effects` +
    `arm_effects[p][a[p]]`."""

    base: float
    effects: Sequence[Floats]
    arm_effects: Sequence[Floats]

    def of_context(self, context: Ints) -> Floats:
        """(n,) What is expected without any arm's own part."""
        found = np.full(len(context), self.base)
        for at, effect in enumerate(self.effects):
            found += effect[context[:, at]]
        return found


def fit_reward_model(places: Places, rows: Ints, sizes: Sequence[int]) -> RewardModel:
    """The model from the draws at `rows`; `sizes` are how many groups each factor of the context has."""
    first = places[0][0]
    context, reward = first.context[rows], first.reward[rows]
    base = float(reward.mean()) if len(rows) else 0.0
    factors = [(context[:, at], size) for at, size in enumerate(sizes)]
    factors += [(draws.arm[rows], policy.shape[1]) for draws, policy in places]
    effects = [np.zeros(size) for _, size in factors]
    rest = reward - base
    for _ in range(_ROUNDS):
        for at, (group, size) in enumerate(factors):
            rest = rest + effects[at][group]
            count = np.bincount(group, minlength=size).astype(float)
            total = np.bincount(group, weights=rest, minlength=size).astype(float)
            effects[at] = total / (count + penalty(rest, count, total))
            rest = rest - effects[at][group]
    return RewardModel(base, effects[: len(sizes)], effects[len(sizes) :])


def penalty(reward: Floats, count: Floats, total: Floats) -> float:
    """How many draws of a group its effect must be worth to count half, by moments (DerSimonian and Laird's form)."""
    seen = count > 0
    groups = int(seen.sum())
    n = float(count.sum())
    chance = float(reward.var()) if len(reward) else 0.0
    if groups < 2 or chance <= 0:
        return PENALTY_HIGH
    mean = float(total.sum()) / n
    spread = float(np.sum(count[seen] * (total[seen] / count[seen] - mean) ** 2))
    effective = n - float(np.sum(count**2)) / n
    between = (spread - (groups - 1) * chance) / effective if effective > 0 else 0.0
    return float(np.clip(chance / between, PENALTY_LOW, PENALTY_HIGH)) if between > 0 else PENALTY_HIGH


def cross_fitted(places: Places) -> tuple[Floats, Floats]:
    """((n,) expected reward of what was drawn, (n,) of what the policies would have drawn), by models of other folds.

    With one fold only the model has seen what it judges.
    """
    first = places[0][0]
    sizes = [int(first.context[:, at].max()) + 1 for at in range(first.context.shape[1])]
    of_drawn, of_policy = np.empty(len(first.arm)), np.empty(len(first.arm))
    folds = np.unique(first.fold)
    for fold in folds:
        own = np.flatnonzero(first.fold == fold)
        model = fit_reward_model(places, np.flatnonzero(first.fold != fold) if len(folds) > 1 else own, sizes)
        of_drawn[own] = of_policy[own] = model.of_context(first.context[own])
        for (draws, policy), effect in zip(places, model.arm_effects, strict=True):
            of_drawn[own] += effect[draws.arm[own]]
            of_policy[own] += (policy @ effect)[draws.situation[own]]
    return of_drawn, of_policy
