import base64
import gzip
import json
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tailorbird.pipeline.screening import Screening
from tailorbird.ports.event_log import EventLogError
from tailorbird.stages.events.plan_checks import PlanChecks
from tailorbird.types.event import Appended, Event, EventLines
from tailorbird.types.tracking_plan import EventRule, TrackingPlan

pytestmark = pytest.mark.slow

TRACK = {"userId": "u1", "event": "Product Viewed", "messageId": "x1", "properties": {"product_id": "p1"}}


def test_every_kind_of_call_is_recorded(shop: Any) -> None:
    assert shop.call("POST", "/v1/track", TRACK).json() == {"success": True}
    for kind in ("identify", "page", "screen"):
        assert shop.call("POST", f"/v1/{kind}", {"userId": "u1", "messageId": kind}).status == 200
    assert shop.call("POST", "/v1/group", {"userId": "u1", "groupId": "g", "messageId": "g"}).status == 200
    assert shop.call("POST", "/v1/alias", {"userId": "u1", "previousId": "a", "messageId": "a"}).status == 200
    for path in ("/v1/batch", "/v1/import"):
        assert shop.call("POST", path, {"batch": [{**TRACK, "type": "track", "messageId": path}]}).status == 200
    kinds = sorted(event["type"] for event in shop.events())
    assert kinds == ["alias", "group", "identify", "page", "screen", "track", "track", "track"]


def test_a_message_id_that_comes_again_is_counted_once(shop: Any) -> None:
    for _ in range(2):
        assert shop.call("POST", "/v1/track", TRACK).status == 200
    shop.call("POST", "/v1/batch", {"batch": [{**TRACK, "type": "track"}] * 3})
    assert len(shop.events()) == 1


def test_an_event_of_33_kb_is_refused_alone_and_set_aside_in_a_batch(shop: Any) -> None:
    big = {**TRACK, "type": "track", "messageId": "big", "properties": {"note": "x" * 33 * 1024}}
    answer = shop.call("POST", "/v1/track", big)
    assert answer.status == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert "at most 32768" in answer.json()["detail"]
    answer = shop.call("POST", "/v1/batch", {"batch": [{**TRACK, "type": "track"}, big]})
    assert (answer.status, [one["index"] for one in answer.json()["quarantined"]]) == (200, [1])
    assert [event["message_id"] for event in shop.events()] == ["x1"]
    (kept,) = shop.quarantine()
    assert (json.loads(kept.body), kept.place, "at most 32768" in kept.reason) == (big, "/v1/batch", True)


def test_bodies_that_cannot_be_read_are_refused_and_nothing_of_them_is_kept(shop: Any) -> None:
    ten_mb = b'{"userId":"u","event":"A","properties":{"a":"' + b"x" * 10_000_000 + b'"}}'
    for body in (b"", b"{", b"\xff", b"3", b"[" * 100_000, b"x" * 200_000, ten_mb, b"[" + ten_mb + b"]"):
        for path in ("/v1/track", "/v1/batch", "/v1/t", "/v1/b"):
            try:
                status = shop.call("POST", path, body).status
            except (BrokenPipeError, ConnectionResetError):
                assert len(body) > 1_000_000  # The server hangs up on who goes on sending after its answer.
                continue
            assert status == 400, body[:20]
    assert (shop.events(), shop.quarantine()) == ([], [])


def test_a_single_event_that_breaks_a_rule_is_answered_with_it_and_kept(shop: Any) -> None:
    for path in ("/v1/track", "/v1/t"):
        answer = shop.call("POST", path, {"event": "A"})
        told = [{"index": 0, "reason": "one of userId and anonymousId is needed"}]
        assert (answer.status, answer.json()) == (200, {"success": True, "quarantined": told})
    assert {(row.place, json.loads(row.body)["event"]) for row in shop.quarantine()} == {
        ("/v1/track", "A"),
        ("/v1/t", "A"),
    }
    assert shop.events() == []


