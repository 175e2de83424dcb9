"""Global Privacy Control over HTTP: the header is a no of everybody whom the request names, on disk with its events."""

import base64
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tailorbird.pipeline.consent_signals import ConsentSignals
from tailorbird.types.settings import SignalSettings

pytestmark = pytest.mark.slow

GPC = {"Sec-GPC": "1"}
TRACK = {"type": "track", "userId": "u1", "event": "Product Viewed", "messageId": "x1"}
TARGET = "https://shop.example/p/1"


def hearing() -> ConsentSignals:
    return ConsentSignals(SignalSettings(gpc=("sale_sharing", "personalization")))


def opted_out(shop: Any) -> list[tuple[str | None, str | None]]:
    """(user id, anonymous id) of every opt-out by the header."""
    words = [event for event in shop.events() if event["message_id"].startswith("gpc:")]
    for word in words:
        assert (word["type"], word["event"]) == ("track", "Consent Updated")
        assert word["properties"]["consents"] == {"sale_sharing": False, "personalization": False}
        assert (word["properties"]["method"], word["timestamp"]) == ("gpc", word["received_at"])
    return sorted(((word["user_id"], word["anonymous_id"]) for word in words), key=str)


def test_the_header_is_a_no_of_the_person_and_of_the_browser_once_a_day(start: Callable[..., Any]) -> None:
    shop = start(signals=hearing())
    for number in range(3):
        event = {**TRACK, "messageId": f"x{number}", "anonymousId": "b1"}
        assert shop.call("POST", "/v1/track", event, GPC).json() == {"success": True}
    assert opted_out(shop) == [("u1", None), (None, "b1")]
    assert len(shop.events()) == 5 and shop.quarantine() == []


def test_a_batch_speaks_for_each_of_its_people_and_the_pixel_as_well(start: Callable[..., Any]) -> None:
    shop = start(signals=hearing())
    batch = [{**TRACK, "messageId": f"x{n}", "userId": f"u{n}"} for n in range(3)]
    assert shop.call("POST", "/v1/batch", {"batch": batch}, GPC).status == 200
    data = base64.b64encode(json.dumps({**TRACK, "userId": "u9", "messageId": "x9"}).encode()).decode()
    assert shop.call("GET", f"/v1/pixel/track?data={data}", None, GPC).status == 200
    assert opted_out(shop) == [("u0", None), ("u1", None), ("u2", None), ("u9", None)]


@pytest.mark.parametrize("value", ["0", "true", "1, 1", "2", ""])
def test_any_other_value_says_nothing(start: Callable[..., Any], value: str) -> None:
    shop = start(signals=hearing())
    shop.call("POST", "/v1/track", TRACK, {"Sec-GPC": value})
    shop.call("GET", f"/c/{shop.token('c', 'm_1', 'hero', TARGET)}", None, {"Sec-GPC": value})
    shop.call("GET", f"/u/{shop.token('u')}", None, {"Sec-GPC": value})
    assert opted_out(shop) == [] and len(shop.events()) == 2


def test_without_a_purpose_for_it_nothing_happens_and_no_support_is_claimed(start: Callable[..., Any]) -> None:
    shop = start(signals=ConsentSignals(SignalSettings(gpc=())))
    shop.call("POST", "/v1/track", TRACK, GPC)
    page = shop.call("GET", f"/u/{shop.token('u')}", None, GPC)
    assert len(shop.events()) == 1 and b"Global Privacy Control" not in page.body
    assert shop.call("GET", "/.well-known/gpc.json").status == 404


def test_an_event_that_is_refused_still_names_whose_browser_it_was(start: Callable[..., Any]) -> None:
    shop = start(signals=hearing())
    wrong = [{**TRACK, "event": None, "anonymousId": "b1"}, {**TRACK, "userId": "anon:b2"}, {**TRACK, "userId": 1.5}]
    answer = shop.call("POST", "/v1/batch", {"batch": [*wrong, {**TRACK, "userId": "u2"}]}, GPC).json()
    assert [one["index"] for one in answer["quarantined"]] == [0, 1, 2]
    assert opted_out(shop) == [("u1", None), ("u2", None), (None, "b1")]
    assert shop.call("POST", "/v1/track", {**TRACK, "event": "", "userId": "u3"}, GPC).status == 200
    assert ("u3", None) in opted_out(shop)


