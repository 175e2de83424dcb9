"""People live: at every moment what the warehouse says of everybody, whatever happened since."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.segments.follower import SegmentFollower
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline.few_people import look_at
from tailorbird.pipeline.live_people import FOLDED_AT_ONCE_MAX, LivePeople, LiveReader
from tailorbird.pipeline.people import compute_features, open_views
from tailorbird.ports.event_log import EventLogError
from tailorbird.stages.consent.effective import ConsentRules
from tailorbird.types.event import Event
from tailorbird.types.feature import FeatureDefinition, Features, FeatureTable
from tailorbird.types.settings import ConsentSettings, SilenceSettings

pytestmark = pytest.mark.slow

START = datetime(2026, 6, 1, tzinfo=UTC)
DEFINITIONS = (
    FeatureDefinition(name="orders", kind="count", event="Order Completed", purpose="ads", default=0),
    FeatureDefinition(name="spent_1d", kind="sum", event="Order Completed", field="properties.total", purpose="ads", window_days=1),
    FeatureDefinition(name="last_page", kind="last", event="Page", field="properties.name", purpose="site"),
    FeatureDefinition(name="ever", kind="sql", type="number", purpose="site", query="SELECT s.person_id, s.as_of, CAST(count(e.message_id) AS DOUBLE) AS ever FROM spine s LEFT JOIN events e ON e.person_id = s.person_id AND e.as_of = s.as_of GROUP BY s.person_id, s.as_of"),
)  # fmt: skip
RULES = ConsentRules(
    ConsentSettings(defaults={"site": True}, silence=(SilenceSettings(("*",), ("site",), "opt_out", basis="a test"),))
)


class Shop:
    """A log, live people over it, and the warehouse's own answer."""

    def __init__(self, root: Path, definitions: Sequence[FeatureDefinition] = DEFINITIONS) -> None:
        self.root, self.definitions = root, definitions
        self.log = SegmentLog(root / "events")
        self.number = 0

    def happen(self, second: float, kind: str = "track", name: str | None = None, **said: Any) -> None:
        self.number += 1
        moment = START + timedelta(seconds=second)
        self.log.append([Event(kind, f"m{self.number}", moment, moment, event=name, **said)])  # type: ignore[arg-type]

    def live(self) -> LivePeople:
        reader = LiveReader(self.snapshot, self.look, lambda now: RULES.resolve({}, None, None, now))
        people = LivePeople(self.definitions, SegmentFollower(self.root / "events"), reader)
        people.begin(START)
        return people

    def warehouse(self) -> DuckdbWarehouse:
        return DuckdbWarehouse(spill=self.root / "spill")

    def look(self, events: Sequence[Event], now: datetime) -> tuple[Mapping[str, Mapping[str, bool]], Collection[str]]:
        profiles, counted = look_at(self.warehouse(), events, now, RULES)
        return {profile.person_id: profile.consents for profile in profiles}, counted

    def snapshot(self, now: datetime) -> FeatureTable:
        warehouse = self.warehouse()
        open_views(warehouse, self.log)
        return compute_features(warehouse, self.definitions, now, "UTC", RULES)[0]

    def all_features(self, now: datetime) -> Iterator[Features]:
        from tailorbird.stages.features.withhold import features_of

        table = self.snapshot(now)
        for row in range(len(table.person_ids)):
            yield features_of(table, row, self.definitions)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    shop.happen(0, "identify", user_id="a", traits={"consents": {"ads": True}})
    shop.happen(1, "identify", user_id="b")
    shop.happen(2, name="Order Completed", user_id="a", properties={"total": 20})
    return shop


def test_who_did_nothing_new_is_told_from_the_snapshot_and_who_did_from_the_events(shop: Shop) -> None:
    live = shop.live()
    now = START + timedelta(minutes=1)
    first = live.features("a", now)
    assert first is not None
    assert (first.as_of, first.values["orders"]) == (START, 0)  # as of the snapshot, which came before the order
    shop.happen(30, name="Order Completed", user_id="a", properties={"total": 5})
    assert live.refresh(START) == {"a"}
    moved = live.features("a", now)
    assert moved is not None
    assert (moved.as_of, moved.values["orders"], moved.values["spent_1d"]) == (now, 2, 25.0)


