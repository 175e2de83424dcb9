import numpy as np
import pytest

from tailorbird.stages.bandits.admission import arms_that_fit, halved


@pytest.mark.parametrize(
    ("traffic", "rate", "arms"),
    [(100_000, 0.02, 10), (100_000, 0.2, 40), (1000, 0.02, 2), (0, 0.02, 40), (5000, 0, 40)],
)
def test_no_more_arms_compete_than_the_traffic_can_tell_apart(traffic: float, rate: float, arms: int) -> None:
    assert arms_that_fit(traffic, rate, 40) == arms


def test_one_arm_may_be_all_there_is_room_for() -> None:
    assert arms_that_fit(10, 0.01, 1) == 1


def test_of_hundreds_of_lines_the_lower_half_goes_when_each_had_its_quota() -> None:
    rng = np.random.default_rng(1)
    rates = {f"l{i:03}": rate for i, rate in enumerate(np.linspace(0.02, 0.10, 200))}
    few = {arm: (rng.binomial(100, rate) + 0.0, 100.0) for arm, rate in rates.items()}
    assert halved(few, {"subject": set(rates)}, 4) == ()
    many = {arm: (rng.binomial(5000, rate) + 0.0, 5000.0) for arm, rate in rates.items()}
    out = halved(many, {"subject": set(rates)}, 4)
    assert 100 <= len(out) <= 196 and "l199" not in out and "l000" in out


def test_an_arm_that_was_not_tried_is_not_out() -> None:
    counts = {arm: (50.0 * k, 1000.0) for k, arm in enumerate("abcde", 1)}
    assert halved(counts, {"subject": {*"abcde", "new"}}, 2) and "new" not in halved(
        counts, {"subject": {*"abcde", "new"}}, 2
    )


def test_as_many_are_left_as_there_is_room_for() -> None:
    counts = {arm: (500.0 * k, 100_000.0) for k, arm in enumerate("abcdefgh", 1)}
    assert halved(counts, {"subject": set(counts)}, 8) == ()
    assert halved(counts, {"subject": set(counts)}, 3) == ("a", "b", "c", "d")
