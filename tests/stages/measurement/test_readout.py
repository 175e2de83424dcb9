"""The read-out of whole experiments."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from tailorbird.stages.measurement.readout import read_out
from tailorbird.types.campaign import BriefSpec, Campaign, MetricSpec

UNTIL = datetime(2026, 9, 30, tzinfo=UTC)


def campaign(holdout: float = 0.5, window_days: int = 14) -> Campaign:
    metric = MetricSpec("ordered again", "Order Completed", window_days)
    return Campaign("winback", {}, "They come back", metric, "lapsed", "mail", {}, BriefSpec(), holdout=holdout)


def outcomes(
    treated: int, treated_orders: int, holdout: int, holdout_orders: int, value: float = 10.0
) -> dict[str, list[Any]]:
    """Columns with the conversions spread evenly over the days 1 to 14."""
    n = treated + holdout
    day: list[int | None] = [None] * n
    for start, orders in ((0, treated_orders), (treated, holdout_orders)):
        for i in range(orders):
            day[start + i] = 1 + i % 14
    ordered = np.array([one is not None for one in day])
    return {
        "arm": ["treatment"] * treated + ["holdout"] * holdout,
        "exposed": [1] * treated + [0] * holdout,
        "clicked": [0] * n,
        "unsubscribed": [0] * n,
        "conversion_day": day,
        "attributed": [0] * n,
        "refunded": [0] * n,
        "value": list(ordered * value),
        "open_window": [0] * n,
        "age_days": [30] * n,
    }


def test_a_clear_effect_is_told_in_plain_words_with_the_interval_around_it() -> None:
    readout = read_out(campaign(), outcomes(2000, 300, 2000, 200), UNTIL, "GBP")
    assert readout.verdict == "better"
    assert "5.0 more in every 100 people" in readout.sentence
    assert readout.effect is not None
    assert readout.effect.low < 0.05 < readout.effect.high
    assert readout.effect.low > 0
    assert readout.effect.relative == pytest.approx(0.5)
    assert readout.value_effect is not None
    assert readout.value_effect.difference == pytest.approx(0.5)


def test_harm_is_told_as_harm() -> None:
    readout = read_out(campaign(), outcomes(2000, 200, 2000, 300), UNTIL, "GBP")
    assert readout.verdict == "worse"
    assert "fewer" in readout.sentence


def test_equal_arms_differ_by_nothing() -> None:
    readout = read_out(campaign(), outcomes(435, 230, 435, 226), UNTIL, "GBP")
    assert readout.verdict == "no_difference"
    assert "includes zero" in readout.sentence


def test_a_holdout_of_three_people_gets_no_verdict_but_its_interval() -> None:
    readout = read_out(campaign(0.1), outcomes(27, 9, 3, 0), UNTIL, "GBP")
    assert readout.verdict == "too_few"
    assert "9 among 27 treated people and 0 among 3 held out" in readout.sentence
    assert "at least 25 in each" in readout.sentence
    assert readout.effect is not None
    assert readout.effect.low < 0 < readout.effect.high
    assert readout.effect.relative is None


def test_eight_conversions_in_the_holdout_are_too_few_however_clear_the_numbers_look() -> None:
    assert read_out(campaign(0.1), outcomes(2700, 600, 300, 8), UNTIL, "GBP").verdict == "too_few"


def test_no_conversions_at_all_are_too_few() -> None:
    readout = read_out(campaign(), outcomes(500, 0, 500, 0), UNTIL, "GBP")
    assert readout.verdict == "too_few"
    assert readout.effect is not None
    assert readout.effect.p == 1


def test_a_split_that_is_off_blocks_the_readout() -> None:
    readout = read_out(campaign(0.5), outcomes(2000, 300, 1600, 160), UNTIL, "GBP")
    assert readout.verdict == "blocked"
    assert readout.effect is None
    assert readout.value_effect is None
    assert readout.lift_over_time == ()
    assert "blocked" in readout.sentence


def test_nobody_held_out_means_no_comparison() -> None:
    readout = read_out(campaign(0.0), outcomes(500, 50, 0, 0), UNTIL, "GBP")
    assert (readout.verdict, readout.effect, readout.srm_p) == ("no_comparison", None, None)
    assert "nobody was held out" in readout.sentence


def test_lift_over_time_ends_where_the_readout_stands() -> None:
    readout = read_out(campaign(), outcomes(2000, 300, 2000, 200), UNTIL, "GBP")
    assert [point.day for point in readout.lift_over_time] == list(range(1, 15))
    last = readout.lift_over_time[-1]
    assert readout.effect is not None
    assert (last.treated, last.holdout, last.lift) == (300, 200, pytest.approx(readout.effect.difference))
    assert last.low == pytest.approx(readout.effect.low)


def test_lift_over_time_stops_at_the_age_of_the_campaign() -> None:
    columns = outcomes(2000, 0, 2000, 0)
    columns["age_days"] = [3] * 4000
    readout = read_out(campaign(), columns, UNTIL, "GBP")
    assert [point.day for point in readout.lift_over_time] == [1, 2, 3]


def test_a_long_window_is_thinned_to_points_one_can_see() -> None:
    columns = outcomes(200, 14, 200, 14)
    columns["age_days"] = [400] * 400
    readout = read_out(campaign(window_days=365), columns, UNTIL, "GBP")
    assert len(readout.lift_over_time) <= 61
    assert readout.lift_over_time[-1].day == 365


def test_the_tuning_is_fixed_by_the_plan_and_told() -> None:
    assert read_out(campaign(), outcomes(20, 1, 20, 1), UNTIL, "GBP", n_star=870).n_star == 870


def test_a_day_counts_the_people_whose_decision_is_that_old() -> None:
    """1,000 in each arm for 14 days with a lift of five points, and 4,000 since yesterday, who have none yet."""
    old, new = outcomes(1000, 150, 1000, 100), outcomes(4000, 0, 4000, 0)
    old["age_days"], new["age_days"] = [14] * 2000, [1] * 8000
    readout = read_out(campaign(), {name: [*old[name], *new[name]] for name in old}, UNTIL, "GBP")
    first, last = readout.lift_over_time[0], readout.lift_over_time[-1]
    assert (first.treated_people, last.treated_people, last.holdout_people) == (5000, 1000, 1000)
    assert last.lift == pytest.approx(0.05)
    assert readout.effect is not None
    assert readout.effect.difference == pytest.approx(0.01), "everybody counts in the answer, as old as they are"


def test_one_enormous_order_makes_no_effect_in_money() -> None:
    columns = outcomes(2000, 200, 2000, 200)
    columns["value"][0] = 1e7
    readout = read_out(campaign(), columns, UNTIL, "GBP")
    assert readout.value_effect is not None and readout.value_cap == 10
    assert readout.value_effect.difference == pytest.approx(0)
    assert read_out(campaign(), outcomes(2000, 49, 2000, 80), UNTIL, "GBP").value_effect is None


@pytest.mark.slow
def test_money_without_an_effect_is_hardly_ever_told_as_one_however_often_one_looks() -> None:
    """A/A with heavy tails: log-normal sums (log sd 1.5), 20,000 people, one in ten held out, 14 looks."""
    rng, wrong = np.random.default_rng(3), 0
    for _ in range(60):
        n, held = 20_000, 2_000
        orders = np.where(rng.random(n) < 0.03, rng.lognormal(3, 1.5, n), 0.0)
        days = rng.integers(1, 15, n)
        columns = outcomes(n - held, 0, held, 0)
        found = False
        for look in range(1, 15):
            columns["value"] = list(np.where(days <= look, orders, 0.0))
            effect = read_out(campaign(0.1), columns, UNTIL, "GBP").value_effect
            found |= effect is not None and effect.excludes_zero
        wrong += found
    assert wrong <= 5