def test_a_value_older_than_its_freshness_is_computed_anew(shop: Shop) -> None:
    live = shop.live()
    now = START + timedelta(hours=2)
    found = live.features("a", now)
    assert found is not None
    assert (found.as_of, found.values["orders"]) == (now, 1)


def test_a_withdrawal_holds_at_the_next_refresh(shop: Shop) -> None:
    live = shop.live()
    shop.happen(30, name="Consent Updated", user_id="a", properties={"consents": {"ads": False}})
    live.refresh(START)
    found = live.features("a", START + timedelta(minutes=1))
    assert found is not None
    assert found.withheld == {"orders": "no consent for ads", "spent_1d": "no consent for ads"}
    assert found.values["orders"] is None


def test_a_visitor_who_logs_in_brings_along_what_happened_before(shop: Shop) -> None:
    live = shop.live()
    shop.happen(30, name="Page", anonymous_id="d", properties={"name": "Lamps"})
    assert live.refresh(START) == {"anon:d"}
    now = START + timedelta(minutes=1)
    visitor = live.features("anon:d", now)
    assert visitor is not None
    assert visitor.values["last_page"] == "Lamps"
    shop.happen(40, "identify", user_id="b", anonymous_id="d")
    assert "b" in live.refresh(START)
    known = live.features("b", now)
    assert known is not None
    assert known.values["last_page"] == "Lamps"
    assert live.person_of(None, "d", now) == "b"
    assert live.features("anon:d", now) is None


def test_an_import_that_moves_very_many_is_taken_in_by_a_snapshot(shop: Shop) -> None:
    live = shop.live()
    for number in range(FOLDED_AT_ONCE_MAX + 1):
        shop.happen(10, "identify", user_id=f"u{number}")
    now = START + timedelta(minutes=1)
    assert len(live.refresh(now)) == FOLDED_AT_ONCE_MAX + 1
    found = live.features("u7", now + timedelta(seconds=1))
    assert found is not None
    assert found.as_of == now


def test_nobody_of_that_id_is_nobody(shop: Shop) -> None:
    assert shop.live().features("zoe", START) is None


def test_the_next_snapshot_takes_in_whoever_moved(shop: Shop) -> None:
    live = shop.live()
    shop.happen(30, name="Order Completed", user_id="a", properties={"total": 5})
    live.refresh(START)
    live.take_snapshot(START + timedelta(minutes=1))
    found = live.features("a", START + timedelta(minutes=2))
    assert found is not None
    assert (found.as_of, found.values["orders"]) == (START + timedelta(minutes=1), 2)


def test_test_traffic_counts_nowhere(shop: Shop) -> None:
    live = shop.live()
    shop.happen(30, name="Order Completed", user_id="a", properties={"total": 5}, context={"test": True})
    live.refresh(START)
    found = live.features("a", START + timedelta(minutes=1))
    assert found is not None
    assert found.values["orders"] == 1


def test_a_clock_that_goes_back_is_no_error(shop: Shop) -> None:
    live = shop.live()
    shop.happen(30, name="Order Completed", user_id="a", properties={"total": 5})
    live.refresh(START)
    later, earlier = START + timedelta(minutes=5), START + timedelta(minutes=1)
    assert live.features("a", later) == live.features("a", earlier)


