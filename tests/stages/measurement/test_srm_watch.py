"""The check of a split."""

from collections.abc import Sequence

import numpy as np
import pytest

from tailorbird.stages.measurement.srm_watch import check_split
from tailorbird.types.split_check import SplitCell

ARMS = ("treatment", "holdout")


def cells(*days: Sequence[int], shares: tuple[float, ...] = (0.7, 0.3)) -> list[SplitCell]:
    return [SplitCell(f"2026-06-{at:02}", tuple(counts), shares, {}) for at, counts in enumerate(days, 1)]


def test_a_sound_split_passes_and_says_nothing() -> None:
    found = check_split("arms", ARMS, cells((700, 300), (350, 150)), True)
    assert not found.blocked and found.why == "" and found.places == ()
    assert found.counts == (1050, 450) and found.expected == (1050.0, 450.0)
    assert found.p == 1.0 and found.e_max < 1


def test_the_e_value_keeps_the_alarm_of_the_day_it_was_raised() -> None:
    found = check_split("arms", ARMS, cells((700, 300), (7000, 2000), (1000, 1429)), False)
    assert found.alarm_day == "2026-06-02" and found.blocked
    assert found.e_max >= 1000 > found.e_value
    assert "11,429" not in found.why and "held out or treated as planned" in found.why


def test_chi_square_speaks_only_when_nobody_comes_any_more() -> None:
    off = cells((700, 360), (700, 360))
    late, early = check_split("arms", ARMS, off, True), check_split("arms", ARMS, off, False)
    assert late.p is not None and late.p == early.p and late.p < 0.001 and late.e_max < 1000
    assert late.blocked and not early.blocked


def test_the_sentence_says_where_it_is_and_that_the_rest_is_sound() -> None:
    found = check_split("arms", ARMS, cells((700, 300), (700, 100), (700, 300)), True)
    assert "It is worst where day is 2026-06-02: 100 in holdout, 240 planned" in found.why
    assert found.why.endswith("everybody else is split as planned.")


def test_an_arm_that_came_later_is_not_missed_before_and_alarms_where_it_cannot_be() -> None:
    arms = ("a", "b", "c")
    early, late = (0.5, 0.5, 0.0), (0.4, 0.4, 0.2)
    sound = [SplitCell("2026-06-01", (500, 500, 0), early, {}), SplitCell("2026-06-02", (400, 400, 200), late, {})]
    assert not check_split("variants", arms, sound, True).blocked
    wrong = [SplitCell("2026-06-01", (500, 499, 1), early, {}), sound[1]]
    assert check_split("variants", arms, wrong, False).blocked


def test_nothing_was_split() -> None:
    for nobody in ([], cells((0, 0))):
        found = check_split("arms", ARMS, nobody, True)
        assert (found.p, found.e_value, found.blocked) == (None, 1.0, False)
    assert not check_split("arms", ("treatment",), cells((10,), shares=(1.0,)), True).blocked


def test_what_does_not_block_is_told_all_the_same() -> None:
    found = check_split("exposed", ARMS, cells((700, 100)), True, blocks=False)
    assert not found.blocked and found.why


@pytest.mark.slow
def test_sound_splits_watched_daily_and_tested_at_the_end_are_blocked_once_in_five_hundred_at_most() -> None:
    """Both tests have their own thousandth."""
    rng = np.random.default_rng(8)
    blocked = 0
    for _ in range(1_000):
        days = rng.multinomial(300, [0.7, 0.3], size=20).tolist()
        blocked += check_split("arms", ARMS, cells(*days), True).blocked
    assert blocked <= 5
