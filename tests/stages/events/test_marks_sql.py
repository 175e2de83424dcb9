"""What counts, and what is marked as a machine's or a test's."""

import itertools
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.stages.events.marks_sql import counted_query, marked_query
from tailorbird.types.event import EVENT_COLUMNS
from tailorbird.types.machine import ASKED_ONLY, BURST, DELIVERY, PREFETCH, SAID, TRAP

SENT_AT = datetime(2026, 6, 1, 9, tzinfo=UTC).replace(tzinfo=None)
CLICK, OPEN = "Email Link Clicked", "Email Opened"


def row(event: str, after: float = 0, /, message: str = "m1", context: Any = None, **more: Any) -> dict[str, Any]:
    """An event `after` seconds after the message left; `link` and other properties in `more`."""
    at = SENT_AT + timedelta(seconds=after)
    given_: dict[str, Any] = {name: more.pop(name, None) for name in ("user_id", "anonymous_id", "traits", "type")}
    return {
        "type": given_["type"] or "track",
        "event": event or None,
        "user_id": given_["user_id"],
        "anonymous_id": given_["anonymous_id"],
        "timestamp": at,
        "received_at": at,
        "properties": json.dumps({"message_id": message, **more}),
        "traits": json.dumps(given_["traits"] or {}),
        "context": json.dumps(context or {}),
    }


def marks(*rows: dict[str, Any], people: Sequence[str] = (), addresses: Sequence[str] = ()) -> list[tuple[Any, bool]]:
    """(machine, test) of each row, in their order."""
    warehouse = views(*rows, people=people, addresses=addresses)
    found = {n: (machine, test) for n, machine, test in warehouse.rows("SELECT message_id, machine, test FROM marked")}
    assert len(found) == len(rows)
    kept = {each[0] for each in warehouse.rows(f"SELECT message_id FROM ({counted_query('marked')})")}
    assert kept == {n for n, (machine, test) in found.items() if machine is None and not test}
    return [found[f"e{n:04}"] for n in range(len(rows))]


def views(*rows: dict[str, Any], people: Sequence[str], addresses: Sequence[str]) -> DuckdbWarehouse:
    warehouse = DuckdbWarehouse(threads=1)
    columns: dict[str, list[Any]] = {name: [each.get(name) for each in rows] for name, _ in EVENT_COLUMNS}
    columns["message_id"] = [f"e{n:04}" for n in range(len(rows))]
    columns["person_id"] = [each["user_id"] or f"anon:{each['anonymous_id']}" for each in rows]
    warehouse.load("loaded", columns)
    names = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in EVENT_COLUMNS)
    warehouse.run(f"CREATE TABLE told AS SELECT {names}, person_id FROM loaded")
    warehouse.run(f"CREATE VIEW marked AS {marked_query('told', people, addresses)}")
    return warehouse


def machines(*rows: dict[str, Any]) -> list[Any]:
    return [machine for machine, _ in marks(*rows)]


def test_what_people_do_counts() -> None:
    rows = [
        row("Email Sent"),
        row(OPEN, 600),
        row(CLICK, 630, link="hero"),
        row(CLICK, 633, link="item-1"),
        row("Order Completed", 900),
    ]
    assert marks(*rows) == [(None, False)] * 5


def test_whoever_follows_the_link_that_nobody_sees_is_a_machine_and_so_are_the_clicks_around_it() -> None:
    rows = [
        row("Email Sent"),
        row(OPEN, 598),
        row(CLICK, 600, link="hero"),
        row(CLICK, 640, link="trap"),
        row(CLICK, 690, link="item-1"),
        row(CLICK, 740, link="item-2"),
        row(CLICK, 740, message="m2", link="item-2"),
        row(CLICK, 7200, link="hero"),
        row(OPEN, 7190),
    ]
    assert machines(*rows) == [None, TRAP, TRAP, TRAP, TRAP, TRAP, None, None, None]


@pytest.mark.slow
def test_a_click_that_looked_like_a_person_s_is_taken_back_when_the_trap_is_followed_later() -> None:
    before = [row("Email Sent"), row(CLICK, 600, link="hero")]
    assert machines(*before) == [None, None]
    assert machines(*before, row(CLICK, 655, link="trap")) == [None, TRAP, TRAP]


@pytest.mark.slow
def test_two_links_in_one_second_are_a_burst_and_two_clicks_on_one_link_are_not() -> None:
    burst = [row(CLICK, 600, link="hero"), row(CLICK, 600.4, link="item-1"), row(CLICK, 640, link="item-2")]
    assert machines(row("Email Sent"), *burst) == [None, BURST, BURST, BURST]
    twice = [row(CLICK, 600, link="hero"), row(CLICK, 600.4, link="hero"), row(CLICK, 603, link="item-1")]
    assert machines(row("Email Sent"), *twice) == [None, None, None, None]


