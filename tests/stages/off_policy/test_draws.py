import numpy as np
import pytest

from tailorbird.stages.off_policy.draws import LoggedDraws, UnusableDrawsError, even_folds


def draws(propensity: list[float], reward: list[float] | None = None) -> LoggedDraws:
    n = len(propensity)
    zeros = np.zeros(n, dtype=np.int64)
    return LoggedDraws(
        zeros, np.array(propensity), np.array(reward or [0.0] * n), zeros, zeros[:, None], np.arange(n), zeros
    )


@pytest.mark.parametrize("bad", [0.0, float("nan"), -0.1, 1.5])
def test_a_propensity_that_is_no_probability_is_refused_with_how_many_there_are(bad: float) -> None:
    with pytest.raises(UnusableDrawsError, match="2 of 3 draws have a propensity"):
        draws([0.5, bad, bad])


def test_a_reward_that_is_no_number_is_refused() -> None:
    with pytest.raises(UnusableDrawsError, match="1 rewards are no numbers"):
        draws([0.5, 0.5], [1.0, float("nan")])


def test_no_draws_are_refused() -> None:
    with pytest.raises(UnusableDrawsError, match="no draws"):
        draws([])


def test_a_weight_is_how_much_more_often_the_other_policy_draws_the_same() -> None:
    assert draws([0.25, 0.5]).weights(np.array([[0.5]])).tolist() == [2.0, 1.0]


def test_all_draws_of_a_person_are_in_one_fold_and_folds_are_even() -> None:
    unit = np.repeat(np.arange(100), 3)
    fold = even_folds(unit, 5, np.random.default_rng(1))
    assert all(len(set(fold[unit == one])) == 1 for one in range(100))
    assert np.bincount(fold).tolist() == [60] * 5


def test_fewer_people_than_folds_make_fewer_folds() -> None:
    assert set(even_folds(np.array([0, 0, 1]), 5, np.random.default_rng(1))) == {0, 1}
