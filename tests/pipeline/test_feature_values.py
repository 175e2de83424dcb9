"""Features out of kept columns are those of the SQL over the log, whatever happened, in whatever order it came."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.segments.columns import SegmentColumns
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline.compare_engines import same
from tailorbird.pipeline.people import compute_features, open_views
from tailorbird.stages.consent.effective import ConsentRules
from tailorbird.testing.feature_stream import DEFINITIONS, NUMBERS, TEXTS
from tailorbird.types.event import Event
from tailorbird.types.feature import EventCondition, FeatureDefinition
from tailorbird.types.identity import IDENTITIES_MERGED, IDENTITIES_SPLIT
from tailorbird.types.person import Person
from tailorbird.types.settings import ConsentSettings, QaSettings, SilenceSettings

pytestmark = pytest.mark.slow

START = datetime(2026, 3, 28, 20, tzinfo=UTC)
PURPOSES = ("p", "comparison")
RULES = ConsentRules(
    ConsentSettings(dict.fromkeys(PURPOSES, True), silence=(SilenceSettings(("*",), PURPOSES, "opt_out", "a test"),))
)
USERS, DEVICES = ("ada", "bo", "cy", "anon:x"), ("d1", "d2", "d3")


def define(name: str, kind: Any, event: str | None = "Bought", **more: Any) -> FeatureDefinition:
    return FeatureDefinition(name=name, kind=kind, event=event, purpose="p", **more)


MORE = (
    define("pages", "count", None, where=(EventCondition("type", equals="page"),)),
    define("with_total", "count", field="properties.total"),
    define("spent_2d", "sum", field="properties.total", window_days=2, default=-1),
    define("first_2d", "first", field="properties.total", type="number", window_days=2),
    define("last_flag", "last", field="properties.total", type="boolean", default=False),
    define("last_family", "last", each="properties.products", field="family", default="none"),
    define("families_1d", "distinct", each="properties.products", field="family", window_days=1),
    define("all_totals", "distinct", None, field="properties.total"),
    define("tenure", "recency", None, pick="first", unit="minutes", default=-1),
    define("since_30h", "recency", "Seen", window_hours=30, unit="hours"),
    define("usual", "ratio", None, numerator="spent_2d", denominator="pages", default=7),
)
EVERY = (*DEFINITIONS, *MORE)

value = st.sampled_from([*TEXTS, *NUMBERS])
products = st.one_of(st.lists(st.fixed_dictionaries({"family": value, "quantity": value}), max_size=2), value)
properties = st.fixed_dictionaries({}, optional={"total": value, "products": products, "currency": value})
mail = st.fixed_dictionaries({"message_id": st.sampled_from(["l1", "l2"]), "link": st.sampled_from(["a", "b", "trap"])})
context = st.fixed_dictionaries(
    {},
    optional={
        "test": st.sampled_from([True, "true", False]),
        "machine": st.sampled_from(["proxy", "said", True, False]),
        "timezone": st.sampled_from(["Asia/Kolkata", "Mars/Olympus", 5]),
        "location": st.fixed_dictionaries({"country": value}),
    },
)
bought = st.tuples(st.just("track"), st.sampled_from(["Bought", "Bought", "Seen"]), properties)
clicked = st.tuples(st.just("track"), st.sampled_from(["Email Link Clicked", "Email Opened", "Email Sent"]), mail)
merged = st.tuples(
    st.just("track"),
    st.sampled_from([IDENTITIES_MERGED, IDENTITIES_SPLIT]),
    st.fixed_dictionaries({"source": st.sampled_from(USERS), "target": st.sampled_from(USERS)}),
)
others = st.tuples(st.sampled_from(["page", "identify", "alias"]), st.none(), properties)
what = st.one_of(bought, bought, bought, clicked, merged, others)
ids = st.sampled_from([(u, d) for u in (*USERS, None) for d in (*DEVICES, None) if u or d])
second = st.one_of(st.integers(0, 8).map(lambda n: n * 1800), st.integers(0, 4 * 86_400), st.integers(0, 90))
drawn_events = st.lists(st.tuples(what, ids, second, context, st.integers(0, 30)), min_size=1, max_size=10)


def events_of(drawn: Sequence[Any]) -> list[Event]:
    """Message ids repeat now and then: of two events with one id the log keeps one."""
    return [
        Event(
            kind,
            f"identity:{number}" if name in (IDENTITIES_MERGED, IDENTITIES_SPLIT) else f"m{number}",
            START + timedelta(seconds=at),
            START + timedelta(seconds=at + number),
            user,
            device,
            name,
            properties=said if kind != "identify" else {},
            traits={"email": f"{user}@x.example"} if kind == "identify" else {},
            context=context,
        )
        for (kind, name, said), (user, device), at, context, number in drawn
    ]


_VIEWS = (
    "SELECT * FROM identity_people ORDER BY ALL",
    "SELECT * FROM identity_devices ORDER BY ALL",
    "SELECT * FROM all_events ORDER BY message_id",
    "SELECT * FROM not_counted ORDER BY message_id",
)


class Shop:
    """A log whose features are asked for again and again, with its columns kept in between."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder, SegmentLog(folder / "events")
        self.columns = SegmentColumns(folder / "events")
        self._adopted = self._checks = 0

    def adopt(self, events: Sequence[Event]) -> None:
        """Take in a segment of another's making, which may repeat what the log holds."""
        self._adopted += 1
        other = SegmentLog(self.folder / f"other{self._adopted}")
        other.append(events)
        (segment,) = other.seal()
        self.log.adopt(segment)

    def check(self, as_of: datetime, definitions: Sequence[FeatureDefinition] = EVERY) -> None:
        """Compare with the columns in use the ways without them; every other time with testers, who ask all events."""
        self._checks += 1
        testers = QaSettings(people=("cy",), addresses=("bo@x.example",)) if self._checks % 2 else None
        warehouse = DuckdbWarehouse(threads=1)
        open_views(warehouse, self.log, None, testers)
        by_sql, profiles = compute_features(warehouse, definitions, as_of, "Europe/London", RULES)
        quick = DuckdbWarehouse(threads=1, columns=self.columns)
        open_views(quick, self.log, None, testers, often=False)
        by_lanes, the_same = compute_features(quick, definitions, as_of, "Europe/London", RULES)
        assert by_lanes.person_ids == by_sql.person_ids
        assert the_same == profiles
        for query in _VIEWS:
            assert quick.rows(query) == warehouse.rows(query)
        assert not any(map(any, by_sql.withheld.values()))
        for name, values in by_sql.columns.items():
            wrong = [
                (person, one, other)
                for person, one, other in zip(by_sql.person_ids, values, by_lanes.columns[name], strict=True)
                if not same(one, other)
            ]
            assert not wrong, (name, wrong)


