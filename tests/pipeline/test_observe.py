"""Observing a campaign: stores, events and ledger in, one read-out out."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.sql.creatives import SqlCreativeStore
from tailorbird.adapters.sql.database import open_file
from tailorbird.adapters.sql.decisions import SqlDecisionStore
from tailorbird.adapters.sql.run_ledger import SqlRunLedger
from tailorbird.pipeline.observe import NothingDecidedError, observe
from tailorbird.testing.readouts import example_campaign
from tailorbird.types.creative import Creative
from tailorbird.types.decision import Arm, Decision, Placement
from tailorbird.types.readout import Readout
from tests.loaded_events import load_events

pytestmark = pytest.mark.slow

DECIDED = datetime(2026, 9, 1, 8, tzinfo=UTC)


class Shop:
    """A campaign's stores in one SQLite file, and its events."""

    def __init__(self, folder: Path) -> None:
        engine = open_file(folder / "state.db")
        self.decisions, self.creatives = SqlDecisionStore(engine), SqlCreativeStore(engine)
        self.ledger, self.warehouse = SqlRunLedger(engine), DuckdbWarehouse()
        self.events: list[tuple[str, str, datetime, dict[str, Any]]] = []

    def decide(
        self, person: str, arm: Arm, line: str | None = None, step: str = "1", after: timedelta = timedelta()
    ) -> None:
        self.decisions.save([self.decision(person, arm, line, step, after)])

    def decide_many(self, arms: dict[str, Arm], step: str = "1") -> None:
        self.decisions.save([self.decision(person, arm, None, step) for person, arm in arms.items()])

    def decision(
        self, person: str, arm: Arm, line: str | None = None, step: str = "1", after: timedelta = timedelta()
    ) -> Decision:
        slate = (Placement("subject", "subject", None, line, 0.5, 2),) if line else ()
        return Decision(
            f"d-{person}", "winback", step, person, arm, DECIDED + after, slate, "everyone", "en-GB", "prior", ""
        )

    def happen(self, event: str, person: str, after: timedelta = timedelta(hours=2), **properties: Any) -> None:
        self.events.append((event, person, DECIDED + after, properties))

    def observe(self, **more: Any) -> Readout:
        events = self.events or [("Page Viewed", "nobody", DECIDED, {})]
        load_events(self.warehouse, events)
        self.warehouse.run(
            "CREATE OR REPLACE VIEW all_events AS SELECT *, CAST(NULL AS VARCHAR) AS machine FROM events"
        )
        counts = more.pop("outbox_counts", {})
        return observe(
            example_campaign(), self.decisions, self.creatives, self.ledger, self.warehouse, counts, "GBP", **more
        )


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_a_campaign_that_decided_for_nobody_says_what_to_run(shop: Shop) -> None:
    with pytest.raises(NothingDecidedError, match="tailorbird run winback"):
        shop.observe()


def test_counts_of_people_lines_and_money_match_the_events(shop: Shop) -> None:
    shop.creatives.save(
        [Creative("c1", "", "winback", "subject", "en-GB", "Still warm?", "approved", "h", {"tone": "warm"})]
    )
    for person, line in (("ann", "c1"), ("bob", "c1"), ("cat", "c2")):
        shop.decide(person, "treatment", line)
        shop.happen("Email Sent", person, decision_id=f"d-{person}")
    shop.decide("dan", "holdout")
    shop.happen("Email Link Clicked", "ann", timedelta(hours=3), decision_id="d-ann")
    shop.happen("Order Completed", "ann", timedelta(hours=4), total=30)
    shop.happen("Order Completed", "dan", timedelta(hours=4), total=10)
    readout = shop.observe(until=DECIDED + timedelta(days=20))
    treated = readout.treated
    assert (treated.people, treated.exposed, treated.clicked, treated.conversions, treated.value) == (3, 3, 1, 1, 30)
    assert (readout.holdout.people, readout.holdout.exposed, readout.holdout.conversions) == (1, 0, 1)
    assert readout.verdict == "too_few"
    first = readout.creatives[0]
    assert (first.counts.key, first.counts.exposures, first.counts.conversions) == ("c1", 2, 1)
    assert first.counts.text == "Still warm?"
    assert first.conversions.expected == pytest.approx(2 / 3)
    assert {row.counts.key for row in readout.tags} == {"tone: warm", "tone: (none)"}
    assert readout.same_for_all[0].rate is None


