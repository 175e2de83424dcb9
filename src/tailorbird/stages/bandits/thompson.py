"""Tempered Thompson sampling with empirical-Bayes priors, also by cohort: shares by Monte Carlo, with a floor.

Each arm's posterior is Beta(h(s·m + c), h(s(1 − m) + n − c)): prior mean m, strength s, temper h. At rates of one or
two in a hundred, textbook sampling (h = 1) explores too long; h above 1 trusts the evidence sooner. An arm's share is
the part of the draws in which it is the best, so that the same version gives the same shares in any batch.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tailorbird.stages.bandits.choosing import choose, decide_alone, generator_of, with_floor
from tailorbird.stages.bandits.counts import Counts, add_counts, columns, expected_rates, learn_strength
from tailorbird.stages.bandits.policy_state import read_state, version_of, write_state
from tailorbird.types.policy_rows import Choice, Choices, Lessons, Rewards, Situation, Situations
from tailorbird.types.policy_spec import PolicySpec

DRAWS = 2000
_KEPT = 512


class ThompsonPolicy:
    """Thompson sampling on counts; of kind 'cohorts' on those of each cohort, shrunk to the arm's over all cohorts."""

    def __init__(self, spec: PolicySpec, lessons: Lessons, state: str | None = None) -> None:
        self.kind = "cohorts" if spec.kind == "cohorts" else "thompson"
        self._spec, self._lessons = spec, lessons
        learned = read_state(self.kind, state)
        self._arms: Counts = {arm: (c, n) for arm, (c, n) in learned.get("arms", {}).items()}
        self._cells: Counts = {cell: (c, n) for cell, (c, n) in learned.get("cells", {}).items()}
        also = (lessons,) if lessons != Lessons() else ()
        self.version = version_of("", {"arms": self._arms, "cells": self._cells}, *also)
        self._strength = self._learn(self._arms, spec.prior_strength)
        self._draws = lru_cache(_KEPT)(self._draw)
        self._share = lru_cache(_KEPT)(self._shares)

    def decide_one(self, situation: Situation, uniform: float) -> Choice:
        """The arm of one person."""
        return decide_alone(self.decide_many, situation, uniform)

    def decide_many(self, situations: Situations, uniforms: NDArray[np.float64]) -> Choices:
        """An arm for each person, from shares that are worked out once for each kind of situation."""
        shares = np.array(
            [
                self._share(
                    situations.arms,
                    tuple(allowed.tolist()),
                    situations.cohorts[at] if situations.cohorts else "",
                    tuple(situations.seen[at].tolist()) if situations.seen is not None and self._fatigue else (),
                    situations.seed,
                )
                for at, allowed in enumerate(situations.allowed)
            ]
        ).reshape(situations.allowed.shape)
        return choose(shares, situations.of, uniforms)

    def rank(self, arms: Sequence[str], seed: str) -> Sequence[int]:
        """By one draw from each arm's posterior, best first: one that did badly makes room for one that was not tried
        yet, and the best so far mostly stay."""
        if len(arms) < 2:
            return range(len(arms))
        order: list[int] = np.argsort(-self._draws(tuple(arms), "", seed)[0], kind="stable").tolist()
        return order

    def update(self, rewards: Rewards) -> "ThompsonPolicy":
        """The policy with these exposures in its counts."""
        arms, cells = add_counts(self._arms, rewards, rewards.arms), dict(self._cells)
        if self.kind == "cohorts" and rewards.cohorts:
            keys = [cell_of(cohort, arm) for cohort, arm in zip(rewards.cohorts, rewards.arms, strict=True)]
            cells = add_counts(self._cells, rewards, keys)
        return ThompsonPolicy(self._spec, self._lessons, write_state(self.kind, {"arms": arms, "cells": cells}))

    def state(self) -> str:
        """The counts."""
        return write_state(self.kind, {"arms": self._arms, "cells": self._cells})

    @property
    def _fatigue(self) -> float:
        return self._lessons.fatigue or self._spec.fatigue

    def _learn(self, counts: Counts, start: float) -> float:
        arms = sorted(counts)
        won, shown = columns(arms, counts)
        if not arms or shown.sum() <= 0:
            return start
        means = expected_rates(won, shown, self._priors(arms), start)
        return learn_strength(won, shown, means, start)

    def _priors(self, arms: Sequence[str]) -> NDArray[np.float64]:
        return np.array([self._lessons.priors.get(arm, self._spec.prior_mean) for arm in arms])

    def _draw(self, arms: tuple[str, ...], cohort: str, seed: str) -> NDArray[np.float64]:
        """DRAWS draws of each arm's rate (draws × arms)."""
        won, shown = columns(arms, self._arms)
        means, strength = expected_rates(won, shown, self._priors(arms), self._strength), self._strength
        if cohort:
            means = (strength * means + won) / (strength + shown)
            won, shown = columns([cell_of(cohort, arm) for arm in arms], self._cells)
            means = expected_rates(won, shown, means, strength)
        h = self._spec.temper
        a, b = h * (strength * means + won), h * (strength * (1 - means) + shown - won)
        drawn: NDArray[np.float64] = generator_of(seed + cohort).beta(a, b, size=(DRAWS, len(arms)))
        return drawn

    def _shares(
        self, arms: tuple[str, ...], allowed: tuple[bool, ...], cohort: str, seen: tuple[float, ...], seed: str
    ) -> NDArray[np.float64]:
        mask = np.array(allowed)
        at = np.flatnonzero(mask)
        if len(at) < 2:
            return mask.astype(np.float64)
        draws = self._draws(arms, cohort, seed)[:, at]
        if seen and any(seen):
            tired = self._fatigue * np.log1p(np.array(seen)[at])
            draws = np.log(draws / (1 - draws)) - tired
        share = np.zeros(len(arms))
        share[at] = np.bincount(draws.argmax(axis=1), minlength=len(at)) / DRAWS
        return with_floor(share, mask, self._spec.floor)


def cell_of(cohort: str, arm: str) -> str:
    """The key of an arm's counts in one cohort."""
    return f"{cohort}|{arm}"
