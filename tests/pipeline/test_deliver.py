"""Delivery: once each, and not to those who said no meanwhile."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.cli.terminal import Quiet
from tailorbird.pipeline.deliver import CHUNK, REFUSALS_MAX, deliver
from tailorbird.ports.sender import SenderError
from tailorbird.testing.event_log_conformance import read_segments
from tailorbird.testing.sender import FailingSender
from tailorbird.testing.state import FixedClock, MemoryOutbox, MemorySuppressions
from tailorbird.testing.state_conformance import example_message
from tailorbird.types.message import Message
from tailorbird.types.receipt import Receipt

CLOCK = FixedClock(datetime(2026, 6, 1, 9, tzinfo=UTC))


def nobody(people: Sequence[str]) -> frozenset[str]:
    return frozenset()


def nothing_stale(messages: Sequence[Message]) -> dict[str, Message | str]:
    return {}


class Desk:
    """An outbox of `count` messages and everything that delivery needs."""

    def __init__(self, campaign: Any, folder: Path, count: int) -> None:
        self.campaign = campaign
        self.outbox = MemoryOutbox([example_message(f"p{n}", raw=b"raw") for n in range(count)])
        self.suppressions, self.log = MemorySuppressions(), SegmentLog(folder)
        self.freshen: Any = nothing_stale

    def deliver(self, sender: FailingSender, withdrawn: Any = nobody) -> dict[str, Any]:
        return deliver(
            self.campaign, self.outbox, self.suppressions, withdrawn, self.freshen, sender, self.log, CLOCK, Quiet()
        )  # fmt: skip

    @property
    def told(self) -> list[str]:
        """The people of the 'Email Sent' events."""
        return sorted(str(event["user_id"]) for event in self.events)

    @property
    def events(self) -> list[dict[str, Any]]:
        return read_segments(self.log.seal())


@pytest.fixture
def desk(opened: Any, tmp_path: Path) -> Desk:
    return Desk(opened.campaign, tmp_path / "events", 5)


def test_every_message_goes_out_once_and_is_told_as_an_event(desk: Desk) -> None:
    sender = FailingSender(99)
    assert desk.deliver(sender)["sent"] == 5
    assert desk.deliver(sender)["sent"] == 5
    assert len(sender.taken) == 5
    assert desk.told == [f"p{n}" for n in range(5)]
    event = desk.events[0]
    assert event["event"] == "Email Sent"
    told = json.loads(event["properties"])
    assert {"message_id", "decision_id", "campaign", "step", "person_id"} <= set(told)
    assert told["lines"] == {"subject": "c_1"}


@pytest.mark.parametrize("repeatable", [True, False])
def test_a_full_disk_stops_the_run_and_the_rest_goes_out_later(desk: Desk, repeatable: bool) -> None:
    sender = FailingSender(2, repeatable=repeatable, remembers=repeatable)
    for _again in range(2):
        with pytest.raises(SenderError, match="no space left"):
            desk.deliver(sender)
        assert dict(desk.outbox.counts("win_back", "1")) == {"sent": 2, "queued": 3}
        assert desk.told == sorted(m.person_id for m in sender.taken)
    sender.room = 99
    assert desk.deliver(sender)["sent"] == 5
    assert sorted(m.person_id for m in sender.taken) == desk.told == [f"p{n}" for n in range(5)]


def test_people_who_were_suppressed_or_said_no_meanwhile_get_nothing(desk: Desk) -> None:
    desk.suppressions.add("p1", "email", "unsubscribed", "2026-06-01")
    sender = FailingSender(99)
    counts = desk.deliver(sender, lambda people: frozenset({"p3"}) & frozenset(people))
    assert (counts["sent"], counts["suppressed"]) == (3, 2)
    assert sorted(m.person_id for m in sender.taken) == ["p0", "p2", "p4"] == desk.told


def test_consent_is_asked_again_before_each_chunk(opened: Any, tmp_path: Path) -> None:
    desk = Desk(opened.campaign, tmp_path, CHUNK + 5)

    def first_message_unsubscribes_the_last(message: Message) -> None:
        desk.suppressions.add(f"p{CHUNK + 4}", "email", "unsubscribed", "2026-06-01")

    sender = FailingSender(999, before=first_message_unsubscribes_the_last)
    assert desk.deliver(sender)["suppressed"] == 1
    assert f"p{CHUNK + 4}" not in {m.person_id for m in sender.taken}


def test_what_a_crash_left_in_sending_is_looked_up_and_not_sent_again(desk: Desk) -> None:
    sender = FailingSender(99)
    claimed = desk.outbox.claim("win_back", "1", 2)
    sender.send(claimed[0].message)  # it went out, and then the process died
    assert desk.deliver(sender)["sent"] == 5
    assert len(sender.taken) == 5
    assert len(desk.told) == 5


def test_where_the_channel_cannot_tell_a_message_in_doubt_is_never_sent_again(desk: Desk) -> None:
    sender = FailingSender(99, repeatable=False, remembers=False)
    desk.outbox.claim("win_back", "1", 1)
    counts = desk.deliver(sender)
    assert (counts["sent"], counts["unknown"]) == (4, 1)
    assert len(sender.taken) == 4


def test_a_channel_that_cannot_tell_has_one_message_in_doubt_at_a_time(desk: Desk) -> None:
    def in_sending(message: Message) -> None:
        assert desk.outbox.counts("win_back", "1")["sending"] == 1

    assert desk.deliver(FailingSender(99, repeatable=False, before=in_sending))["sent"] == 5


def test_other_steps_are_left_alone(desk: Desk) -> None:
    desk.campaign = replace(desk.campaign, step="2")
    assert desk.deliver(FailingSender(99))["sent"] == 0
    assert dict(desk.outbox.counts("win_back")) == {"queued": 5}


class ModestRelay(FailingSender):
    """Refuses some people for the moment, as a relay does with 451."""

    def __init__(self, refused: set[str]) -> None:
        super().__init__(10_000, repeatable=False, remembers=False)
        self.refused = refused

    def send(self, message: Message) -> Receipt:
        if message.person_id in self.refused:
            return Receipt(message.idempotency_key, "queued", CLOCK.now(), detail="temporary: 451 try later")
        return super().send(message)


def test_a_message_refused_for_the_moment_waits_and_goes_out_later(desk: Desk) -> None:
    relay = ModestRelay({"p1"})
    detail = desk.deliver(relay)
    assert (detail["sent"], detail["waiting"], detail["failed"]) == (4, 1, 0)
    relay.refused = set()
    assert desk.deliver(relay)["sent"] == 5
    assert len(relay.taken) == 5


def test_a_relay_that_refuses_everybody_stops_the_run_and_loses_nothing(opened: Any, tmp_path: Path) -> None:
    many = Desk(opened.campaign, tmp_path / "events", REFUSALS_MAX * 2)
    with pytest.raises(SenderError, match="451 try later"):
        many.deliver(ModestRelay({f"p{n}" for n in range(REFUSALS_MAX * 2)}))
    assert dict(many.outbox.counts("win_back", "1")) == {"queued": REFUSALS_MAX * 2}
    assert many.deliver(ModestRelay(set()))["sent"] == REFUSALS_MAX * 2


def test_what_was_built_again_is_what_goes_out_and_what_became_untrue_does_not(desk: Desk) -> None:
    def freshen(messages: Sequence[Message]) -> dict[str, Message | str]:
        changed: dict[str, Message | str] = {}
        for message in messages:
            if message.person_id == "p1":
                changed[message.idempotency_key] = replace(message, raw=b"new price")
            if message.person_id == "p2":
                changed[message.idempotency_key] = "sold out"
        return changed

    desk.freshen = freshen
    sender = FailingSender(99)
    detail = desk.deliver(sender)
    assert (detail["sent"], detail["suppressed"]) == (4, 1)
    assert {m.person_id: m.raw for m in sender.taken} == {"p0": b"raw", "p1": b"new price", "p3": b"raw", "p4": b"raw"}