def test_without_a_date_the_last_event_dates_the_report(shop: Shop) -> None:
    shop.decide("ann", "treatment")
    shop.happen("Page Viewed", "zoe", timedelta(days=3))
    assert shop.observe().until == DECIDED + timedelta(days=3)


def test_an_event_from_the_future_does_not_move_the_report_past_now(shop: Shop) -> None:
    shop.decide("ann", "treatment")
    shop.happen("Page Viewed", "zoe", timedelta(days=900))
    now = DECIDED + timedelta(days=2)
    readout = shop.observe(now=now)
    assert (readout.until, readout.open_windows) == (now, 1)
    assert shop.observe(until=DECIDED + timedelta(days=30), now=now).until == DECIDED + timedelta(days=30)
    assert shop.observe(now=DECIDED - timedelta(days=1)).until == DECIDED


def ran(shop: Shop, step: str, share: float | None, **audience: int) -> None:
    shop.ledger.begin(f"r_{step}", "winback", step, DECIDED.isoformat())
    extra = {} if share is None else {"holdout_share": share}
    shop.ledger.finish_step(f"r_{step}", "audience", {**audience, **extra})


def test_the_split_is_checked_against_the_share_that_was_used_and_not_the_files(shop: Shop) -> None:
    shop.decide_many({f"p{i}": "holdout" if i % 10 == 0 else "treatment" for i in range(400)})
    assert shop.observe().verdict == "blocked"
    ran(shop, "1", 0.1)
    readout = shop.observe()
    assert readout.verdict != "blocked" and readout.planned_holdout == 0.1


def test_newcomers_count_with_the_share_that_drew_their_arm(shop: Shop) -> None:
    ran(shop, "1", 0.1)
    ran(shop, "2", 0.5)
    shop.decide_many({f"p{i}": "holdout" if i % 10 == 0 else "treatment" for i in range(400)})
    shop.decide_many({f"n{i}": "holdout" if i % 2 == 0 else "treatment" for i in range(400)}, step="2")
    readout = shop.observe()
    assert readout.planned_holdout == pytest.approx(0.3)
    assert readout.verdict != "blocked"


def test_the_funnel_counts_people_once_however_many_steps_there_were(shop: Shop) -> None:
    shop.decide("ann", "treatment")
    ran(shop, "1", 0.5, people=600, matched=300, eligible=200)
    assert shop.observe().funnel[0].meaning == "people in the data"
    ran(shop, "2", 0.5, people=610, matched=100, eligible=90)
    funnel = {step.name: step for step in shop.observe().funnel}
    assert [funnel[n].people for n in ("Known", "In the audience", "May be written to")] == [600, 300, 200]
    assert "the first of 2 steps" in funnel["Known"].meaning


def test_everybody_treated_counts_as_exposed_where_the_channel_reports_no_sends(shop: Shop) -> None:
    shop.decide("ann", "treatment", "c1")
    assert shop.observe().creatives == ()
    assert shop.observe(outbox_counts={"sent": 1}).creatives[0].counts.exposures == 1


def test_an_effect_planted_in_events_is_found_inside_the_interval(shop: Shop) -> None:
    rng = np.random.default_rng(1)
    arms: dict[str, Arm] = {f"p{i}": "holdout" if i % 2 else "treatment" for i in range(2400)}
    shop.decide_many(arms)
    for i, arm in enumerate(arms.values()):
        if rng.random() < (0.15 if arm == "holdout" else 0.27):
            shop.happen("Order Completed", f"p{i}", timedelta(days=float(rng.uniform(0.1, 13))), total=20)
    readout = shop.observe()
    assert readout.verdict == "better"
    assert readout.effect is not None
    assert readout.effect.low <= 0.12 <= readout.effect.high


def test_a_report_of_an_earlier_moment_knows_nothing_of_later_steps(shop: Shop) -> None:
    shop.decide("ann", "treatment")
    shop.decide("ben", "treatment", step="2", after=timedelta(days=9))
    assert shop.observe().treated.people == 2
    assert shop.observe(until=DECIDED + timedelta(days=3)).treated.people == 1
    with pytest.raises(NothingDecidedError, match="had decided for nobody by 2026-08-31"):
        shop.observe(until=DECIDED - timedelta(days=1))