def test_the_short_names_of_browsers_do_the_same(shop: Any) -> None:
    for kind, more in (
        ("identify", {}),
        ("track", {"event": "A"}),
        ("page", {}),
        ("screen", {}),
        ("group", {"groupId": "g"}),
        ("alias", {"previousId": "p"}),
    ):
        assert shop.call("POST", f"/v1/{kind[0]}", {"userId": "u", "messageId": kind, **more}).status == 200
    assert shop.call("POST", "/v1/b", {"batch": [{**TRACK, "type": "track"}]}).status == 200
    assert shop.call("POST", "/v1/m", {"series": []}).json() == {"success": True}
    assert sorted(event["type"] for event in shop.events()) == [
        "alias",
        "group",
        "identify",
        "page",
        "screen",
        "track",
        "track",
    ]


def test_a_pixel_records_its_event(start: Callable[..., Any]) -> None:
    shop = start(write_key="secret")
    for key, status in (("secret", 200), ("wrong", 401)):
        data = base64.b64encode(json.dumps({**TRACK, "writeKey": key}).encode()).decode()
        answer = shop.call("GET", "/v1/pixel/track?" + urlencode({"data": data}))
        assert answer.status == status
    assert shop.call("GET", "/v1/pixel/track?data=!").status == 400
    assert [event["message_id"] for event in shop.events()] == ["x1"]


def test_only_post_is_understood(shop: Any) -> None:
    for method in ("GET", "PUT", "DELETE", "OPTIONS"):
        answer = shop.call(method, "/v1/track")
        assert (answer.status, answer.headers["allow"]) == (405, "OPTIONS, POST")


def test_a_gzip_body_is_unpacked(shop: Any) -> None:
    packed = gzip.compress(json.dumps(TRACK).encode())
    assert shop.call("POST", "/v1/track", packed, {"Content-Encoding": "gzip"}).status == 200
    assert shop.events()[0]["message_id"] == "x1"


def test_damaged_and_exploding_gzip_is_refused(shop: Any) -> None:
    whole = gzip.compress(json.dumps(TRACK).encode())
    bomb = gzip.compress(b" " * 50_000_000)
    for body in (b"not gzip", whole[:-5], whole + b"more", bomb):
        assert shop.call("POST", "/v1/batch", body, {"Content-Encoding": "gzip"}).status == 400
    assert shop.call("POST", "/v1/track", whole, {"Content-Encoding": "br"}).status == 415
    assert shop.events() == []


def test_a_write_key_is_asked_for_if_one_is_set(start: Callable[..., Any]) -> None:
    shop = start(write_key="secret")
    good = {"Authorization": "Basic " + base64.b64encode(b"secret:").decode()}
    other = "Basic " + base64.b64encode(b"other:").decode()
    assert shop.call("POST", "/v1/track", TRACK, {}).status == 401
    assert shop.call("POST", "/v1/batch", {"batch": [], "writeKey": "other"}).status == 401
    assert shop.call("POST", "/v1/batch", {"batch": [], "writeKey": "secret"}).status == 200
    for wrong in ("Basic !!", "Bearer secret", other):
        assert shop.call("POST", "/v1/track", TRACK, {"Authorization": wrong}).status == 401
    assert shop.call("POST", "/v1/track", TRACK, good).status == 200
    assert len(shop.events()) == 1


class FullDisk:
    """A log on a full disk."""

    def append(self, events: Sequence[Event]) -> int:
        raise EventLogError("The event log cannot be used (No space left on device): free some space.")

    def append_lines(self, blocks: Sequence[EventLines]) -> Appended:
        return Appended(self.append([]), 0)

    def adopt(self, segment: Path) -> None:
        raise AssertionError

    def seal(self) -> Sequence[Path]:
        return []

    def close(self) -> None:
        pass


