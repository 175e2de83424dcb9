"""Running sums of the simulated shop: equal to a report's counts, and closed days are never looked at again."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tailorbird.adapters.sql.database import open_file
from tailorbird.adapters.sql.metric_sums import SqlMetricSums
from tailorbird.pipeline.observe import NothingDecidedError
from tailorbird.pipeline.running_sums import SETTLE_DAYS, read_sums, until_of, update_sums
from tailorbird.types.day_sums import DaySums
from tailorbird.types.experiment import ExperimentSpec, VariantSpec


@pytest.fixture
def store(tmp_path: Any) -> SqlMetricSums:
    return SqlMetricSums(open_file(tmp_path / "sums.db"))


@pytest.mark.slow
def test_the_sums_hold_everybody_decided_for_once(opened: Any, store: SqlMetricSums) -> None:
    made = opened.state.decisions.find(opened.campaign.name)
    until = until_of(opened.warehouse, made, None)
    done = update_sums(opened.campaign, opened.state.decisions, opened.warehouse, store, until)
    assert done.people == len({one.person_id for one in made})
    counts = {row.arm: row.sums[0] for row in store.read(opened.campaign.name, by=())}
    assert counts == {arm: sum(one.arm == arm for one in made) for arm in {one.arm for one in made}}
    (own, *_) = read_sums(opened.campaign, store, len([d for d in made if d.arm == "holdout"]) / len(made), None)
    assert (own.arm, own.control) == ("treatment", "holdout")
    assert own.people + own.control_people == len(made)


@pytest.mark.slow
def test_a_closed_day_is_not_counted_again_but_for_a_rebuild(opened: Any, store: SqlMetricSums) -> None:
    made = opened.state.decisions.find(opened.campaign.name)
    until = max(one.decided_at for one in made)
    late = until + timedelta(days=opened.campaign.metric.window_days + SETTLE_DAYS + 2)

    def update(at: Any, rebuild: bool = False) -> tuple[int, int]:
        done = update_sums(opened.campaign, opened.state.decisions, opened.warehouse, store, at, rebuild)
        return done.counted, done.closed

    days = update(until)[0]
    assert days >= 1
    assert update(until) == (days, 0)
    assert update(late) == (days, 0)
    assert update(late) == (0, days)
    assert update(late, rebuild=True) == (days, 0)


def rows(arms: dict[str, tuple[float, float]]) -> list[DaySums]:
    return [DaySums(arm, "ordered", "en", "2026-09-01", (n, y, 0, 0, y, 0, 0, 0, 0, 0), "2026-10-01T00:00:00+00:00")
            for arm, (n, y) in arms.items()]  # fmt: skip


def test_variants_are_compared_and_a_split_that_is_off_blocks_all(opened: Any, store: SqlMetricSums) -> None:
    experiment = ExperimentSpec({"plain": VariantSpec(), "warm": VariantSpec()}, "plain")
    metric = replace(opened.campaign.metric, name="ordered", kind="share")
    campaign = replace(opened.campaign, experiment=experiment, metric=metric, metrics=())
    store.replace(campaign.name, [], rows({"plain": (4000, 400), "warm": (4000, 700), "holdout": (2000, 160)}))
    whole, warm = read_sums(campaign, store, 0.2, None)
    assert whole.effect is not None and whole.effect.low > 0
    assert (warm.arm, warm.control) == ("warm", "plain")
    assert warm.effect is not None and warm.effect.difference == pytest.approx(0.075)
    blocked = read_sums(campaign, store, 0.4, None)
    assert [one.effect for one in blocked] == [None, None]
    assert "did not split as planned" in blocked[0].why


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arms", "why"),
    [
        ({"treatment": (4000, 0), "holdout": (1000, 0)}, "no variance"),
        ({"treatment": (4000, 300), "holdout": (1000, 9)}, "25 are needed"),
        ({"treatment": (4000, 300)}, "did not split as planned"),
        ({}, "two people in each arm"),
    ],
)
def test_what_cannot_be_said_has_a_reason(
    opened: Any, store: SqlMetricSums, arms: dict[str, tuple[float, float]], why: str
) -> None:
    campaign = replace(opened.campaign, metric=replace(opened.campaign.metric, name="ordered", kind="share"))
    store.replace(campaign.name, [], rows(arms))
    (found, *_) = read_sums(campaign, store, 0.2, None)
    assert found.effect is None and why in found.why


@pytest.mark.parametrize(("buyers", "known"), [(49, False), (50, True)])
def test_money_is_compared_once_enough_people_of_each_arm_brought_any(
    opened: Any, store: SqlMetricSums, buyers: int, known: bool
) -> None:
    campaign = replace(opened.campaign, metric=replace(opened.campaign.metric, name="money", kind="value"), metrics=())
    until = "2026-10-01T00:00:00+00:00"
    arms = {"treatment": (4000, 900, 300, 30_000), "holdout": (1000, 200, buyers, 8_000)}
    store.replace(campaign.name, [], [
        DaySums(arm, "money", "en", "2026-09-01", (n, y, b, 0, yy, b, 0, y, 0, 0), until)
        for arm, (n, y, b, yy) in arms.items()
    ])  # fmt: skip
    (found,) = read_sums(campaign, store, 0.2, None)
    assert (found.effect is not None) == known
    assert known or found.why == "49 people in an arm brought money; 50 are needed"


def test_a_quantile_and_nobody_decided_for_are_refused(opened: Any, store: SqlMetricSums) -> None:
    quantile = replace(opened.campaign, metric=replace(opened.campaign.metric, kind="quantile"), metrics=())
    assert "no sum of people" in read_sums(quantile, store, 0.2, None)[0].why
    with pytest.raises(NothingDecidedError):
        until_of(opened.warehouse, [], None)
