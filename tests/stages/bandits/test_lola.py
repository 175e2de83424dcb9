import numpy as np

from tailorbird.stages.bandits.lola import LolaPolicy, indices
from tailorbird.types.policy_rows import Lessons, Rewards, Situations
from tailorbird.types.policy_spec import PolicySpec


def test_without_a_prior_it_is_ucb_action_for_action() -> None:
    """In 300 rounds on four arms, with the prior's strength at 0."""
    rng, rates = np.random.default_rng(1), np.array([0.1, 0.3, 0.2, 0.25])
    won, shown = np.zeros(4), np.ones(4)
    for _ in range(300):
        t = shown.sum()
        ours = indices(won, shown, np.full(4, 0.2), 0.08, 0.0, t).argmax()
        assert ours == (won / shown + 0.08 * np.sqrt(np.log(t) / shown)).argmax()
        won[ours] += rng.random() < rates[ours]
        shown[ours] += 1


def test_with_an_endless_prior_the_second_index_follows_the_prior_alone() -> None:
    won, shown, priors = np.array([50.0, 0.0]), np.array([100.0, 1.0]), np.array([0.1, 0.2])
    assert indices(won, shown, priors, 0.0, 1e9, shown.sum()).argmax() == 0  # min with U1 keeps the tried one's own
    n = shown + 1e9
    assert ((won + 1e9 * priors) / n).argmax() == 1


def test_the_leader_gets_all_but_the_floor_and_the_prior_leads_at_first() -> None:
    lessons = Lessons(priors={"a": 0.02, "b": 0.05})
    policy = LolaPolicy(PolicySpec(kind="lola", floor=0.1, prior_strength=1000), lessons)
    asked = Situations(("a", "b"), np.ones((1, 2), dtype=bool), np.zeros(1, dtype=np.int64), "s")
    warm = policy.update(Rewards(["a", "b"] * 200, np.zeros(400), np.ones(400), np.full(400, 0.5)))
    assert np.allclose(warm.decide_many(asked, np.array([0.5])).shares, [[0.05, 0.95]]) or np.allclose(
        warm.decide_many(asked, np.array([0.5])).shares, [[0.95, 0.05]]
    )
    assert policy.decide_many(asked, np.array([0.5])).shares.min() > 0.049


def test_a_line_that_somebody_saw_often_is_worth_less_to_them() -> None:
    rewards = Rewards(
        ["a", "b"] * 500, np.array([1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0] * 125), np.ones(1000), np.full(1000, 0.5)
    )
    policy = LolaPolicy(PolicySpec(kind="lola", floor=0.0), Lessons(fatigue=1.0)).update(rewards)
    fresh = Situations(("a", "b"), np.ones((1, 2), dtype=bool), np.zeros(1, dtype=np.int64), "s", (), np.zeros((1, 2)))
    tired = Situations(fresh.arms, fresh.allowed, fresh.of, "s", (), np.array([[5.0, 0.0]]))
    assert policy.decide_many(fresh, np.array([0.5])).arm[0] == 0
    assert policy.decide_many(tired, np.array([0.5])).arm[0] == 1
