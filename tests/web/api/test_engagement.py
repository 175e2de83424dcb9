from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tailorbird.stages.audiences.eligibility import MAILBOX, mailbox_hash
from tailorbird.testing.state import MemorySuppressions
from tailorbird.testing.state_conformance import example_message
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.machine import ASKED_ONLY, PREFETCH, PROXY, TRAP

pytestmark = pytest.mark.slow

TARGET = "https://shop.example/p/1?a=b&c=d"
ONE_CLICK = b"List-Unsubscribe=One-Click"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_a_click_goes_to_the_signed_address_and_is_recorded(shop: Any) -> None:
    answer = shop.call("GET", f"/c/{shop.token('c', 'm_1', 'hero', TARGET)}")
    assert (answer.status, answer.headers["location"]) == (302, TARGET)
    assert "no-store" in answer.headers["cache-control"]
    (event,) = shop.events()
    assert (event["event"], event["user_id"]) == ("Email Link Clicked", "p1")
    assert event["properties"] == {
        "message_id": "m_1", "decision_id": "d_1", "campaign": "winback", "step": "1", "person_id": "p1",
        "link": "hero", "url": TARGET,
    }  # fmt: skip


def test_a_head_request_is_answered_and_recorded_as_a_scanner_s(shop: Any) -> None:
    assert shop.call("HEAD", f"/c/{shop.token('c', 'm_1', 'hero', TARGET)}").status == 302
    assert shop.call("HEAD", f"/o/{shop.token('o')}.gif").status == 200
    assert [event["context"] for event in shop.events()] == [{"machine": ASKED_ONLY}] * 2


def test_what_is_fetched_ahead_or_by_a_proxy_goes_its_way_and_is_marked(shop: Any) -> None:
    click, pixel = f"/c/{shop.token('c', 'm_1', 'hero', TARGET)}", f"/o/{shop.token('o')}.gif"
    assert shop.call("GET", click, None, {"Sec-Purpose": "prefetch"}).status == 302
    assert shop.call("GET", pixel, None, {"User-Agent": "Mozilla/5.0"}).status == 200
    assert shop.call("GET", click, None, {"User-Agent": "Mozilla/5.0"}).status == 302
    marks = [event["context"].get("machine") for event in shop.events()]
    assert sorted(marks, key=str) == sorted([None, PREFETCH, PROXY], key=str)


def test_a_click_on_the_trap_is_marked_as_a_machine(shop: Any) -> None:
    shop.call("GET", f"/c/{shop.token('c', 'm_1', 'trap', TARGET)}")
    assert shop.events()[0]["context"] == {"machine": TRAP}


def test_an_open_is_recorded_by_a_valid_token_only(shop: Any) -> None:
    answer = shop.call("GET", f"/o/{shop.token('o')}.gif")
    assert (answer.status, answer.headers["content-type"], answer.body[:6]) == (200, "image/gif", b"GIF89a")
    assert [event["event"] for event in shop.events()] == ["Email Opened"]


def test_nothing_is_recorded_of_opens_after_an_unsubscription(shop: Any) -> None:
    shop.suppressions.add("p1", "email", "unsubscribed", "now")
    assert shop.call("GET", f"/o/{shop.token('o')}.gif").status == 200
    assert shop.events() == []