ids = st.fixed_dictionaries(
    {}, optional={"user_id": st.sampled_from("ab"), "anonymous_id": st.sampled_from("de")}
).filter(bool)
happenings: st.SearchStrategy[tuple[int, tuple[Any, ...], str]] = st.tuples(
    st.integers(0, 3 * 86_400),
    st.one_of(
        st.tuples(st.just("track"), st.just("Order Completed"), ids, st.fixed_dictionaries({"properties": st.fixed_dictionaries({"total": st.sampled_from([1, 2.5, "3", None])})})),
        st.tuples(st.just("track"), st.just("Page"), ids, st.fixed_dictionaries({"properties": st.fixed_dictionaries({"name": st.sampled_from(["x", "y"])})})),
        st.tuples(st.just("track"), st.just("Consent Updated"), ids, st.fixed_dictionaries({"properties": st.fixed_dictionaries({"consents": st.fixed_dictionaries({"ads": st.booleans()})})})),
        st.tuples(st.just("alias"), st.none(), st.just({"user_id": "a", "anonymous_id": "b"}), st.just({})),
    ),
    st.sampled_from(["", "", "refresh", "snapshot", "seal"]),
)  # fmt: skip


@settings(max_examples=25)
@given(st.lists(happenings, max_size=12))
def test_live_people_are_those_of_the_warehouse_whatever_happens(
    tmp_path_factory: pytest.TempPathFactory, story: list[tuple[int, tuple[Any, ...], str]]
) -> None:
    folded = [replace(definition, freshness="1s") for definition in DEFINITIONS if definition.kind != "sql"]
    shop = Shop(tmp_path_factory.mktemp("story"), folded)
    shop.happen(0, "identify", user_id="a", traits={"consents": {"ads": True}})
    live, now = shop.live(), START + timedelta(days=4)
    for second, (kind, name, who, said), then in story:
        shop.happen(second, kind, name, **who, **said)
        if then == "refresh":
            live.refresh(START)
        elif then == "snapshot":
            live.refresh(START)
            live.take_snapshot(START)
        elif then == "seal":
            shop.log.seal()
    live.refresh(START)
    for expected in shop.all_features(now):
        assert live.features(expected.person_id, now) == expected


def test_what_could_not_be_taken_in_is_taken_in_the_next_time(shop: Shop) -> None:
    failing: list[Exception] = []

    def look(events: Sequence[Event], now: datetime) -> tuple[Mapping[str, Mapping[str, bool]], Collection[str]]:
        if failing:
            raise failing.pop()
        return shop.look(events, now)

    source = SegmentFollower(shop.root / "events")
    reader = LiveReader(shop.snapshot, look, lambda now: RULES.resolve({}, None, None, now))
    people = LivePeople(DEFINITIONS, source, reader)
    now = START + timedelta(seconds=20)
    people.begin(now)
    shop.happen(21, "track", "Consent Updated", user_id="a", properties={"consents": {"ads": False}})
    failing.append(EventLogError("the disk is away"))
    now += timedelta(seconds=10)
    with pytest.raises(EventLogError):
        people.refresh(now)
    assert people.refresh(now) == {"a"}
    found = people.features("a", now)
    assert found is not None and found.withheld["orders"] == "no consent for ads"
    assert people.refresh(now) == frozenset()


class Halting:
    """A source that gives its first chunk and then fails, once."""

    def __init__(self, source: SegmentFollower) -> None:
        self.source, self.halts = source, False

    def poll(self) -> Iterator[Sequence[Event]]:
        for events in self.source.poll():
            yield events
            if self.halts:
                self.halts = False
                raise EventLogError("the disk is away")

    def of(self, ids: Collection[str]) -> Iterator[Event]:
        return self.source.of(ids)


def test_what_came_before_the_log_failed_is_taken_in_the_next_time(shop: Shop) -> None:
    source = Halting(SegmentFollower(shop.root / "events"))
    reader = LiveReader(shop.snapshot, shop.look, lambda now: RULES.resolve({}, None, None, now))
    people = LivePeople(DEFINITIONS, source, reader)
    now = START + timedelta(seconds=20)
    people.begin(now)
    shop.happen(21, "alias", user_id="a", anonymous_id="b")
    source.halts = True
    now += timedelta(seconds=10)
    with pytest.raises(EventLogError):
        people.refresh(now)
    assert people.refresh(now) >= {"a"}
    assert people.person_of("b", None, now) == "a"
