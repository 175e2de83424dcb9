"""Running sums of the simulated shop: what a report says of it, and closed days are never looked at again."""

import json
import shutil
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tailorbird import bootstrap
from tailorbird.adapters.sql.database import open_file
from tailorbird.adapters.sql.metric_sums import SqlMetricSums
from tailorbird.pipeline.observe import NothingDecidedError, observe
from tailorbird.pipeline.people import open_views
from tailorbird.pipeline.running_sums import SETTLE_DAYS, read_sums, until_of, update_sums
from tailorbird.stages.events.segment_wire import read_event
from tailorbird.types.campaign import Campaign
from tailorbird.types.day_sums import DaySums, SumsReadout
from tailorbird.types.decision import Decision
from tailorbird.types.experiment import ExperimentSpec, VariantSpec
from tailorbird.types.guardrail import GuardrailSpec
from tailorbird.types.metric import MetricSpec
from tailorbird.types.readout import Readout
from tests.pipeline.conftest import MOMENT, Shopkeeper

UNTIL = "2026-10-01T00:00:00+00:00"


@pytest.fixture
def store(tmp_path: Any) -> SqlMetricSums:
    return SqlMetricSums(open_file(tmp_path / "sums.db"))


def ran_by(share: float, step: str = "1") -> list[dict[str, Any]]:
    return [{"step": step, "steps": {"audience": {"holdout_share": share}}}]


@pytest.mark.slow
def test_the_sums_hold_everybody_decided_for_once(opened: Any, store: SqlMetricSums) -> None:
    made = opened.state.decisions.find(opened.campaign.name)
    until = until_of(opened.warehouse, made, None)
    done = update_sums(opened.campaign, opened.state.decisions, opened.warehouse, store, until)
    assert done.people == len({one.person_id for one in made})
    counts = {row.arm: row.sums[0] for row in store.read(opened.campaign.name, by=()) if row.metric == "ordered"}
    assert counts == {arm: sum(one.arm == arm for one in made) for arm in {one.arm for one in made}}
    found = read_sums(opened.campaign, store, opened.state.ledger.runs(opened.campaign.name))
    (own,) = found.comparisons
    assert (own.arm, own.control) == ("treatment", "holdout")
    assert own.people + own.control_people == found.people == len(made)


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


@dataclass(frozen=True)
class World:
    """One world read by both: the report, and the sums."""

    report: Readout
    sums: SumsReadout
    strata: frozenset[str]


TOLD = (
    MetricSpec("joined", "Plan Bought", 14),
    MetricSpec("money", "Plan Bought", 14, kind="value"),
    MetricSpec("price", "Plan Bought", 14, kind="ratio"),
)
GUARDS = (
    GuardrailSpec("complaints", "Email Marked as Spam", absolute=0.02),
    GuardrailSpec("calls", "Call Received", margin=0.5),
)


def what_people_did(decided: list[Decision]) -> list[dict[str, Any]]:
    """Every plan costs the same, so that cutting off the largest sums cuts nothing off."""
    rng, events = np.random.default_rng(5), []

    def tell(one: Decision, event: str, day: float, **more: Any) -> None:
        at = (one.decided_at + timedelta(days=day)).isoformat()
        events.append({"type": "track", "event": event, "userId": one.person_id, "timestamp": at,
                       "messageId": f"{event}-{one.person_id}", "properties": more})  # fmt: skip

    for one in decided:
        buys = {"": 0.6, "plain": 0.75, "calm": 0.9}[one.variant]
        day = float(rng.uniform(0.1, 7.0) if one.variant == "calm" else rng.uniform(0.1, 13.9))
        if rng.random() < buys:
            order = f"plan-{one.person_id}"
            tell(one, "Plan Bought", day, order_id=order, total=30.0)
            if rng.random() < 0.1:
                tell(one, "Order Refunded", day + 0.5, order_id=order)
        for event, share in (("Call Received", 0.3), ("Support Ticket Opened", 0.1), ("Email Marked as Spam", 0.01)):
            if rng.random() < share:
                tell(one, event, float(rng.uniform(0.1, 13.9)))
    return events


