"""Screening: the plan, crawlers and tests, one event at a time."""

import json
from datetime import UTC, datetime
from typing import Any

from tailorbird.pipeline.screening import Screening
from tailorbird.stages.events.plan_checks import PlanChecks
from tailorbird.stages.events.segment_wire import read_batch, read_event
from tailorbird.types.machine import CRAWLER
from tailorbird.types.tracking_plan import EventRule, FieldRule, TrackingPlan

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
PLAN = PlanChecks(TrackingPlan({"Seen": EventRule(properties={"n": FieldRule("integer")})}))
BOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


def track(n: Any, **more: Any) -> dict[str, Any]:
    return {"type": "track", "event": "Seen", "userId": "u", "properties": {"n": n}, "messageId": f"m{n}", **more}


def test_what_violates_the_plan_is_refused_and_what_is_beside_it_is_taken() -> None:
    body = json.dumps({"batch": [track(1), track("two"), track(3)]}).encode()
    reading = read_batch(body, NOON, judge=Screening(PLAN).judge)
    assert reading.events.message_ids == ("m1", "m3")
    (refused,) = reading.refused
    assert (refused.index, json.loads(refused.raw)) == (1, track("two"))
    assert refused.reason == "Seen: properties.n is the text 'two', but must be a whole number"


def test_crawlers_and_tests_are_marked_and_taken() -> None:
    body = json.dumps(track(1, context={"userAgent": BOT})).encode()
    (line,) = read_event("track", body, NOON, judge=Screening().judge_test).events.lines.splitlines()
    assert json.loads(line)["context"] == {"userAgent": BOT, "machine": CRAWLER, "test": True}


def test_a_person_s_event_is_left_as_it_is() -> None:
    body = json.dumps(track(1, context={"userAgent": "Mozilla/5.0 Firefox/140.0"})).encode()
    plain = read_event("track", body, NOON)
    assert read_event("track", body, NOON, judge=Screening(PLAN).judge) == plain
