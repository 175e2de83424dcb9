import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.bandits.choosing import choose, choose_each, draw_one, generator_of, with_floor


def test_draws_match_the_logged_propensities() -> None:
    uniform = (np.arange(10_000) + 0.5) / 10_000
    found = choose(np.array([[5 / 7, 0.0, 2 / 7]]), np.zeros(10_000, dtype=np.int64), uniform)
    assert np.isclose((found.arm == 0).mean(), 5 / 7, atol=1e-3) and not (found.arm == 1).any()
    assert np.allclose(found.propensity[found.arm == 0], 5 / 7)


@pytest.mark.slow
@given(st.lists(st.floats(0, 1), min_size=1, max_size=6), st.floats(0, 1, exclude_max=True))
def test_an_arm_without_a_share_is_never_drawn(shares: list[float], uniform: float) -> None:
    found = choose(np.array([shares]), np.zeros(1, dtype=np.int64), np.array([uniform]))
    if sum(shares) == 0:
        assert found.arm[0] == -1
    else:
        assert shares[found.arm[0]] > 0 and np.isclose(found.shares.sum(), 1)


def test_the_floor_is_shared_by_those_that_compete() -> None:
    got = with_floor(np.array([[1.0, 0.0, 0.0]]), np.array([[True, True, False]]), 0.1)
    assert np.allclose(got, [[0.95, 0.05, 0.0]])


def test_a_text_always_gives_the_same_numbers() -> None:
    assert generator_of("a").random() == generator_of("a").random() != generator_of("b").random()


@pytest.mark.slow
@given(st.lists(st.floats(0, 1), min_size=1, max_size=6), st.floats(0, 1, exclude_max=True))
def test_one_is_drawn_as_many_are(shares: list[float], uniform: float) -> None:
    many = choose(np.array([shares]), np.zeros(1, dtype=np.int64), np.array([uniform]))
    one = draw_one(shares, uniform)
    assert np.isclose(one.propensity, many.propensity[0])
    assert one.arm == many.arm[0] or sum(shares) > 0


def test_shares_of_ones_own_are_drawn_from_as_rows_are() -> None:
    rng = np.random.default_rng(2)
    shares, uniforms = rng.random((5000, 4)), rng.random(5000)
    shares[rng.random((5000, 4)) < 0.4] = 0
    rows, own = choose(shares, np.arange(5000), uniforms), choose_each(np.ascontiguousarray(shares.T), uniforms)
    assert (rows.arm == own.arm).all() and (rows.arm == -1).any()
    assert np.allclose(rows.propensity, own.propensity) and np.allclose(rows.shares, own.shares)


def test_nobody_is_drawn_from_no_arms() -> None:
    assert draw_one([], 0.5).arm == -1
