from dataclasses import replace

import numpy as np
import pytest

from tailorbird.stages.bandits.linear import LinearPolicy
from tailorbird.stages.bandits.linear_scores import ContextError
from tailorbird.types.policy_rows import Lessons, Rewards, Situation, Situations
from tailorbird.types.policy_spec import PolicySpec

ARMS = ("a", "b", "c")
SPEC = PolicySpec(kind="linear", features=("x", "y"), prior_strength=20.0)


def rows(count: int, seed: int = 1) -> tuple[Rewards, np.ndarray]:
    """'a' is for people of a high x, 'b' for those of a low one, 'c' for nobody."""
    rng = np.random.default_rng(seed)
    context = rng.normal(3, 2, (count, 2))
    arm = rng.integers(0, 3, count)
    z = (context[:, 0] - 3) / 2
    rate = np.clip(0.2 + np.choose(arm, [0.1 * z, -0.1 * z, np.full(count, -0.1)]), 0, 1)
    reward = (rng.random(count) < rate).astype(np.float64)
    return Rewards([ARMS[k] for k in arm], reward, np.ones(count), np.full(count, 1 / 3), context=context), context


def asked(context: np.ndarray) -> Situations:
    of = np.zeros(len(context), dtype=np.int64)
    return Situations(ARMS, np.ones((1, 3), dtype=bool), of, "s", context=context)


def test_people_get_the_arm_that_suits_their_context() -> None:
    policy = LinearPolicy(SPEC, Lessons()).update(rows(6000)[0])
    shares = policy.decide_many(asked(np.array([[7.0, 3.0], [-1.0, 3.0]])), np.array([0.5, 0.5])).shares
    assert shares[0, 0] > 0.8 and shares[1, 1] > 0.8


def test_the_scores_are_those_of_the_posterior_written_out() -> None:
    rewards, context = rows(500)
    policy = LinearPolicy(SPEC, Lessons()).update(rewards)
    mean, deviation = policy.scores(ARMS, context[:20], 20)
    z = np.column_stack([np.ones(500), (context - context.mean(0)) / context.std(0)])
    mine = np.array([arm == "b" for arm in rewards.arms])
    won, shown = rewards.reward.sum(), 500.0
    level = 0.03 * ((20 * 0.03 + won) / (20 + shown)) / 0.03
    inverse = np.linalg.inv(20 * np.eye(3) + z[mine].T @ z[mine])
    theta = inverse @ (np.array([20 * level, 0, 0]) + z[mine].T @ rewards.reward[mine])
    spread = np.sqrt(np.einsum("ni,ij,nj->n", z[:20], inverse, z[:20]) * level * (1 - level) / SPEC.temper)
    assert np.allclose(mean[1], z[:20] @ theta, atol=1e-5) and np.allclose(deviation[1], spread, rtol=1e-3)


def test_another_number_of_features_is_refused() -> None:
    policy = LinearPolicy(SPEC, Lessons()).update(rows(100)[0])
    with pytest.raises(ContextError, match="learned from 2 features and is asked with 3"):
        policy.decide_many(asked(np.zeros((1, 3))), np.array([0.5]))


def test_a_context_that_is_not_a_number_is_refused() -> None:
    policy = LinearPolicy(SPEC, Lessons()).update(rows(100)[0])
    with pytest.raises(ContextError, match="finite"):
        policy.decide_many(asked(np.array([[np.nan, 0.0]])), np.array([0.5]))


def test_without_a_context_the_arms_own_levels_decide() -> None:
    policy = LinearPolicy(SPEC, Lessons()).update(rows(6000)[0])
    found = policy.decide_many(
        Situations(ARMS, np.ones((1, 3), dtype=bool), np.zeros(1, dtype=np.int64), "s"), np.array([0.5])
    )
    assert found.shares[0, 2] < 0.1


def test_choosing_by_one_normal_per_arm_is_what_the_shares_say() -> None:
    policy = LinearPolicy(SPEC, Lessons()).update(rows(200)[0])
    one = np.array([[4.0, 2.0]])
    chosen = policy.choose(ARMS, np.repeat(one, 20_000, axis=0), np.random.default_rng(1))
    drawn = np.bincount(chosen, minlength=3) / 20_000
    shares = LinearPolicy(replace(SPEC, floor=0.0), Lessons(), policy.state()).decide_many(asked(one), np.array([0.5]))
    assert np.allclose(drawn, shares.shares[0], atol=0.12)


def test_one_person_is_decided_for_as_in_a_batch_of_any_size() -> None:
    rewards, context = rows(5000)
    policy = LinearPolicy(SPEC, Lessons()).update(rewards)
    uniforms = np.random.default_rng(2).random(5000)
    many = policy.decide_many(asked(context), uniforms)
    assert np.allclose(many.shares.sum(axis=1), 1)
    assert np.allclose(many.propensity, many.shares[np.arange(5000), many.arm])
    alone = [
        policy.decide_one(Situation(ARMS, (True,) * 3, "s", "", (), tuple(row)), float(uniform))
        for row, uniform in zip(context[::50].tolist(), uniforms[::50], strict=True)
    ]
    assert [one.arm for one in alone] == many.arm[::50].tolist()
    assert np.allclose([one.shares for one in alone], many.shares[::50])