def test_what_a_tester_s_browser_says_is_a_test(start: Callable[..., Any]) -> None:
    shop = start(signals=hearing(), write_key="key", tester_key="qa")
    by_tester = {**GPC, "Authorization": "Basic " + base64.b64encode(b"qa:").decode()}
    assert shop.call("POST", "/v1/track", TRACK, by_tester).status == 200
    assert {event["context"].get("test") for event in shop.events()} == {True}
    assert shop.call("POST", "/v1/track", {**TRACK, "writeKey": "key", "messageId": "x2"}, GPC).status == 200
    assert opted_out(shop) == [("u1", None), ("u1", None)] and shop.quarantine() == []


def test_without_the_write_key_the_header_says_nothing_of_anybody(start: Callable[..., Any]) -> None:
    shop = start(signals=hearing(), write_key="key")
    assert shop.call("POST", "/v1/track", TRACK, GPC).status == 401
    assert shop.events() == []


def test_nobody_can_send_in_an_event_under_an_id_of_the_header(start: Callable[..., Any]) -> None:
    shop = start(signals=hearing())
    shop.call("POST", "/v1/track", TRACK, GPC)
    (taken,) = [event["message_id"] for event in shop.events() if event["message_id"].startswith("gpc:")]
    (refused,) = shop.call("POST", "/v1/track", {**TRACK, "messageId": taken}).json()["quarantined"]
    assert "begins with 'gpc:', which is Tailorbird's own" in refused["reason"]


@pytest.mark.parametrize("kind", ["c", "o", "u"])
def test_the_browser_that_follows_a_link_of_a_message_is_heard(start: Callable[..., Any], kind: str) -> None:
    shop = start(signals=hearing())
    path = {"c": f"/c/{shop.token('c', 'm_1', 'hero', TARGET)}", "o": f"/o/{shop.token('o')}.gif"}
    for _ in range(2):
        shop.call("GET", path.get(kind, f"/u/{shop.token('u')}"), None, GPC)
    assert opted_out(shop) == [("p1", None)]


def test_a_link_and_an_event_of_one_day_are_one_word(start: Callable[..., Any]) -> None:
    shop = start(signals=hearing())
    shop.call("POST", "/v1/track", {**TRACK, "userId": "p1"}, GPC)
    shop.call("GET", f"/u/{shop.token('u')}", None, GPC)
    assert opted_out(shop) == [("p1", None)] and shop.quarantine() == []


def test_a_program_that_reads_mail_before_its_person_is_not_heard(start: Callable[..., Any]) -> None:
    shop = start(signals=hearing())
    scanner = {**GPC, "User-Agent": "Barracuda"}
    shop.call("GET", f"/c/{shop.token('c', 'm_1', 'hero', TARGET)}", None, scanner)
    shop.call("GET", f"/u/{shop.token('u')}", None, scanner)
    assert opted_out(shop) == []


def test_the_unsubscribe_pages_show_that_the_opt_out_is_honoured_and_vary_by_it(start: Callable[..., Any]) -> None:
    shop = start(signals=hearing())
    form = {"Content-Type": "application/x-www-form-urlencoded", **GPC}
    for page in (
        shop.call("GET", f"/u/{shop.token('u')}", None, GPC),
        shop.call("POST", f"/u/{shop.token('u')}", b"List-Unsubscribe=One-Click", form),
    ):
        assert page.status == 200 and b"Opt-out request honoured (Global Privacy Control)" in page.body
        assert "Sec-GPC" in page.headers["vary"]
    page = shop.call("GET", f"/u/{shop.token('u')}")
    assert b"Global Privacy Control" not in page.body and "Sec-GPC" in page.headers["vary"]


def test_a_get_with_the_header_unsubscribes_nobody(start: Callable[..., Any]) -> None:
    shop = start(signals=hearing())
    shop.call("GET", f"/u/{shop.token('u')}", None, GPC)
    assert not shop.suppressions.among(["p1"], "email")
    assert {event["message_id"][:4] for event in shop.events()} == {"gpc:"}


def test_whoever_asks_hears_since_when_the_header_is_honoured(start: Callable[..., Any]) -> None:
    shop = start(signals=ConsentSignals(SignalSettings(), date(2026, 5, 1)))
    answer = shop.call("GET", "/.well-known/gpc.json")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json() == {"gpc": True, "lastUpdate": "2026-05-01"}
    assert "/.well-known/gpc.json" in shop.call("GET", "/openapi.json").json()["paths"]
