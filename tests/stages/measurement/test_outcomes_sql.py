"""Outcomes from events, run on DuckDB: windows, attribution, machines, arms."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pytest

from tailorbird.stages.events.marks_sql import counted_query, marked_query
from tailorbird.stages.measurement import outcomes_sql
from tailorbird.types.campaign import MetricSpec
from tailorbird.types.event import EVENT_COLUMNS

DECIDED = datetime(2026, 9, 1, 8, tzinfo=UTC)
METRIC = MetricSpec("order", "Order Completed", window_days=14)


class Scene:
    """Decisions and events in an in-memory DuckDB."""

    def __init__(self) -> None:
        self.db, self.told = duckdb.connect(), 0
        self.db.execute(
            "CREATE TABLE decisions(decision_id VARCHAR, step VARCHAR, person_id VARCHAR, arm VARCHAR, "
            "decided_at TIMESTAMP, subject VARCHAR, locale VARCHAR)"
        )
        columns = ", ".join(f'"{name}" {kind}' for name, kind in EVENT_COLUMNS)
        self.db.execute(f"CREATE TABLE told({columns}, person_id VARCHAR)")
        self.db.execute(f"CREATE VIEW all_events AS {marked_query('told')}")
        self.db.execute(f"CREATE VIEW events AS {counted_query()}")
        self.db.execute(
            "CREATE TABLE slates(decision_id VARCHAR, block VARCHAR, creative_id VARCHAR, eligible INTEGER, among VARCHAR)"
        )

    def decide(self, person: str, arm: str = "treatment", after: timedelta = timedelta(), step: str = "1") -> None:
        at = (DECIDED + after).replace(tzinfo=None)
        row = [f"d-{person}-{step}", step, person, arm, at, "everyone", "en-GB"]
        self.db.execute("INSERT INTO decisions VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def happen(
        self, event: str, person: str, after: timedelta, context: dict[str, Any] | None = None, **properties: Any
    ) -> None:
        at = (DECIDED + after).replace(tzinfo=None)
        self.told += 1
        said = [json.dumps(properties), "{}", json.dumps(context or {})]
        row = [f"e{self.told}", "track", event, person, None, at, at, *said, person]
        self.db.execute(f"INSERT INTO told VALUES ({', '.join('?' * len(row))})", row)

    def outcomes(self, until: datetime = DECIDED + timedelta(days=30)) -> list[dict[str, Any]]:
        self.db.execute(outcomes_sql.compile_outcomes(METRIC, until))
        rows = self.db.execute(outcomes_sql.compile_outcome_rows()).fetchall()
        return [dict(zip(outcomes_sql.OUTCOME_COLUMNS, row, strict=True)) for row in rows]


@pytest.fixture
def scene() -> Scene:
    return Scene()


def hours(n: float) -> timedelta:
    return timedelta(hours=n)


@pytest.mark.slow
def test_a_negative_total_takes_no_money_from_the_arm(scene: Scene) -> None:
    scene.decide("ann")
    scene.happen("Order Completed", "ann", hours(30), total=20.5)
    scene.happen("Order Completed", "ann", hours(60), total=-1000)
    (row,) = scene.outcomes()
    assert (row["value"], row["conversion_day"]) == (20.5, 2)


@pytest.mark.slow
@pytest.mark.parametrize("odd", ["inf", "NaN", 1e300, "a lot"])
def test_a_total_that_is_no_amount_brings_no_money(scene: Scene, odd: object) -> None:
    scene.decide("ann")
    scene.happen("Order Completed", "ann", hours(30), total=20.5)
    scene.happen("Order Completed", "ann", hours(60), total=odd)
    (row,) = scene.outcomes()
    assert (row["value"], row["conversion_day"]) == (20.5, 2)


@pytest.mark.slow
def test_an_order_inside_the_window_converts_and_brings_its_value(scene: Scene) -> None:
    scene.decide("ann")
    scene.happen("Order Completed", "ann", hours(30), total=20.5)
    scene.happen("Order Completed", "ann", hours(60), total=9.5)
    (row,) = scene.outcomes()
    assert (row["conversion_day"], row["value"], row["attributed"]) == (2, 30.0, 0)


@pytest.mark.slow
@pytest.mark.parametrize("after", [hours(-1), hours(0), hours(14 * 24 + 0.1)])
def test_an_order_outside_the_window_is_none(scene: Scene, after: timedelta) -> None:
    scene.decide("ann")
    scene.happen("Order Completed", "ann", after, total=20.5)
    (row,) = scene.outcomes()
    assert (row["conversion_day"], row["value"]) == (None, 0)


def test_what_happens_after_the_report_s_moment_does_not_count(scene: Scene) -> None:
    scene.decide("ann")
    scene.happen("Order Completed", "ann", hours(30), total=20.5)
    (row,) = scene.outcomes(until=DECIDED + hours(29))
    assert (row["conversion_day"], row["open_window"], row["age_days"]) == (None, 1, 2)


def test_a_closed_window_is_closed(scene: Scene) -> None:
    scene.decide("ann")
    assert scene.outcomes()[0]["open_window"] == 0


@pytest.mark.slow
def test_an_order_is_attributed_only_after_a_click_on_the_same_decision(scene: Scene) -> None:
    for person in ("ann", "bob", "cat"):
        scene.decide(person)
        scene.happen("Order Completed", person, hours(30), total=1)
    scene.happen("Email Link Clicked", "ann", hours(29), decision_id="d-ann-1")
    scene.happen("Email Link Clicked", "bob", hours(31), decision_id="d-bob-1")
    scene.happen("Email Link Clicked", "cat", hours(29), decision_id="d-of-another-campaign")
    assert [(row["clicked"], row["attributed"]) for row in scene.outcomes()] == [(1, 1), (1, 0), (0, 0)]


@pytest.mark.slow
def test_machine_clicks_never_count(scene: Scene) -> None:
    scene.decide("ann")
    scene.happen("Email Link Clicked", "ann", hours(1), decision_id="d-ann-1", machine=True)
    scene.happen("Email Link Clicked", "ann", hours(1), decision_id="d-ann-1", context={"machine": True})
    scene.happen("Order Completed", "ann", hours(2), total=1)
    (row,) = scene.outcomes()
    assert (row["clicked"], row["attributed"]) == (0, 0)
    assert scene.db.execute(outcomes_sql.compile_machine_clicks()).fetchone() == (2,)


def test_a_scanner_s_other_clicks_do_not_count_but_the_reader_s_later_one_does(scene: Scene) -> None:
    scene.decide("ann")
    scene.decide("bob")
    for person in ("ann", "bob"):
        scene.happen("Email Link Clicked", person, hours(1), decision_id=f"d-{person}-1", machine=True)
        scene.happen("Email Link Clicked", person, hours(1) + timedelta(seconds=4), decision_id=f"d-{person}-1")
    scene.happen("Email Link Clicked", "bob", hours(3), decision_id="d-bob-1")
    assert [row["clicked"] for row in scene.outcomes()] == [0, 1]


def test_sends_unsubscribes_and_refunds_are_told(scene: Scene) -> None:
    scene.decide("ann")
    scene.happen("Email Sent", "ann", hours(1), decision_id="d-ann-1")
    scene.happen("Unsubscribed", "ann", hours(2), decision_id="d-ann-1")
    scene.happen("Order Refunded", "ann", hours(3), total=5)
    (row,) = scene.outcomes()
    assert (row["exposed"], row["unsubscribed"], row["refunded"], row["value"]) == (1, 1, 1, 0)


def test_a_person_with_two_steps_counts_once_from_the_first(scene: Scene) -> None:
    scene.decide("ann")
    scene.decide("ann", after=timedelta(days=10), step="2")
    scene.happen("Order Completed", "ann", timedelta(days=20), total=5)
    assert [row["conversion_day"] for row in scene.outcomes()] == [None]


def test_an_order_told_of_twice_is_one_order(scene: Scene) -> None:
    scene.decide("ann")
    for after in (hours(5), hours(5.1)):
        scene.happen("Order Completed", "ann", after, total=40, order_id="o1")
    scene.happen("Order Completed", "ann", hours(9), total=2, order_id="o2")
    assert scene.outcomes()[0]["value"] == 42


def test_a_refund_of_an_order_from_before_the_decision_is_none_of_its_own(scene: Scene) -> None:
    scene.decide("ann")
    scene.decide("bob", arm="holdout")
    for person, ordered in (("ann", hours(2)), ("bob", hours(-50))):
        scene.happen("Order Completed", person, ordered, total=40, order_id=f"o-{person}")
        scene.happen("Order Refunded", person, hours(30), total=40, order_id=f"o-{person}")
    assert [row["refunded"] for row in scene.outcomes()] == [1, 0]


def test_a_click_after_the_window_is_none(scene: Scene) -> None:
    scene.decide("ann")
    scene.happen("Email Link Clicked", "ann", timedelta(days=20), decision_id="d-ann-1")
    assert scene.outcomes()[0]["clicked"] == 0


def test_what_was_sent_after_the_report_s_moment_was_not_sent_yet(scene: Scene) -> None:
    scene.decide("ann")
    scene.happen("Email Sent", "ann", hours(50), decision_id="d-ann-1")
    assert scene.outcomes(until=DECIDED + hours(49))[0]["exposed"] == 0


def line_counts(scene: Scene, all_exposed: bool = False) -> list[Any]:
    return scene.db.execute(outcomes_sql.compile_line_counts(all_exposed)).fetchall()


def test_lines_count_the_exposed_people_of_their_stratum(scene: Scene) -> None:
    for person in ("ann", "bob"):
        scene.decide(person)
        scene.db.execute("INSERT INTO slates VALUES (?, 'headline', 'c1', 3, '')", [f"d-{person}-1"])
    scene.happen("Email Sent", "ann", hours(1), decision_id="d-ann-1")
    scene.happen("Order Completed", "ann", hours(5), total=5)
    scene.outcomes(until=DECIDED + timedelta(days=7))
    assert line_counts(scene) == [("headline", "c1", "1", "everyone", "en-GB", "3", 1, 0, 1)]
    assert line_counts(scene, all_exposed=True) == [("headline", "c1", "1", "everyone", "en-GB", "3", 2, 0, 1)]


def test_a_line_that_was_replaced_before_it_was_sent_counts_nothing(scene: Scene) -> None:
    for person, shown in (("ann", {"headline": "c1"}), ("bob", {"subject": "c9"})):
        scene.decide(person)
        scene.db.execute("INSERT INTO slates VALUES (?, 'headline', 'c1', 3, '')", [f"d-{person}-1"])
        scene.happen("Email Sent", person, hours(1), decision_id=f"d-{person}-1", lines=shown)
    scene.outcomes()
    assert [row[6] for row in line_counts(scene)] == [1]


def test_one_order_after_two_steps_is_credited_to_the_later_line_alone(scene: Scene) -> None:
    for step, line, after in (("1", "c1", timedelta()), ("2", "c2", timedelta(days=5))):
        scene.decide("ann", after=after, step=step)
        scene.db.execute("INSERT INTO slates VALUES (?, 'headline', ?, 2, '')", [f"d-ann-{step}", line])
    scene.happen("Order Completed", "ann", timedelta(days=6), total=5)
    scene.outcomes()
    assert {row[1]: row[8] for row in line_counts(scene, all_exposed=True)} == {"c1": 0, "c2": 1}


def test_the_last_event_dates_the_report(scene: Scene) -> None:
    scene.happen("Order Completed", "ann", hours(5), total=5)
    assert scene.db.execute(outcomes_sql.compile_until()).fetchone() == ((DECIDED + hours(5)).replace(tzinfo=None),)


@pytest.mark.slow
def test_an_event_name_with_a_quote_stays_a_name(scene: Scene) -> None:
    scene.decide("ann")
    scene.happen("O'Hara'; DROP TABLE decisions; --", "ann", hours(5))
    metric = MetricSpec("odd", "O'Hara'; DROP TABLE decisions; --")
    scene.db.execute(outcomes_sql.compile_outcomes(metric, DECIDED + timedelta(days=1)))
    assert scene.db.execute("SELECT sum(converted_first) FROM outcomes").fetchone() == (1,)


def test_a_value_that_is_no_path_is_refused() -> None:
    with pytest.raises(ValueError, match="dotted path"):
        outcomes_sql.value_path(MetricSpec("order", "Order Completed", value="total') --"))


def test_the_value_can_be_another_property() -> None:
    assert outcomes_sql.value_path(MetricSpec("order", "Order Completed", value="properties.margin")) == "$.margin"


def test_moments_are_written_in_utc() -> None:
    two_hours_east = datetime.fromisoformat("2026-09-01T10:00:00+02:00")
    assert outcomes_sql.timestamp(two_hours_east) == "TIMESTAMP '2026-09-01 08:00:00.000000'"
    assert outcomes_sql.quote("it's") == "'it''s'"
