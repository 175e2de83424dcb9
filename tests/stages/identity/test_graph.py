"""Who is whom, live, and the same in the warehouse."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.pipeline.identities import resolve_identities
from tailorbird.stages.events.views import events_query, firsts_query, repeats_query
from tailorbird.stages.identity.graph import IdentityGraph
from tailorbird.types.event import EVENT_COLUMNS, Event
from tailorbird.types.settings import IdentitySettings
from tests.stages.identity.conftest import START, STREAMS, event_of

USERS_MAX = 2


MATCHES = st.sampled_from([IdentitySettings(USERS_MAX), IdentitySettings(USERS_MAX, ("email",)),
                           IdentitySettings(3, ("email", "phone"), match_verified=False)])  # fmt: skip


def by_graph(events: Sequence[Event], by: IdentitySettings) -> dict[str, str]:
    graph = IdentityGraph(by.device_users_max, by.match, by.match_verified)
    for event in events:
        graph.add(event)
    return {e.message_id: graph.person_of(e.user_id, e.anonymous_id, e.timestamp) for e in events}


def by_warehouse(events: Sequence[Event], by: IdentitySettings) -> dict[str, str]:
    warehouse = DuckdbWarehouse(threads=1)
    columns = {
        name: [
            msgspec.json.encode(value).decode() if name in ("properties", "traits", "context") else value
            for value in (getattr(event, name) for event in events)
        ]
        for name, _ in EVENT_COLUMNS
    }
    warehouse.load("segments", columns)
    warehouse.run(f"CREATE TABLE repeats AS {repeats_query('segments')}")
    warehouse.run(f"CREATE VIEW firsts AS {firsts_query('segments', 'repeats')}")
    resolve_identities(warehouse, "firsts", by)
    found = dict(warehouse.rows(f"SELECT message_id, person_id FROM ({events_query('firsts')})"))
    warehouse.close()
    return found


@pytest.mark.slow
@given(STREAMS, MATCHES, st.randoms(use_true_random=False))
def test_any_arrival_order_gives_the_same_people(events: Any, by: Any, random: Any) -> None:
    people = by_graph(events, by)
    random.shuffle(events)
    assert by_graph(events, by) == people


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(STREAMS, MATCHES, st.randoms(use_true_random=False))
def test_the_warehouse_and_the_live_graph_agree_at_every_moment(events: Any, by: Any, random: Any) -> None:
    random.shuffle(events)
    for count in range(1, len(events) + 1):
        assert by_warehouse(events[:count], by) == by_graph(events[:count], by)


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(STREAMS, MATCHES, st.randoms(use_true_random=False))
def test_events_that_come_twice_change_nothing_in_the_warehouse(events: Any, by: Any, random: Any) -> None:
    people = by_warehouse(events, by)
    again = events + events
    random.shuffle(again)
    assert by_warehouse(again, by) == people


@pytest.mark.slow
@given(STREAMS, MATCHES)
def test_what_an_event_moves_is_told_when_it_comes(events: list[Event], by: IdentitySettings) -> None:
    graph = IdentityGraph(by.device_users_max, by.match, by.match_verified)
    last: dict[str, str] = {}
    for number, event in enumerate(events):
        moved = graph.add(event)
        now = {e.message_id: graph.person_of(e.user_id, e.anonymous_id, e.timestamp) for e in events[: number + 1]}
        for message_id, person in last.items():
            assert now[message_id] == person or {now[message_id], person} <= moved
        last = now


def identified(user: str | None, device: str, hour: int) -> Event:
    at = START + timedelta(hours=hour)
    return Event("track", f"{user}{device}{hour}", at, at, user, device, "Product Viewed")


def test_a_device_is_whose_who_was_identified_on_it_last_before_the_event() -> None:
    graph = IdentityGraph()
    for user, hour in (("ana", 1), ("ben", 3), ("ana", 5)):
        graph.add(identified(user, "tablet", hour))
    hours = [graph.person_of(None, "tablet", START + timedelta(hours=hour)) for hour in (0, 1, 2, 3, 4, 5, 9)]
    assert hours == ["ana", "ana", "ana", "ben", "ben", "ana", "ana"]
    assert graph.person_of(None, "other", START) == "anon:other"


def test_a_late_identification_moves_what_came_after_it() -> None:
    graph = IdentityGraph()
    graph.add(identified("ana", "tablet", 1))
    assert graph.person_of(None, "tablet", START + timedelta(hours=5)) == "ana"
    assert graph.add(identified("ben", "tablet", 4)) == {"ana", "ben", "anon:tablet"}
    assert graph.person_of(None, "tablet", START + timedelta(hours=5)) == "ben"


def test_a_device_with_too_many_people_is_nobodys_and_stays_anonymous() -> None:
    graph = IdentityGraph(device_users_max=2)
    for user, hour in (("ana", 1), ("ben", 2), ("cem", 3)):
        graph.add(identified(user, "till", hour))
    assert graph.person_of(None, "till", START + timedelta(hours=9)) == "anon:till"
    assert graph.owners_of("till") == {"ana", "ben", "cem"}
    graph.add(event_of(1, {"kind": "alias", "at": 9, "user": "ana", "other": "ben", "device": ""}))
    assert graph.person_of(None, "till", START + timedelta(hours=9)) == "cem"  # two people once two were one


def test_nobody_but_tailorbird_merges_people() -> None:
    graph, at = IdentityGraph(), START
    sent_in = Event("track", "m1", at, at, "ana", None, "Identities Merged", {"source": "ben", "target": "ana"})
    assert graph.add(sent_in) == frozenset()
    assert graph.person_of("ben", None, at) == "ben"


def test_the_ids_of_a_person_are_the_names_and_the_devices_of_all_of_them() -> None:
    graph = IdentityGraph()
    for event in (
        Event("identify", "m1", START, START, user_id="a", anonymous_id="d"),
        Event("identify", "m2", START, START, user_id="b", anonymous_id="e"),
        Event("alias", "m3", START, START, user_id="b", anonymous_id="a"),
    ):
        graph.add(event)
    assert graph.ids_of("b") == {"a", "b", "d", "e"}
    assert graph.ids_of("c") == {"c"}
    assert graph.ids_of("anon:f") == {"f"}
