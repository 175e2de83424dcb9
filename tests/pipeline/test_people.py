"""Views over the log, and everybody's features and profiles."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline import people
from tailorbird.pipeline.people import NoEventsError, compute_features, open_views
from tailorbird.stages.consent.effective import ConsentRules
from tailorbird.types.consent import is_granted
from tailorbird.types.event import Event
from tailorbird.types.feature import FeatureDefinition
from tailorbird.types.settings import ConsentSettings, QaSettings, SilenceSettings

pytestmark = pytest.mark.slow

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
DEFINITIONS = (
    FeatureDefinition(name="orders", kind="count", event="Order Completed", purpose="email_marketing"),
    FeatureDefinition(
        name="family",
        kind="last",
        event="Order Completed",
        purpose="personalization",
        field="properties.family",
        default="none",
    ),
    FeatureDefinition(
        name="total",
        kind="last",
        event="Order Completed",
        purpose="personalization",
        field="properties.total",
        type="number",
    ),
)

BASIS = SilenceSettings(("*",), ("email_marketing",), "opt_out", "orders placed by trade customers")
RULES = ConsentRules(ConsentSettings({"email_marketing": True}, silence=(BASIS,)))


def track(message_id: str, user_id: str, hours: int = 0, **properties: Any) -> Event:
    moment = NOON + timedelta(hours=hours)
    return Event("track", message_id, moment, moment, user_id, event="Order Completed", properties=properties)


def log_of(folder: Path, *events: Event) -> SegmentLog:
    log = SegmentLog(folder / "events")
    log.append(events)
    return log


def test_features_and_profiles_are_in_one_order_and_consent_is_kept(tmp_path: Path) -> None:
    consent = Event(
        "identify", "i", NOON, NOON, "b", traits={"email": "b@x.example", "consents": {"personalization": True}}
    )
    log = log_of(
        tmp_path,
        track("1", "b", family="mugs", total=3),
        track("2", "b", 1, family="tins", total=4.5),
        track("3", "a", family="jars"),
        track("4", "a", 9),
        consent,
    )
    warehouse = DuckdbWarehouse(threads=1)
    open_views(warehouse, log)
    table, profiles = compute_features(warehouse, DEFINITIONS, NOON + timedelta(hours=5), "UTC", RULES)
    assert table.person_ids == [profile.person_id for profile in profiles] == ["a", "b"]
    assert table.columns == {"orders": [1, 2], "family": [None, "tins"], "total": [None, 4.5]}
    assert table.withheld["family"] == [True, False]
    assert profiles[1].email == "b@x.example"
    assert profiles[1].words == {"personalization": True}
    assert is_granted(profiles[0].consents, "email_marketing") and profiles[0].words == {}
    assert not is_granted(profiles[0].consents, "personalization")
    assert is_granted(profiles[1].consents, "personalization")


def test_a_naive_moment_is_in_the_projects_zone(tmp_path: Path) -> None:
    log = log_of(tmp_path, track("1", "a"))
    warehouse = DuckdbWarehouse(threads=1)
    open_views(warehouse, log)
    naive = datetime(2026, 1, 1, 13, tzinfo=UTC).replace(tzinfo=None)
    berlin, _ = compute_features(warehouse, DEFINITIONS[:1], naive, "Europe/Berlin", RULES)
    london, _ = compute_features(warehouse, DEFINITIONS[:1], naive, "Europe/London", RULES)
    assert berlin.as_of == NOON
    assert (berlin.columns["orders"], london.columns["orders"]) == ([0], [1])


def test_new_events_are_seen_when_the_views_are_opened_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = log_of(tmp_path, track("1", "a"))
    warehouse = DuckdbWarehouse(threads=1)
    open_views(warehouse, log)
    log.append([track("2", "b")])
    monkeypatch.setattr(people, "MATERIALISE_BYTES", 0)
    open_views(warehouse, log)
    assert warehouse.rows("SELECT count(*) FROM people") == [(2,)]
    open_views(warehouse, log)
    assert warehouse.rows("SELECT count(*) FROM events") == [(2,)]


def test_an_empty_log_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(NoEventsError, match="there are no events yet"):
        open_views(DuckdbWarehouse(), SegmentLog(tmp_path / "events"))


def test_only_anonymous_visitors_are_nobody(tmp_path: Path) -> None:
    seen = Event("track", "1", NOON, NOON, anonymous_id="x", event="Product Viewed")
    warehouse = DuckdbWarehouse(threads=1)
    open_views(warehouse, log_of(tmp_path, seen))
    table, profiles = compute_features(warehouse, DEFINITIONS, NOON)
    assert (table.person_ids, profiles, table.columns["orders"]) == ([], [], [])


def test_test_and_machine_traffic_counts_nowhere_and_testers_are_nobody(tmp_path: Path) -> None:
    tests = [
        Event("track", "t1", NOON, NOON, "a", event="Order Completed", properties={"total": 9}, context={"test": True}),
        Event("identify", "t2", NOON, NOON, "qa", traits={"email": "QA@shop.example", "consents": {"x": True}}),
        Event("track", "t3", NOON, NOON, "qa", event="Order Completed"),
        Event("track", "t4", NOON, NOON, "only-tested", event="Order Completed", context={"test": True}),
        Event("page", "t5", NOON, NOON, "robot", event="Home", context={"machine": "a crawler by its own word"}),
    ]
    warehouse = DuckdbWarehouse(threads=1)
    open_views(warehouse, log_of(tmp_path, track("1", "a"), *tests), None, QaSettings(addresses=("qa@shop.example",)))
    assert warehouse.rows("SELECT message_id FROM events") == [("1",)]
    assert warehouse.rows("SELECT person_id FROM people") == [("a",)]
    assert warehouse.rows("SELECT count(*), count(machine), count(*) FILTER (WHERE test) FROM all_events") == [
        (6, 1, 4)
    ]


@given(st.permutations(range(9)))
@settings(max_examples=25)
def test_the_order_of_arrival_changes_nothing(order: list[int]) -> None:
    hours, click = timedelta(hours=1), "Email Link Clicked"
    told: list[dict[str, Any]] = [
        {"type": "identify", "user_id": "a", "traits": {"email": "old@x.example", "consents": {"x": True}}},
        {"type": "identify", "user_id": "a", "anonymous_id": "d", "traits": {"email": "new@x.example"}},
        {"type": "track", "user_id": "a", "event": "Consent Updated", "properties": {"consents": {"x": False}}},
        {"type": "track", "anonymous_id": "d", "event": "Product Viewed"},
        {"type": "track", "user_id": "b", "event": "Order Completed", "context": {"test": True}},
        {"type": "track", "user_id": "b", "event": "Consent Updated", "properties": {"consents": {"x": True}}},
        {"type": "track", "user_id": "a", "event": "Email Sent", "properties": {"message_id": "m"}},
        {"type": "track", "user_id": "a", "event": click, "properties": {"message_id": "m", "link": "hero"}},
        {"type": "track", "user_id": "a", "event": click, "properties": {"message_id": "m", "link": "trap"}},
    ]
    found = []
    for places in (range(9), order):
        with TemporaryDirectory() as folder:
            log = SegmentLog(Path(folder) / "events")
            for arrival, n in enumerate(places):
                at = NOON + n * hours if n < 8 else NOON + 7 * hours + timedelta(seconds=30)
                log.append(
                    [Event(message_id=str(n), timestamp=at, received_at=NOON + (20 + arrival) * hours, **told[n])]
                )
            warehouse = DuckdbWarehouse(threads=1)
            open_views(warehouse, log)
            marks = "SELECT message_id, person_id, machine, test FROM all_events ORDER BY message_id"
            found.append((warehouse.rows(marks), warehouse.rows("SELECT * FROM people ORDER BY person_id")))
            log.close()
    assert found[0] == found[1]
    assert [machine is not None for _, _, machine, _ in found[0][0]] == [False] * 7 + [True] * 2


def test_a_loose_value_in_the_log_costs_its_trait_and_nothing_else(tmp_path: Path) -> None:
    log = log_of(tmp_path, track("1", "a"), track("2", "b"))
    warehouse = DuckdbWarehouse(threads=1)
    loose = """SELECT 'x' AS message_id, 'identify' AS type, NULL::VARCHAR AS event, 'a' AS user_id,
        NULL::VARCHAR AS anonymous_id, TIMESTAMP '2026-01-01' AS timestamp, TIMESTAMP '2026-01-01' AS received_at,
        '{}' AS properties, '{"email":"a@x.example","score":NaN,"list":[1,]}' AS traits, '{}' AS context"""
    warehouse.write(loose, tmp_path / "loose.parquet")
    log.adopt(tmp_path / "loose.parquet")
    open_views(warehouse, log)
    first, second = people.read_profiles(warehouse)
    assert (first.email, first.traits, second.person_id) == ("a@x.example", {"email": "a@x.example", "list": [1]}, "b")