def test_what_comes_with_the_delivery_is_a_scanner_s() -> None:
    rows = [row("Email Sent"), row(OPEN, 1), row(CLICK, 4, link="hero"), row(OPEN, 6), row(CLICK, -1, link="hero")]
    assert machines(*rows) == [None, DELIVERY, DELIVERY, None, DELIVERY]


def test_a_proxy_s_open_is_its_own_matter() -> None:
    proxy = row(OPEN, 600, context={"machine": "image proxy"})
    assert machines(row("Email Sent"), proxy, row(CLICK, 601, link="hero"), row(OPEN, 602)) == [
        None,
        "image proxy",
        None,
        None,
    ]


@pytest.mark.slow
def test_a_scanner_s_request_marks_what_the_same_hand_does_and_a_prefetch_only_itself() -> None:
    ahead = [row(CLICK, 600, link="hero", context={"machine": PREFETCH}), row(CLICK, 602, link="hero")]
    assert machines(row("Email Sent"), *ahead) == [None, PREFETCH, None]
    asked = [row(CLICK, 600, link="hero", context={"machine": ASKED_ONLY}), row(CLICK, 602, link="hero")]
    assert machines(row("Email Sent"), *asked) == [None, ASKED_ONLY, ASKED_ONLY]


@pytest.mark.slow
@pytest.mark.parametrize("said", ["false", "", None, False])
def test_a_mark_that_says_no_is_none(said: Any) -> None:
    assert machines(row("Product Viewed", context={"machine": said}, user_id="a")) == [None]


def test_a_site_s_own_mark_holds_but_not_for_consent_or_a_shop_that_sells_machines() -> None:
    assert machines(
        row("Product Viewed", context={"machine": True}),
        row("Product Viewed", context={"machine": "bot: Googlebot"}),
        row("Product Viewed", 0, machine=True),
        row("Consent Updated", context={"machine": True}),
        row("Unsubscribed", context={"machine": True}),
        row("", context={"machine": True}, type="identify", traits={"email": "a@b.example"}),
    ) == [SAID, "bot: Googlebot", None, None, None, None]


def test_test_traffic_is_known_by_its_flag_its_id_and_its_address() -> None:
    rows = [
        row("Product Viewed", user_id="a", context={"test": True}),
        row("Product Viewed", user_id="a", context={"test": False}),
        row("Product Viewed", user_id="qa'1"),
        row("Product Viewed", anonymous_id="device"),
        row("", type="identify", user_id="c", traits={"email": " Tester@Shop.example "}),
        row("Order Completed", user_id="c"),
        row("Order Completed", user_id="d", note="test"),
    ]
    found = marks(*rows, people=["qa'1", "device"], addresses=["tester@shop.EXAMPLE"])
    assert [test for _, test in found] == [True, False, True, True, True, True, False]


TOUCH = st.tuples(st.sampled_from([CLICK, OPEN]), st.integers(0, 400), st.sampled_from(["hero", "item", "trap"]))


def oracle(touches: list[tuple[str, int, str]]) -> list[bool]:
    """Whether each touch is a machine's, step by step as the guide tells it."""
    clicks = sorted((at, n) for n, (what, at, _) in enumerate(touches) if what == CLICK)
    hands: list[list[tuple[int, int]]] = []
    for at, n in clicks:
        if hands and at - hands[-1][-1][0] <= 60:
            hands[-1].append((at, n))
        else:
            hands.append([(at, n)])
    spans = []
    for hand in hands:
        links = [(at, touches[n][2]) for at, n in hand]
        hurried = any(b - a <= 1 and one != other for (a, one), (b, other) in itertools.pairwise(links))
        if hurried or any(link == "trap" for _, link in links):
            spans.append((hand[0][0] - 60, hand[-1][0] + 60))
    return [
        at <= 5 or (what == CLICK and link == "trap") or any(a <= at <= b for a, b in spans)
        for what, at, link in touches
    ]


@pytest.mark.slow
@given(st.lists(TOUCH, max_size=8))
@settings(max_examples=60)
def test_the_marks_are_what_the_rule_says_of_any_touches(touches: list[tuple[str, int, str]]) -> None:
    rows = [row(what, at, link=link) if what == CLICK else row(what, at) for what, at, link in touches]
    assert [machine is not None for machine in machines(*rows, row("Email Sent"))[:-1]] == oracle(touches)