def test_an_open_counts_until_the_person_says_no_to_it_or_what_was_said_cannot_be_read(start: Any) -> None:
    said: dict[str, bool] = {}

    def read(person: str) -> dict[str, bool]:
        if person == "p0":
            raise TailorbirdError("the log cannot be read")
        return said if person == "p1" else {"open_tracking": True}

    shop = start(read_words=read)
    paths = [f"/o/{shop.token('o', f'm_{n}')}.gif" for n in range(3)]
    assert shop.call("GET", paths[1]).status == 200
    said["open_tracking"] = False
    assert [shop.call("GET", path).status for path in paths] == [200] * 3
    assert sorted(event["user_id"] for event in shop.events()) == ["p1", "p2"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_forged_token_is_refused_and_changes_nothing(shop: Any, method: str) -> None:
    forged = shop.token("u")[:-2] + "AA"
    paths = [f"/u/{forged}", f"/u/{shop.token('o')}", "/u/x", "/u/%00%ff"]
    if method == "GET":
        paths += [f"/c/{forged}", f"/c/{shop.token('u')}", f"/c/{shop.token('c', 'm_1')}", f"/o/{forged}.gif"]
    for path in paths:
        answer = shop.call(method, path, ONE_CLICK if method == "POST" else None, FORM)
        assert answer.status == 400, path
        told_a_person = method == "GET" and path[:3] in ("/u/", "/c/")
        kind = "text/html; charset=utf-8" if told_a_person else "application/problem+json"
        assert answer.headers["content-type"] == kind
        assert not told_a_person or b"answer the message and say so" in answer.body
    assert shop.events() == []
    assert shop.suppressions.all("email") == frozenset()


def test_a_get_never_unsubscribes(shop: Any) -> None:
    for _ in range(3):
        answer = shop.call("GET", f"/u/{shop.token('u')}?List-Unsubscribe=One-Click")
        assert answer.status == 200
    assert b'<form method="post">' in answer.body
    shop.call("HEAD", f"/u/{shop.token('u')}")
    assert shop.suppressions.all("email") == frozenset()
    assert shop.events() == []


MULTIPART = b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'


@pytest.mark.parametrize(
    ("body", "headers"), [(ONE_CLICK, FORM), (MULTIPART, {"Content-Type": "multipart/form-data; boundary=b"})]
)
def test_a_one_click_post_suppresses_at_once_and_again_changes_nothing(
    shop: Any, body: bytes, headers: dict[str, str]
) -> None:
    for _ in range(3):
        answer = shop.call("POST", f"/u/{shop.token('u')}", body, headers)
        assert answer.status == 200
        assert "set-cookie" not in answer.headers
    assert shop.suppressions.all("email") == {"p1"}
    assert shop.suppressions.all(MAILBOX) == {mailbox_hash("P1@example.com")}
    events = {event["event"]: event for event in shop.events()}
    assert sorted(events) == ["Consent Updated", "Unsubscribed"]
    assert len(shop.events()) == 2
    assert events["Consent Updated"]["properties"]["consents"] == {"letters": False}, (
        "the purpose of the message, and no other"
    )
    assert events["Unsubscribed"]["properties"]["campaign"] == "winback"


def test_an_unsubscription_withdraws_what_waits_for_the_person_on_that_channel_and_nothing_else(shop: Any) -> None:
    one = example_message("p1")
    shop.outbox.queue([one, replace(one, message_id="m_sms", channel="sms", idempotency_key="key-sms")])
    for _ in range(2):
        assert shop.call("POST", f"/u/{shop.token('u')}", ONE_CLICK, FORM).status == 200
    states = {name: shop.outbox.find(name).state for name in ("m_0", "m_1", "m_p1", "m_sms")}
    assert states == {"m_0": "queued", "m_1": "withdrawn", "m_p1": "withdrawn", "m_sms": "queued"}
    assert shop.outbox.find("m_p1").address == ""
    (left,) = shop.outbox.claim("win_back", "1", 10)
    assert left.message.message_id == "m_sms"
    assert shop.suppressions.all(MAILBOX) == {mailbox_hash("p1@example.com")}, (
        "known still, and no mailbox without name"
    )


class BusySuppressions(MemorySuppressions):
    """A list whose database a run keeps locked."""

    busy = True

    def add(self, person_id: str, channel: str, reason: str, at: str) -> bool:
        if self.busy:
            raise TailorbirdError("state: sqlite:///secret.db does not answer: database is locked")
        return super().add(person_id, channel, reason, at)


def test_an_unsubscription_is_not_lost_while_the_database_is_busy(start: Callable[..., Any]) -> None:
    shop = start(suppressions=BusySuppressions())
    path = f"/u/{shop.token('u')}"
    answer = shop.call("POST", path, ONE_CLICK, FORM)
    assert answer.status == 503 and int(answer.headers["retry-after"]) > 0
    assert b"secret" not in answer.body
    assert sorted(event["event"] for event in shop.events()) == ["Consent Updated", "Unsubscribed"]
    shop.suppressions.busy = False
    assert shop.call("POST", path, ONE_CLICK, FORM).status == 200
    assert shop.suppressions.all("email") == {"p1"}
    assert len(shop.events()) == 2


def test_a_post_that_does_not_ask_for_it_is_refused(shop: Any) -> None:
    for body in (b"", b"List-Unsubscribe=no", b"\xff\xfe", b"a" * 20_000):
        assert shop.call("POST", f"/u/{shop.token('u')}", body, FORM).status == 400
    broken = {"Content-Type": "multipart/form-data; boundary=\xe4"}
    assert shop.call("POST", f"/u/{shop.token('u')}", b"--", broken).status == 400
    assert shop.suppressions.all("email") == frozenset()


def test_a_message_that_nobody_knows_is_answered_without_an_event(shop: Any) -> None:
    assert shop.call("GET", f"/c/{shop.token('c', 'm_9', 'hero', TARGET)}").status == 302
    assert shop.call("GET", f"/o/{shop.token('o', 'm_9')}.gif").status == 200
    assert shop.call("POST", f"/u/{shop.token('u', 'm_9')}", ONE_CLICK, FORM).status == 404
    assert shop.events() == []


def test_the_simulated_time_counts_only_in_a_simulation(start: Callable[..., Any]) -> None:
    shop = start(simulated_time=True)
    claimed = {"X-Simulated-Time": "2026-06-03T10:00:00+02:00"}
    click = f"/c/{shop.token('c', 'm_1', 'hero', TARGET)}"
    for _ in range(2):
        assert shop.call("GET", click, headers=claimed).status == 302
    assert shop.call("GET", click, headers={"X-Simulated-Time": "soon"}).status == 400
    (event,) = shop.events()
    assert event["timestamp"].isoformat() == "2026-06-03T08:00:00"
    assert event["received_at"].isoformat() == "2026-06-01T12:00:00"
    assert event["properties"]["simulated"] is True


def test_a_real_server_ignores_the_simulated_time(shop: Any) -> None:
    headers = {"X-Simulated-Time": "2020-01-01T00:00:00Z"}
    shop.call("GET", f"/c/{shop.token('c', 'm_1', 'hero', TARGET)}", headers=headers)
    (event,) = shop.events()
    assert event["timestamp"].year == 2026
    assert "simulated" not in event["properties"]
