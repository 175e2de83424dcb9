import numpy as np
import pytest
from scipy.stats import norm

from tailorbird.stages.bandits.normal_shares import (
    farthest_draw,
    leaders,
    normal_draws,
    normal_shares,
    quantiles,
    shares_alone,
)


def test_the_quantiles_are_those_of_the_normal_distribution() -> None:
    p = np.linspace(1e-6, 1 - 1e-6, 10_001)
    assert np.allclose(quantiles(p), norm.ppf(p), atol=1e-8)


def test_the_draws_of_each_arm_are_spread_like_a_normal() -> None:
    z = normal_draws(5, "s", 64)
    assert np.allclose(z.mean(axis=0), 0, atol=0.05) and np.allclose(z.std(axis=0), 1, atol=0.1)


def test_the_shares_are_the_probabilities_of_being_the_greatest() -> None:
    """Against the closed form for two arms, within what 4,096 draws allow."""
    mean = np.array([[0.0, 0.0, 0.5], [0.0, 1.0, 0.2]], dtype=np.float32)
    deviation = np.array([[1.0, 0.5, 0.1], [1.0, 1.0, 0.3]], dtype=np.float32)
    shares = normal_shares(mean, deviation, normal_draws(2, "s", 4096))
    exact = norm.cdf((mean[0] - mean[1]) / np.sqrt(deviation[0] ** 2 + deviation[1] ** 2))
    assert np.allclose(shares[:, 0], exact, atol=0.03)
    assert np.allclose(shares.sum(axis=1), 1)


def test_an_arm_that_may_not_be_chosen_has_no_share() -> None:
    mean = np.array([[-np.inf], [0.0], [0.0]], dtype=np.float32)
    shares = normal_shares(mean, np.ones((3, 1), dtype=np.float32), normal_draws(3, "s"))
    assert shares[0, 0] == 0 and np.isclose(shares.sum(), 1)
    assert shares_alone([-np.inf, 0.0, 0.0], [1.0, 1.0, 1.0], "s") == shares[0].tolist()


def test_one_person_and_many_have_the_same_shares() -> None:
    """More people than a block has, of whom some have one arm that can lead, and some have all."""
    rng = np.random.default_rng(1)
    mean = (rng.normal(0, 1, (4, 9000)) * rng.choice([0.1, 1, 9], 9000)).astype(np.float32)
    deviation = rng.random((4, 9000)).astype(np.float32)
    many = normal_shares(mean, deviation, normal_draws(4, "s"))
    for at in range(0, 9000, 30):
        assert shares_alone(mean[:, at].tolist(), deviation[:, at].tolist(), "s") == many[at].tolist()
    assert {*(many > 0).sum(axis=1)} == {1, 2, 3, 4}


@pytest.mark.slow
def test_the_shares_of_ten_arms_are_those_of_thompson_sampling_by_brute_force() -> None:
    """400 people, 4,000 draws of each: off by .011 (root mean square), and by no arm's preference."""
    rng = np.random.default_rng(1)
    mean = rng.normal(0, 0.4, (10, 400)).astype(np.float32)
    deviation = rng.uniform(0.05, 0.3, (10, 400)).astype(np.float32)
    led = np.zeros((400, 10))
    for _ in range(4000):
        led[np.arange(400), leaders(mean + deviation * rng.standard_normal(mean.shape, dtype=np.float32))] += 1
    off = normal_shares(mean, deviation, normal_draws(10, "s")) - led / 4000
    assert np.sqrt((off**2).mean()) < 0.025 and np.abs(off.mean(axis=0)).max() < 0.005
    assert np.abs(off).max() < 0.25


def test_the_farthest_draw_is_the_bound_by_which_arms_are_left_out() -> None:
    assert farthest_draw(5, "s") == np.abs(normal_draws(5, "s")).max()
    assert 2 < farthest_draw(5, "s") < 6


def test_the_leader_is_the_first_of_the_greatest() -> None:
    assert leaders(np.array([[1, 2, 0], [1, 3, 0]], dtype=np.float32)).tolist() == [0, 1, 0]
