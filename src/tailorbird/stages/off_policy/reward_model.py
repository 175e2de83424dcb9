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


@dataclass(frozen=True)
class RewardModel:
    """Expected reward of arm a in a context: `base` + the context's `effects` + `arm_effects[a]`."""

    base: float
    effects: Sequence[Floats]
    arm_effects: Floats

    def of_context(self, context: Ints) -> Floats:
        """(n,) What is expected without any arm's own part."""
        found = np.full(len(context), self.base)
        for at, effect in enumerate(self.effects):
            found += effect[context[:, at]]
        return found


def fit_reward_model(draws: LoggedDraws, rows: Ints, sizes: Sequence[int], arms: int) -> RewardModel:
    """The model from the draws at `rows`; `sizes` are how many groups each factor of the context has."""
    context, arm, reward = draws.context[rows], draws.arm[rows], draws.reward[rows]
    base = float(reward.mean()) if len(rows) else 0.0
    factors = [(context[:, at], size) for at, size in enumerate(sizes)] + [(arm, arms)]
    effects = [np.zeros(size) for _, size in factors]
    rest = reward - base
    for _ in range(_ROUNDS):
        for at, (group, size) in enumerate(factors):
            rest = rest + effects[at][group]
            count = np.bincount(group, minlength=size).astype(float)
            total = np.bincount(group, weights=rest, minlength=size).astype(float)
            effects[at] = total / (count + penalty(rest, count, total))
            rest = rest - effects[at][group]
    return RewardModel(base, effects[:-1], effects[-1])


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


def cross_fitted(draws: LoggedDraws, policy: Floats) -> tuple[Floats, Floats]:
    """((n,) expected reward of what was drawn, (n,) of what `policy` would have drawn), by models of the other folds.

    `policy` is situations × arms. With one fold only the model has seen what it judges.
    """
    arms = policy.shape[1]
    sizes = [int(draws.context[:, at].max()) + 1 for at in range(draws.context.shape[1])]
    of_drawn, of_policy = np.empty(len(draws.arm)), np.empty(len(draws.arm))
    folds = np.unique(draws.fold)
    for fold in folds:
        own = np.flatnonzero(draws.fold == fold)
        model = fit_reward_model(draws, np.flatnonzero(draws.fold != fold) if len(folds) > 1 else own, sizes, arms)
        context = model.of_context(draws.context[own])
        of_drawn[own] = context + model.arm_effects[draws.arm[own]]
        of_policy[own] = context * policy.sum(axis=1)[draws.situation[own]]
        of_policy[own] += (policy @ model.arm_effects)[draws.situation[own]]
    return of_drawn, of_policy