steps = st.lists(
    st.tuples(st.sampled_from(["append", "append", "elsewhere", "adopt", "erase"]), drawn_events),
    min_size=1,
    max_size=4,
)
some_definitions = st.lists(st.sampled_from(EVERY), min_size=3, max_size=8, unique=True).map(
    lambda drawn: [
        each for each in EVERY if each in drawn or any(each.name in (one.numerator, one.denominator) for one in drawn)
    ]
)


@settings(max_examples=8, deadline=None)
@given(steps, st.lists(second, min_size=1, max_size=4), some_definitions)
def test_kept_columns_give_what_the_sql_gives_after_every_step(
    steps: Any, moments: list[int], definitions: list[FeatureDefinition]
) -> None:
    with TemporaryDirectory() as folder:
        shop = Shop(Path(folder))
        elsewhere = SegmentLog(Path(folder) / "events")
        for number, (step, drawn) in enumerate(steps):
            events = events_of(drawn)
            if step == "adopt":
                shop.adopt(events)
            elif step == "elsewhere":
                elsewhere.append(events)
            elif step == "erase" and number:
                shop.log.erase(Person(person_id="ada", user_ids=frozenset({"ada"})))
                shop.log.append([*events, *events_of([drawn[0]])])
            else:
                shop.log.append(events)
            shop.check(START + timedelta(seconds=moments[number % len(moments)]), definitions)
            shop.check(START + timedelta(days=5), definitions)


def event(number: int, name: str, at: int, user: str | None = "ada", device: str | None = None, **more: Any) -> Event:
    return events_of([(("track", name, more), (user, device), at, {}, number)])[0]


def crowd() -> list[Event]:
    """So many events that what comes after them gets parts of its own."""
    return [event(n, "Bought", n, f"{n * 7919}", total=n) for n in range(1000, 4000)]


def only(*names: str) -> list[FeatureDefinition]:
    return [each for each in EVERY if each.name in names]


def test_two_ids_of_one_person_with_different_last_values_at_one_moment(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.log.append(
        [
            event(5, "Bought", 60, total="mugs"),
            event(4, "Bought", 60, "bo", total="tins"),
            event(3, "Bought", 60, None, "d1", total="jars"),
            event(2, "Bought", 0, "ada", "d1", total="mugs"),
            event(9, IDENTITIES_MERGED, 0, "bo", source="bo", target="ada"),
        ]
    )
    shop.check(START + timedelta(hours=1), only("last_total", "all_totals", "totals", "first_2d"))


def test_the_largest_numbers_and_sums_that_leave_64_bits(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    huge = (999999999999.0, 8999999999.123457, "999999999999.999999", -(10**11), 0.0000005)
    shop.log.append([event(n, "Bought", n, total=huge[n % 5]) for n in range(40)])
    shop.check(START + timedelta(hours=1), only("spent", "last_total_number", "totals", "usual_total_60_hours"))


def test_a_click_that_turns_out_to_be_a_machines_after_its_columns_were_made(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    clicks = define("clicks", "count", "Email Link Clicked")
    shop.log.append([event(10, "Email Link Clicked", 600, message_id="l1", link="a"), event(5, "Seen", 5), *crowd()])
    shop.check(START + timedelta(hours=1), [clicks])
    shop.log.append([event(11, "Email Link Clicked", 610, message_id="l1", link="trap")])
    shop.check(START + timedelta(hours=1), [clicks])


def test_a_repeated_message_that_was_received_earlier_takes_the_place_of_the_first(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    first = event(10, "Bought", 600, total=5)
    shop.log.append([first, *crowd()])
    shop.check(START + timedelta(hours=1), only("bought", "spent"))
    shop.adopt([replace(first, received_at=START, properties={"total": 7})])
    shop.check(START + timedelta(hours=1), only("bought", "spent"))


def test_a_shared_device_and_a_later_login_move_events_between_people(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.log.append(crowd())
    shop.check(START + timedelta(hours=1), only("bought", "spent", "all_totals", "last_total"))
    shop.log.append([event(n, "Bought", n * 60, None, "d1", total=n % 3) for n in range(9)])
    shop.check(START + timedelta(hours=1), only("bought", "spent", "all_totals", "last_total"))
    for number, user in ((20, "ada"), (21, "bo"), (22, "ada")):
        shop.log.append([event(number, "Seen", (number - 19) * 150, user, "d1")])
        shop.check(START + timedelta(hours=1), only("bought", "spent", "totals", "all_totals", "last_total"))
