"""A comparison from rows of running sums."""

from dataclasses import replace
from typing import Literal

import numpy as np
import pytest

from tailorbird.stages.measurement.comparison import Measured, compare, over_weeks
from tailorbird.stages.measurement.moments import moments_of, sums_of
from tailorbird.stages.measurement.sums_comparison import age_days, compare_sums, sums_name
from tailorbird.types.comparison import Comparison
from tailorbird.types.day_sums import DaySums
from tailorbird.types.metric import MetricSpec

ORDERED = MetricSpec("ordered", "Order Completed", 21)
N = 3000
RNG = np.random.default_rng(11)
ARM = RNG.random(N) < 0.5
STRATUM = np.where(RNG.random(N) < 0.3, "north", "south").astype(object)
BEFORE = (RNG.random(N) < 0.3).astype(float)
DAY = np.where(RNG.random(N) < 0.1 + 0.2 * BEFORE + 0.1 * ARM, RNG.integers(1, 22, N), 0).astype(float)
DID = (DAY > 0).astype(float)
UNTIL = "2026-10-01T00:00:00+00:00"


def rows(day: str = "2026-09-01", until: str = UNTIL) -> list[DaySums]:
    """The sums of everybody, as if all were decided for on one day."""
    out = []
    for arm, inside in (("treatment", ARM), ("holdout", ~ARM)):
        for stratum in ("north", "south"):
            here = inside & (stratum == STRATUM)
            n = float(here.sum())
            told = {"ordered": sums_of(moments_of(DID[here], None, BEFORE[here])), "#people": (n, n, *[0.0] * 8)}
            for week in (1, 2, 3):
                told[f"#week {week}"] = (float(((DAY[here] - 1) // 7 == week - 1).sum()), *[0.0] * 9)
            out += [
                DaySums(arm, name, stratum, day, sums, until, did=DID[here].sum() if name == "ordered" else 0.0)
                for name, sums in told.items()
            ]
    return out


def read(told: list[DaySums], split_ok: bool = True) -> Comparison:
    found = compare_sums("treatment", "holdout", [Measured(ORDERED, "success")], told, float(N), split_ok)
    assert found is not None
    return found


def test_sums_give_the_comparison_inside_strata_and_the_weeks_that_people_s_rows_give() -> None:
    columns = {"count": DID, "count_before": BEFORE, "day": DAY, "age_days": np.full(N, 29.0)}
    metric, masks = Measured(ORDERED, "success", columns), (ARM, ~ARM)
    told, summed = compare("treatment", "holdout", [metric], masks, float(N), strata=STRATUM), read(rows())
    effect, other = told.results[0].effect, summed.results[0].effect
    assert effect is not None and other is not None
    assert (other.difference, other.low, other.high) == pytest.approx(
        (effect.difference, effect.low, effect.high), 1e-9
    )
    assert summed.verdict == told.verdict
    weeks, same = over_weeks(metric, masks, float(N)), summed.novelty
    assert weeks is not None and same is not None and weeks.slope is not None and same.slope is not None
    assert len(same.weeks) == len(weeks.weeks) == 3
    assert (same.slope.low, same.slope.high) == pytest.approx((weeks.slope.low, weeks.slope.high), 1e-9)


def test_an_arm_that_was_added_later_is_compared_with_people_of_its_own_time() -> None:
    early = [row for row in rows("2026-08-20") if row.arm == "holdout"]
    found = read([*early, *rows()])
    assert (found.since, found.control_people) == ("2026-09-01", int((~ARM).sum()))
    assert found.results[0].effect == read(rows()).results[0].effect


def test_a_split_that_is_off_leaves_nothing_but_the_reason() -> None:
    found = read(rows(), split_ok=False)
    assert found.verdict.kind == "blocked" and found.novelty is None and found.power_left is None
    assert found.results[0].why == "people did not split as planned"


def test_an_arm_of_nobody_is_not_compared() -> None:
    treated = [row for row in rows() if row.arm == "treatment"]
    assert compare_sums("treatment", "holdout", [Measured(ORDERED, "success")], treated, float(N)) is None


def test_a_day_is_as_old_as_its_last_person_and_a_guardrail_may_bear_a_metric_s_name() -> None:
    (first, *_) = rows("2026-09-29", "2026-10-01T06:00:00+00:00")
    assert age_days(first) == 1
    assert age_days(rows("2026-10-01")[0]) == 0
    assert sums_name(Measured(ORDERED, "success")) != sums_name(Measured(ORDERED, "guardrail"))


@pytest.mark.parametrize("kind", ["value", "ratio"])
@pytest.mark.parametrize(("buyers", "known"), [(49, False), (50, True)])
def test_money_is_compared_once_enough_people_of_each_arm_brought_any(
    kind: Literal["value", "ratio"], buyers: int, known: bool
) -> None:
    told = []
    for arm, n, y, did, yy in (("treatment", 4000, 900, 300, 30_000), ("holdout", 1000, 200, buyers, 8_000)):
        sums = (n, y, did, 0, yy, did, 0, y, 0, 0)
        told.append(DaySums(arm, "#people", "", "2026-09-01", (n, n, *[0] * 8), UNTIL))
        told.append(DaySums(arm, "money", "", "2026-09-01", sums, UNTIL, did=did))
    metric = Measured(replace(ORDERED, name="money", kind=kind), "success")
    found = compare_sums("treatment", "holdout", [metric], told, 5000.0)
    assert found is not None
    assert (found.results[0].effect is not None) == known
    assert known or found.results[0].why == "money is compared from 50 people in each arm on who brought any"
