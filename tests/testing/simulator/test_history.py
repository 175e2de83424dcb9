from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from tailorbird.stages.events.segment_wire import read_batch
from tailorbird.testing.simulator.history import DEFAULT_AS_OF, history_events
from tailorbird.testing.simulator.world import World, make_world
from tailorbird.types.item import Item

pytestmark = pytest.mark.slow


@pytest.fixture
def world(items: Sequence[Item]) -> World:
    return make_world(items, 5, 1000)


@pytest.fixture
def events(world: World) -> list[dict[str, Any]]:
    return list(history_events(world))


def moment(event: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(event["timestamp"])


def test_the_history_is_the_same_each_time_and_its_ids_are_unique(world: World, events: list[dict[str, Any]]) -> None:
    assert list(history_events(world)) == events
    assert len({event["messageId"] for event in events}) == len(events)
    assert 10_000 < len(events) < 16_000


def test_events_are_in_order_within_the_ninety_days_before_the_end(world: World, events: list[dict[str, Any]]) -> None:
    times = [moment(event) for event in events]
    assert times == sorted(times)
    assert times[0] > DEFAULT_AS_OF - timedelta(days=90, hours=1)
    assert times[-1] < DEFAULT_AS_OF
    other_end = datetime(2026, 3, 1, tzinfo=UTC)
    assert moment(list(history_events(world, other_end))[-1]) < other_end


def test_every_event_is_accepted_by_the_wire_and_labelled_as_simulated(events: list[dict[str, Any]]) -> None:
    parsed = read_batch(msgspec.json.encode({"batch": events[:800]}), DEFAULT_AS_OF)
    rows = [msgspec.json.decode(line) for line in parsed.events.lines.splitlines()]
    assert (len(rows), parsed.refused) == (800, ())
    for row in rows:
        assert row["properties"].get("simulated") or row["traits"].get("simulated")
        assert row["context"]["location"]["country"]
        assert datetime.fromisoformat(row["timestamp"]) < DEFAULT_AS_OF


def test_about_a_third_bought_once_and_not_lately(events: list[dict[str, Any]]) -> None:
    last = {event["userId"]: moment(event) for event in events if event.get("event") == "Order Completed"}
    lapsed = sum(at < DEFAULT_AS_OF - timedelta(days=45) for at in last.values())
    assert 300 < lapsed < 400


def test_baskets_are_left_refunds_come_back_and_what_is_used_up_is_bought_again(
    world: World, events: list[dict[str, Any]]
) -> None:
    names = Counter(event.get("event", "identify") for event in events)
    assert names["identify"] == 1000
    assert names["Product Added"] > names["Order Completed"] > 1000
    assert 0.02 < names["Order Refunded"] / names["Order Completed"] < 0.06
    orders = [event for event in events if event.get("event") == "Order Completed"]
    used_up = {world.items[n].item_id for n in range(len(world.items)) if world.replenish_days[n]}
    bought = Counter(
        (event["userId"], line["product_id"])
        for event in orders
        for line in event["properties"]["products"]
        if line["product_id"] in used_up
    )
    assert sum(count > 1 for count in bought.values()) > 100
    paid = {event["properties"].get("cart_id") for event in orders}
    recent = [e for e in events if e.get("event") == "Product Added" and moment(e) > DEFAULT_AS_OF - timedelta(days=3)]
    assert len({e["userId"] for e in recent if e["properties"]["cart_id"] not in paid}) > 20


def test_the_last_consent_is_the_person_s_and_everybody_is_introduced(
    world: World, events: list[dict[str, Any]]
) -> None:
    said: dict[str, dict[str, bool]] = {}
    traits: dict[str, dict[str, Any]] = {}
    for event in events:
        if event.get("event") == "Consent Updated":
            said.setdefault(event["userId"], {}).update(event["properties"]["consents"])
        if event["type"] == "identify":
            traits[event["userId"]] = event["traits"]
    for person in world.people:
        assert said[person.person_id] == person.consents
        assert traits[person.person_id]["email"] == person.email


def test_some_look_around_before_they_are_known(events: list[dict[str, Any]]) -> None:
    unknown = [event for event in events if "userId" not in event]
    joined = {event["anonymousId"] for event in events if event["type"] == "identify" and "anonymousId" in event}
    assert len(unknown) > 50
    assert {event["anonymousId"] for event in unknown} <= joined