def test_a_full_disk_is_answered_with_503_and_a_customer_still_gets_where_the_link_leads(
    start: Callable[..., Any],
) -> None:
    shop = start(log=FullDisk())
    answer = shop.call("POST", "/v1/track", TRACK)
    assert (answer.status, "retry-after" in answer.headers) == (503, True)
    assert "free some space" in answer.json()["detail"]
    assert shop.call("GET", f"/c/{shop.token('c', 'm_1', 'hero', 'https://shop.example/')}").status == 302
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert shop.call("POST", f"/u/{shop.token('u')}", b"List-Unsubscribe=One-Click", form).status == 503
    assert shop.suppressions.all("email") == {"p1"}


def test_many_senders_at_once_are_all_recorded(shop: Any) -> None:
    def send(first: int) -> None:
        for n in range(first, first + 20):
            assert shop.call("POST", "/v1/track", {**TRACK, "messageId": f"x{n}"}).status == 200

    threads = [threading.Thread(target=send, args=(first,)) for first in range(0, 160, 20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(shop.events()) == 160


def test_nobody_can_send_in_the_outcome_of_a_message(shop: Any) -> None:
    forged = {**TRACK, "event": "Email Link Clicked"}
    answer = shop.call("POST", "/v1/track", forged)
    assert "Email Link Clicked" in answer.json()["quarantined"][0]["reason"]
    answer = shop.call("POST", "/v1/batch", {"batch": [{**TRACK, "type": "track"}, {**forged, "type": "track"}]})
    assert [error["index"] for error in answer.json()["quarantined"]] == [1]
    assert [event["event"] for event in shop.events()] == ["Product Viewed"]


def test_only_a_simulation_takes_events_from_the_future(start: Callable[..., Any], tmp_path: Path) -> None:
    later = {**TRACK, "timestamp": "2099-01-01T00:00:00Z"}
    real = start()
    real.call("POST", "/v1/track", later)
    (tmp_path / "media").rmdir()
    simulated = start(simulated_time=True)
    simulated.call("POST", "/v1/track", {**later, "messageId": "x2"})
    simulated.call("POST", "/v1/batch", {"batch": [{**later, "type": "track", "messageId": "x3"}]})
    assert [event["timestamp"].year for event in simulated.events()] == [2026, 2099, 2099]


def test_an_event_that_violates_the_plan_waits_and_those_beside_it_are_taken(start: Any) -> None:
    plan = PlanChecks(TrackingPlan({"Product Viewed": EventRule(required=("product_id",))}))
    shop = start(screening=Screening(plan))
    bare = {**TRACK, "type": "track", "messageId": "x2", "properties": {}}
    answer = shop.call("POST", "/v1/batch", {"batch": [{**TRACK, "type": "track"}, bare]})
    reason = "Product Viewed: properties.product_id is missing; it must be there"
    assert answer.status == 200 and answer.json()["quarantined"] == [{"index": 1, "reason": reason}]
    assert shop.call("POST", "/v1/track", {**bare, "messageId": "x3"}).status == 200
    assert [event["message_id"] for event in shop.events()] == ["x1"]
    assert {(row.place, row.reason) for row in shop.quarantine()} == {("/v1/batch", reason), ("/v1/track", reason)}


def test_what_comes_with_the_testers_key_is_a_test_in_the_header_or_in_the_body(start: Any) -> None:
    shop = start(write_key="secret", tester_key="qa")
    key = {"Authorization": "Basic " + base64.b64encode(b"qa:").decode()}
    assert shop.call("POST", "/v1/track", TRACK, key).status == 200
    assert shop.call("POST", "/v1/track", {**TRACK, "messageId": "x2", "writeKey": "qa"}).status == 200
    assert shop.call("POST", "/v1/track", {**TRACK, "messageId": "x3", "writeKey": "secret"}).status == 200
    assert shop.call("POST", "/v1/track", {**TRACK, "messageId": "x4", "writeKey": "other"}).status == 401
    assert {event["message_id"]: event["context"] for event in shop.events()} == {
        "x1": {"test": True}, "x2": {"test": True}, "x3": {}
    }  # fmt: skip