@pytest.fixture(scope="module")
def worlds(opened: Any, filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Makes a world in which an experiment of two variants, drawn within countries, has run in two steps."""
    root = tmp_path_factory.mktemp("sums") / "wren"
    shutil.copytree(filled, root)
    keeper = Shopkeeper(opened.project, root)
    experiment = ExperimentSpec({"plain": VariantSpec(), "calm": VariantSpec()}, "plain", strata=("country",))
    campaign = replace(
        opened.campaign, metric=TOLD[0], metrics=TOLD[1:], guardrails=GUARDS, experiment=experiment, holdout=0.3
    )
    keeper.run(campaign=campaign)
    keeper.run(campaign=campaign, step="2", moment=MOMENT + timedelta(days=9))
    first: dict[str, Decision] = {}
    for one in sorted(keeper.state.decisions.find(campaign.name), key=lambda one: one.decided_at):
        first.setdefault(one.person_id, one)
    told = [json.dumps(event).encode() for event in what_people_did(list(first.values()))]
    received = MOMENT + timedelta(days=40)
    keeper.log.append_lines([read_event("track", each, received).events for each in told])
    yield lambda until, changed=campaign: read_both(keeper, changed, until)
    keeper.log.close()


def read_both(keeper: Shopkeeper, campaign: Campaign, until: datetime) -> World:
    state, warehouse = keeper.state, bootstrap.open_warehouse(keeper.project)
    open_views(warehouse, keeper.log)
    update_sums(campaign, state.decisions, warehouse, state.metric_sums, until, rebuild=True)
    sums = read_sums(campaign, state.metric_sums, state.ledger.runs(campaign.name))
    report = observe(campaign, state.decisions, state.creatives, state.ledger, warehouse, {}, "GBP", until)
    strata = {row.stratum for row in state.metric_sums.read(campaign.name)}
    return World(report, sums, frozenset(strata))


def close(one: Any, other: Any) -> bool:
    """Equal to nine digits, whatever they are made of."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(close(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(close, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return one == pytest.approx(other, rel=1e-9, abs=1e-12)
    return bool(one == other)


@pytest.mark.slow
@pytest.mark.parametrize("days", [40, 12])
def test_sums_say_to_nine_digits_what_the_report_says(worlds: Any, days: int) -> None:
    world = worlds(MOMENT + timedelta(days=days))
    report, sums = world.report, world.sums
    assert close([asdict(one) for one in report.splits if one.kind != "exposed"], [asdict(one) for one in sums.splits])
    assert len(world.strata) > 1
    assert not sums.splits[0].finished and {one.kind for one in sums.splits} == {"arms", "variants"}
    assert [(one.arm, one.control) for one in sums.comparisons] == [("treatment", "holdout"), ("calm", "plain")]
    for told, summed in zip(report.comparisons, sums.comparisons, strict=True):
        assert [one.name for one in told.results] == [
            "joined", "money", "price", "complaints", "calls", "support tickets", "returns per order"
        ]  # fmt: skip
        one, other = (asdict(replace(each, cohorts=())) for each in (told, summed))
        different = [name for name in one if not close(one[name], other[name])]
        assert different == []
    own = sums.comparisons[0]
    assert own.results[0].effect is not None and own.power_left is not None and own.exposed > 0.9
    assert (own.results[1].effect is not None) == (days == 40)
    assert own.novelty is not None and len(own.novelty.weeks) == (2 if days == 40 else 1)


@pytest.mark.slow
def test_a_metric_that_is_new_is_not_compared_until_everybody_was_counted_for_it(
    worlds: Any, opened: Any, store: SqlMetricSums
) -> None:
    made, until = opened.state.decisions, MOMENT + timedelta(days=30)
    update_sums(opened.campaign, made, opened.warehouse, store, until)
    late = replace(opened.campaign, guardrails=(GUARDS[1],))
    update_sums(late, made, opened.warehouse, store, until)
    calls = read_sums(late, store, []).comparisons[0].results[2]
    assert calls.name == "calls" and "--rebuild counts the others" in calls.why and calls.effect is None
    update_sums(late, made, opened.warehouse, store, until, rebuild=True)
    assert read_sums(late, store, []).comparisons[0].results[2].why == ""


def rows(arms: dict[str, tuple[float, float]], day: str = "2026-09-01", **more: Any) -> list[DaySums]:
    """Arms of so many people, of whom so many ordered."""
    out = []
    for arm, (n, y) in arms.items():
        ordered = (n, y, 0, 0, y, 0, 0, 0, 0, 0)
        out.append(DaySums(arm, "ordered", "", day, ordered, UNTIL, "en-GB", "1", did=y, **more))
        out.append(DaySums(arm, "#people", "", day, (n, n, *[0] * 8), UNTIL, "en-GB", "1"))
    return out


@pytest.fixture
def plain(opened: Any) -> Campaign:
    """A campaign of one metric, which nothing but that metric decides."""
    metric = replace(opened.campaign.metric, name="ordered", kind="share")
    made: Campaign = replace(opened.campaign, metric=metric, metrics=(), guardrails=(), holdout=0.2)
    return made


def test_variants_are_compared_and_a_split_that_is_off_blocks_all(plain: Campaign, store: SqlMetricSums) -> None:
    experiment = ExperimentSpec({"plain": VariantSpec(), "warm": VariantSpec()}, "plain")
    campaign = replace(plain, experiment=experiment)
    store.replace(campaign.name, [], rows({"plain": (4000, 400), "warm": (4000, 700), "holdout": (2000, 160)}))
    whole, warm = read_sums(campaign, store, ran_by(0.2)).comparisons
    assert whole.results[0].effect is not None and whole.results[0].effect.low > 0
    assert whole.verdict.sentence == "Ship: ordered got better."
    assert (warm.arm, warm.control) == ("warm", "plain")
    assert warm.results[0].effect is not None and warm.results[0].effect.difference == pytest.approx(0.075)
    blocked = read_sums(campaign, store, ran_by(0.4))
    assert [one.verdict.kind for one in blocked.comparisons] == ["blocked", "blocked"]
    assert {one.results[0].why for one in blocked.comparisons} == {"people did not split as planned"}


def test_a_split_that_is_off_on_one_day_says_which(plain: Campaign, store: SqlMetricSums) -> None:
    sound = rows({"treatment": (4000, 400), "holdout": (1000, 90)})
    store.replace(plain.name, [], sound + rows({"treatment": (4000, 400), "holdout": (500, 40)}, day="2026-09-02"))
    (check,) = read_sums(plain, store, ran_by(0.2)).splits
    assert check.blocked
    assert "It is worst where day is 2026-09-02: 500 in holdout, 900 planned; everybody else is split" in check.why


def test_a_guardrail_that_is_not_shown_to_hold_stops_the_ship(plain: Campaign, store: SqlMetricSums) -> None:
    campaign = replace(plain, guardrails=(GuardrailSpec("complaints", "Email Marked as Spam", absolute=0.002),))
    told = rows({"treatment": (8000, 1100), "holdout": (2000, 160)})
    for arm, n, complained in (("treatment", 8000, 30), ("holdout", 2000, 5)):
        sums = (n, complained, 0, 0, complained, 0, 0, 0, 0, 0)
        told.append(DaySums(arm, "#guardrail complaints", "", "2026-09-01", sums, UNTIL, "en-GB", "1", did=complained))
    store.replace(campaign.name, [], told)
    (found,) = read_sums(campaign, store, ran_by(0.2)).comparisons
    assert [one.ruling for one in found.results] == ["better", "not shown"]
    assert "it is not shown that complaints stayed within the margin" in found.verdict.sentence
    wide = replace(campaign, guardrails=(replace(campaign.guardrails[0], absolute=0.05),))
    (found,) = read_sums(wide, store, ran_by(0.2)).comparisons
    assert found.verdict.kind == "ship"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arms", "why"),
    [
        ({"treatment": (4000, 300), "holdout": (1000, 9)}, "9 people in an arm did it; 25 are needed"),
        ({"treatment": (4000, 4000), "holdout": (1000, 1000)}, "no variance"),
        ({"treatment": (4000, 300), "holdout": (100, 30)}, "did not split as planned"),
    ],
)
def test_what_cannot_be_said_has_a_reason(
    plain: Campaign, store: SqlMetricSums, arms: dict[str, tuple[float, float]], why: str
) -> None:
    store.replace(plain.name, [], rows(arms))
    (found,) = read_sums(plain, store, ran_by(0.2)).comparisons
    assert found.results[0].effect is None and why in found.results[0].why


