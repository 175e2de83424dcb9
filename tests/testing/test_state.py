from datetime import UTC, datetime

import pytest

from tailorbird.ports.clock import Clock
from tailorbird.ports.outbox import Outbox
from tailorbird.ports.suppressions import Suppressions
from tailorbird.testing.state import FixedClock, MemoryOutbox, MemorySuppressions
from tailorbird.types.message import Message
from tailorbird.types.receipt import Receipt

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def message(n: int) -> Message:
    return Message(f"m_{n}", f"d_{n}", f"p{n}", "email", f"p{n}@example.com", "Hello", b"raw", f"winback/1/p{n}/email")


def test_a_message_is_queued_once_per_key_and_keeps_its_order() -> None:
    outbox: Outbox = MemoryOutbox()
    assert outbox.queue([message(1), message(2), message(1)]) == 2
    assert outbox.queue([message(2), message(3)]) == 1
    claimed = outbox.claim("winback", "1", 10)
    assert [(m.message_id, state) for m, state in claimed] == [("m_1", "queued"), ("m_2", "queued"), ("m_3", "queued")]


def test_a_message_left_in_sending_is_claimed_again_and_says_so() -> None:
    outbox = MemoryOutbox([message(1)])
    outbox.claim("winback", "1", 10)
    assert [state for _, state in outbox.claim("winback", "1", 10)] == ["sending"]
    assert outbox.claim("replenish", "1", 10) == []


def test_a_settled_message_is_counted_by_state_and_found_without_its_bytes() -> None:
    outbox = MemoryOutbox([message(1), message(2)])
    outbox.settle([Receipt("winback/1/p1/email", "sent", NOON)])
    assert outbox.counts("winback") == {"sent": 1, "queued": 1}
    row = outbox.find("m_1")
    assert row is not None
    assert (row["person_id"], row["campaign"], row["step"], row["state"]) == ("p1", "winback", "1", "sent")
    assert "raw" not in row
    assert outbox.find("m_9") is None
    with pytest.raises(KeyError):
        outbox.settle([Receipt("unknown", "sent", NOON)])


def test_a_person_is_suppressed_once_per_channel() -> None:
    suppressions: Suppressions = MemorySuppressions()
    assert suppressions.add("p1", "email", "unsubscribed", NOON.isoformat())
    assert not suppressions.add("p1", "email", "unsubscribed", NOON.isoformat())
    assert suppressions.all("email") == {"p1"}
    assert suppressions.all("sms") == frozenset()
    assert suppressions.among(["p1", "p2"], "email") == {"p1"}


def test_a_fixed_clock_stands_until_it_is_set() -> None:
    fixed = FixedClock(NOON)
    clock: Clock = fixed
    assert clock.now() == NOON == clock.now()
    fixed.set(datetime(2026, 6, 2, tzinfo=UTC))
    assert clock.now().day == 2
