"""Delivery: once each, and not to those who said no meanwhile."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.cli.terminal import Quiet
from tailorbird.pipeline.deliver import ATTEMPTS_MAX, CHUNK, REFUSALS_MAX, deliver
from tailorbird.ports.event_log import EventLog, EventLogError
from tailorbird.ports.sender import RefusalError, SenderError
from tailorbird.testing.event_log_conformance import read_segments
from tailorbird.testing.sender import FailingSender
from tailorbird.testing.state import FixedClock, MemoryOutbox
from tailorbird.testing.state_conformance import example_message
from tailorbird.types.message import Message
from tailorbird.types.receipt import Receipt

pytestmark = pytest.mark.slow

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


def all_may_go(messages: Sequence[Message]) -> dict[str, Message | str]:
    return {}


def refusing(*people: str) -> Any:
    return lambda messages: {m.idempotency_key: "no" for m in messages if m.person_id in people}


class Desk:
    """An outbox of `count` messages and everything that delivery needs."""

    def __init__(self, campaign: Any, folder: Path, count: int) -> None:
        self.campaign = campaign
        self.outbox = MemoryOutbox([example_message(f"p{n}", raw=b"raw") for n in range(count)])
        self.log: EventLog = SegmentLog(folder)
        self.hours = 0

    def deliver(self, sender: FailingSender, check: Any = all_may_go, halted: Any = lambda times: "") -> dict[str, Any]:
        """Each time is an hour later than the one before."""
        self.hours += 1
        clock = FixedClock(NOW + timedelta(hours=self.hours))
        return deliver(self.campaign, self.outbox, self.outbox, check, sender, self.log, clock, Quiet(), halted=halted)

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


def test_what_the_check_refuses_stays_here_with_the_reason(desk: Desk) -> None:
    sender = FailingSender(99)
    counts = desk.deliver(sender, refusing("p1", "p3"))
    assert (counts["sent"], counts["suppressed"]) == (3, 2)
    assert sorted(m.person_id for m in sender.taken) == ["p0", "p2", "p4"] == desk.told
    record = desk.outbox.find("m_p1")
    assert record is not None and record.detail == "no"


def test_the_check_is_asked_again_before_each_chunk(opened: Any, tmp_path: Path) -> None:
    desk, said = Desk(opened.campaign, tmp_path, CHUNK + 5), list[str]()
    sender = FailingSender(999, before=lambda message: said.append(f"p{CHUNK + 4}"))
    assert desk.deliver(sender, lambda messages: refusing(*said)(messages))["suppressed"] == 1
    assert f"p{CHUNK + 4}" not in {m.person_id for m in sender.taken}


def test_a_no_acts_within_a_chunk_that_takes_long(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tailorbird.pipeline.deliver.CHECK_SECONDS", 0.0)
    said = list[str]()
    sender = FailingSender(999, before=lambda message: said.extend(f"p{n}" for n in range(5)))
    assert desk.deliver(sender, lambda messages: refusing(*said)(messages))["suppressed"] == 4
    assert len(sender.taken) == 1


def test_whatever_fails_before_the_sender_is_asked_leaves_the_messages_queued(desk: Desk) -> None:
    def check(messages: Sequence[Message]) -> dict[str, Message | str]:
        raise OSError("the disk went away")

    for repeatable in (True, False):
        with pytest.raises(OSError, match="went away"):
            desk.deliver(FailingSender(9, repeatable=repeatable, remembers=False), check)
        assert dict(desk.outbox.counts("win_back", "1")) == {"queued": 5}


def test_an_unexpected_error_leaves_only_the_message_that_it_hit_in_doubt(desk: Desk) -> None:
    def explode(message: Message) -> None:
        if message.person_id == "p2":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk.deliver(FailingSender(9, before=explode))
    assert dict(desk.outbox.counts("win_back", "1")) == {"sent": 2, "sending": 1, "queued": 2}
    assert desk.told == ["p0", "p1"]


class FullLog:
    def __init__(self, log: EventLog) -> None:
        self._log, self.room = log, False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)

    def append(self, events: Sequence[Any]) -> int:
        if events and not self.room:
            raise EventLogError("no space left for the log")
        return self._log.append(events)


@pytest.mark.parametrize("repeatable", [True, False])
def test_what_left_is_settled_though_the_log_is_full_and_told_by_the_next_run(desk: Desk, repeatable: bool) -> None:
    log: Any = FullLog(desk.log)
    desk.log = log
    sender = FailingSender(99, repeatable=repeatable, remembers=False)
    with pytest.raises(EventLogError, match="no space"):
        desk.deliver(sender)
    assert desk.outbox.counts("win_back", "1")["sent"] == len(sender.taken) == (5 if repeatable else 1)
    log.room = True
    assert desk.deliver(sender)["sent"] == 5 == len(sender.taken)
    assert desk.told == [f"p{n}" for n in range(5)]
    assert json.loads(desk.events[0]["properties"])["lines"] == {"subject": "c_1"}


class UnsyncedFolder(FailingSender):
    broken = True

    def sync(self) -> None:
        if self.broken:
            raise SenderError("the folder cannot be synced")


@pytest.mark.parametrize("remembers", [True, False])
def test_what_is_not_durable_keeps_its_bytes_where_the_channel_can_be_asked(desk: Desk, remembers: bool) -> None:
    sender = UnsyncedFolder(99, repeatable=remembers, remembers=remembers)
    with pytest.raises(SenderError, match="cannot be synced"):
        desk.deliver(sender)
    states = {"sending": 5} if remembers else {"sent": 1, "queued": 4}
    assert dict(desk.outbox.counts("win_back", "1")) == states
    sender.broken = False
    assert desk.deliver(sender)["sent"] == 5 == len(sender.taken)
    assert desk.told == [f"p{n}" for n in range(5)]


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
    """Refuses some people for the moment, as a relay does with 451, and leaves others in doubt."""

    def __init__(self, refused: set[str], doubtful: set[str] | None = None) -> None:
        super().__init__(10_000, repeatable=False, remembers=False)
        self.refused, self.doubtful = refused, doubtful or set()

    def send(self, message: Message) -> Receipt:
        if message.person_id in self.refused:
            return Receipt(message.idempotency_key, "refused", NOW, detail="temporary: 451 try later")
        if message.person_id in self.doubtful:
            return Receipt(message.idempotency_key, "unknown", NOW, detail="hung up")
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


def test_mailboxes_that_always_refuse_hold_up_nobody_else_and_are_given_up_at_last(opened: Any, tmp_path: Path) -> None:
    desk = Desk(opened.campaign, tmp_path / "events", 3 * REFUSALS_MAX)
    relay = ModestRelay({f"p{n}" for n in range(REFUSALS_MAX)})
    for _ in range(ATTEMPTS_MAX):
        with suppress(SenderError):  # they come first in the first run, and last in all others
            desk.deliver(relay)
    assert dict(desk.outbox.counts("win_back", "1")) == {"sent": 2 * REFUSALS_MAX, "failed": REFUSALS_MAX}
    record = desk.outbox.find("m_p0")
    assert record is not None and record.detail == f"given up after {ATTEMPTS_MAX} refusals: temporary: 451 try later"


def test_refusals_between_messages_that_are_taken_do_not_stop_the_run(opened: Any, tmp_path: Path) -> None:
    desk = Desk(opened.campaign, tmp_path / "events", 4 * REFUSALS_MAX)
    detail = desk.deliver(ModestRelay({f"p{n}" for n in range(0, 4 * REFUSALS_MAX, 2)}))
    assert (detail["sent"], detail["waiting"]) == (2 * REFUSALS_MAX, 2 * REFUSALS_MAX)


def test_a_relay_that_hangs_up_after_each_message_leaves_three_in_doubt_and_not_all(desk: Desk) -> None:
    with pytest.raises(SenderError, match="may or may not have left"):
        desk.deliver(ModestRelay(set(), {f"p{n}" for n in range(5)}))
    assert dict(desk.outbox.counts("win_back", "1")) == {"unknown": 3, "queued": 2}


def test_a_message_refused_by_policy_stops_the_run_and_comes_last_the_next_time(desk: Desk) -> None:
    def refuse(message: Message) -> None:
        if message.person_id == "p0":
            raise RefusalError("550 5.7.1 not here")

    sender = FailingSender(99, repeatable=False, remembers=False, before=refuse)
    for sent in (0, 4, 4):
        with pytest.raises(SenderError, match=r"5\.7\.1"):
            desk.deliver(sender)
        assert desk.outbox.counts("win_back", "1").get("sent", 0) == sent
    record = desk.outbox.find("m_p0")
    assert record is not None and (record.state, record.detail) == ("queued", "550 5.7.1 not here")


def test_what_was_built_again_is_what_goes_out_and_what_became_untrue_does_not(desk: Desk) -> None:
    def freshen(messages: Sequence[Message]) -> dict[str, Message | str]:
        changed: dict[str, Message | str] = {}
        for message in messages:
            if message.person_id == "p1":
                changed[message.idempotency_key] = replace(message, raw=b"new price", lines={})
            if message.person_id == "p2":
                changed[message.idempotency_key] = "sold out"
        return changed

    sender = FailingSender(99)
    detail = desk.deliver(sender, freshen)
    assert (detail["sent"], detail["suppressed"]) == (4, 1)
    assert {m.person_id: m.raw for m in sender.taken} == {"p0": b"raw", "p1": b"new price", "p3": b"raw", "p4": b"raw"}
    lines = {e["user_id"]: json.loads(e["properties"])["lines"] for e in desk.events}
    assert (lines["p0"], lines["p1"]) == ({"subject": "c_1"}, {}), "the lines of what really went out"
