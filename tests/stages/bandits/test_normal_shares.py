import numpy as np
from scipy.stats import norm

from tailorbird.stages.bandits.normal_shares import normal_draws, normal_shares, quantiles


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
    assert np.allclose(shares[0], exact, atol=0.03)
    assert np.allclose(shares.sum(axis=0), 1)


def test_an_arm_that_may_not_be_chosen_has_no_share() -> None:
    mean = np.array([[-np.inf], [0.0], [0.0]], dtype=np.float32)
    shares = normal_shares(mean, np.ones((3, 1), dtype=np.float32), normal_draws(3, "s"))
    assert shares[0, 0] == 0 and np.isclose(shares.sum(), 1)


def test_few_people_and_many_have_the_same_shares() -> None:
    rng = np.random.default_rng(1)
    mean, deviation = rng.normal(0, 1, (4, 100)).astype(np.float32), rng.random((4, 100)).astype(np.float32)
    many = normal_shares(mean, deviation, normal_draws(4, "s"))
    few = np.hstack(
        [normal_shares(mean[:, at : at + 1], deviation[:, at : at + 1], normal_draws(4, "s")) for at in range(100)]
    )
    assert (many == few).all()
