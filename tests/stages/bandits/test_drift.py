import numpy as np
import pytest
from scipy.stats import norm

from tailorbird.stages.bandits.drift import forgotten, sequence_reach


def stream(rates: list[float], each: int, seed: int) -> tuple[list[str], np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    reward = np.concatenate([(rng.random(each) < rate).astype(float) for rate in rates])
    return ["a"] * len(reward), np.arange(len(reward), 0, -1.0) / 100, reward


def test_a_line_that_changed_is_told_and_only_what_came_before_is_forgotten() -> None:
    arms, ages, reward = stream([0.10] * 4 + [0.25], 2000, 1)
    old = forgotten(arms, ages, reward)
    assert old[:8000].all() and not old[8000:].any()


@pytest.mark.slow
def test_a_steady_line_is_seldom_taken_for_another() -> None:
    false = sum(forgotten(*stream([0.1] * 5, 1000, seed)).any() for seed in range(200))
    assert false <= 10


def test_of_few_answers_nothing_is_concluded() -> None:
    assert not forgotten(*stream([0.0, 0.0, 0.0, 0.0, 0.2], 60, 1)).any()


def test_the_sequence_is_wider_than_a_fixed_interval() -> None:
    assert sequence_reach(1e-4, 5000, 0.05) > norm.ppf(0.975) * 1e-2
    assert sequence_reach(1e-4, 5000, 0.05) == pytest.approx(0.0284, abs=0.004)


def test_exposures_of_one_step_are_never_parted_nor_taken_for_a_change() -> None:
    arms, _, reward = stream([0.1, 0.1, 0.1, 0.1, 0.3], 2000, 1)
    assert not forgotten(arms, np.full(10_000, 3.0), reward).any()


def test_what_is_not_known_is_left_out() -> None:
    arms, ages, reward = stream([0.1] * 4 + [0.25], 2000, 1)
    assert not forgotten(arms, ages, np.full(len(reward), np.nan)).any()