@pytest.mark.parametrize(
    ("arms", "note"),
    [({}, "Nobody has been counted yet."), ({"treatment": (40, 3)}, "There are no two arms to compare.")],
)
def test_without_two_arms_that_is_what_is_said(
    plain: Campaign, store: SqlMetricSums, arms: dict[str, tuple[float, float]], note: str
) -> None:
    store.replace(plain.name, [], rows(arms))
    found = read_sums(plain, store, [])
    assert (found.comparisons, found.notes) == ((), (note,))


def test_people_from_before_the_experiment_are_told_of(plain: Campaign, store: SqlMetricSums) -> None:
    experiment = ExperimentSpec({"plain": VariantSpec(), "warm": VariantSpec()}, "plain")
    arms = {"treatment": (1000.0, 90.0), "plain": (500.0, 50.0), "warm": (500.0, 60.0), "holdout": (500.0, 40.0)}
    store.replace(plain.name, [], rows(arms))
    found = read_sums(replace(plain, experiment=experiment), store, ran_by(0.2))
    assert found.notes[0].startswith("1,000 people were first written to before the experiment")


def test_a_quantile_and_nobody_decided_for_are_refused(plain: Campaign, opened: Any, store: SqlMetricSums) -> None:
    store.replace(plain.name, [], rows({"treatment": (4000, 300), "holdout": (1000, 90)}))
    quantile = replace(plain, metric=replace(plain.metric, kind="quantile"))
    (found,) = read_sums(quantile, store, ran_by(0.2)).comparisons
    assert "no sum of people" in found.results[0].why
    with pytest.raises(NothingDecidedError):
        until_of(opened.warehouse, [], None)
