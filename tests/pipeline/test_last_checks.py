"""What a message must pass right before it leaves."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tailorbird.pipeline.address_mates import AddressMates
from tailorbird.pipeline.last_checks import LastChecks
from tailorbird.testing.state import MemorySuppressions
from tailorbird.testing.state_conformance import example_message
from tailorbird.types.campaign import CapSpec
from tailorbird.types.message import Message
from tailorbird.types.profile import Profile

DECIDED = datetime(2026, 6, 1, 9, tzinfo=UTC)
PEOPLE = {
    name: Profile(name, email=f"{address}@x.org") for name, address in (("ana", "a"), ("anna", "a"), ("ben", "b"))
}
MESSAGES = [example_message("ana"), example_message("ben")]


class Decided:
    """What was decided recently, as a decision store tells it."""

    def __init__(self, *rows: tuple[str, datetime]) -> None:
        self._rows = rows

    def recent(self, since: datetime) -> Iterator[tuple[str, datetime]]:
        return (row for row in self._rows if row[1] >= since)


def checks(opened: Any, decided: Any, now: datetime, expires: bool = True, cap: int = 1, **more: Any) -> LastChecks:
    campaign = replace(opened.campaign, caps=CapSpec(cap, 7), expires_hours=72)
    mates = AddressMates(PEOPLE, lambda people: frozenset(), MemorySuppressions(), "email", {"ana": "treatment"})

    def fresh(messages: Sequence[Message]) -> dict[str, Message | str]:
        return {m.idempotency_key: "sold out" for m in messages if m.person_id == "ben"}

    return LastChecks(campaign, mates, decided, fresh, lambda: now, DECIDED, expires, **more)


def test_facts_have_moved_once_they_are_others_than_at_the_last_check(opened: Any) -> None:
    facts = ["v1"]
    check = checks(opened, Decided(), DECIDED, facts_now=lambda: facts[0])
    assert check.moved(), "nothing was checked yet"
    check(MESSAGES)
    assert not check.moved()
    facts[0] = "v2"
    assert check.moved()
    check(MESSAGES)
    assert not check.moved()


def ruled(check: LastChecks, messages: Sequence[Message] = MESSAGES) -> dict[str, str]:
    return {key.removeprefix("key-"): str(why).split(":")[0] for key, why in check(messages).items()}


def test_a_message_that_waited_too_long_is_not_sent(opened: Any) -> None:
    own = Decided(("ana", DECIDED), ("ben", DECIDED))
    assert ruled(checks(opened, own, DECIDED + timedelta(hours=71))) == {"ben": "sold out"}
    assert ruled(checks(opened, own, DECIDED + timedelta(hours=73))) == {"ana": "too old", "ben": "too old"}
    assert ruled(checks(opened, own, DECIDED + timedelta(hours=73), expires=False)) == {"ben": "sold out"}


def test_a_message_that_was_overtaken_is_over_the_cap(opened: Any) -> None:
    later = DECIDED + timedelta(days=12)
    own, other = ("ana", DECIDED), ("ana", later - timedelta(days=1))
    assert ruled(checks(opened, Decided(own, other), later, expires=False))["ana"] == "capped"
    assert "ana" not in ruled(checks(opened, Decided(own, other), later, expires=False, cap=2))
    assert "ana" not in ruled(checks(opened, Decided(own), DECIDED, expires=False)), "its own decision counts not"


def test_messages_to_the_same_address_count_together(opened: Any) -> None:
    decided = Decided(("ana", DECIDED), ("anna", DECIDED))
    assert ruled(checks(opened, decided, DECIDED))["ana"] == "capped"
