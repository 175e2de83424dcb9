from typing import Any

import numpy as np
import pytest

from tailorbird.stages.off_policy.draws import LoggedDraws
from tailorbird.stages.off_policy.reward_model import PENALTY_HIGH, cross_fitted, fit_reward_model, penalty


def test_with_much_data_the_model_finds_what_each_arm_and_group_adds() -> None:
    generator = np.random.default_rng(1)
    n = 200_000
    context, arm = generator.integers(0, 2, n), generator.integers(0, 3, n)
    rate = np.array([0.1, 0.2])[context] + np.array([0.0, 0.05, 0.1])[arm]
    draws = LoggedDraws(
        arm, np.full(n, 1 / 3), (generator.random(n) < rate).astype(float), context, context[:, None],
        np.arange(n), np.zeros(n, dtype=np.int64),
    )  # fmt: skip
    model = fit_reward_model([(draws, np.full((2, 3), 1 / 3))], np.arange(n), [2])
    found = model.of_context(np.array([[0], [1]]))[:, None] + model.arm_effects[0]
    assert found == pytest.approx(np.array([[0.1, 0.15, 0.2], [0.2, 0.25, 0.3]]), abs=0.01)


def test_groups_that_differ_by_chance_only_add_next_to_nothing() -> None:
    generator = np.random.default_rng(2)
    reward = (generator.random(5_000) < 0.05).astype(float)
    group = generator.integers(0, 50, 5_000)
    count = np.bincount(group, minlength=50).astype(float)
    assert penalty(reward, count, np.bincount(group, weights=reward, minlength=50).astype(float)) > 1_000


def test_one_group_or_rewards_all_alike_leave_nothing_to_learn() -> None:
    assert penalty(np.ones(3), np.array([3.0]), np.array([3.0])) == PENALTY_HIGH
    assert penalty(np.zeros(4), np.array([2.0, 2.0]), np.zeros(2)) == PENALTY_HIGH


def test_what_is_judged_was_not_seen(world: Any) -> None:
    draws = world.log(400, np.random.default_rng(4))
    before, _ = cross_fitted([(draws, world.logged)])
    reward = draws.reward.copy()
    own = draws.fold == 0
    reward[own] = 1 - reward[own]
    changed = LoggedDraws(draws.arm, draws.propensity, reward, draws.situation, draws.context, draws.unit, draws.fold)
    after, _ = cross_fitted([(changed, world.logged)])
    assert (after[own] == before[own]).all()
    assert (after[~own] != before[~own]).any()
