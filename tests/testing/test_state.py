"""The fakes pass what the real stores pass."""

from datetime import UTC, datetime, timedelta, timezone

from tailorbird.testing.state import FixedClock, MemoryOutbox, MemorySuppressions
from tailorbird.testing.state_conformance import check_clock, check_outbox, check_suppressions

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_the_outbox_in_memory_passes_the_conformance_suite() -> None:
    check_outbox(MemoryOutbox())


def test_the_suppressions_in_memory_pass_the_conformance_suite() -> None:
    check_suppressions(MemorySuppressions())


def test_a_fixed_clock_stands_until_it_is_set() -> None:
    fixed = FixedClock(NOON.astimezone(timezone(timedelta(hours=9))))
    check_clock(fixed)
    assert fixed.now() == NOON
    fixed.set(datetime(2026, 6, 2, tzinfo=UTC))
    assert fixed.now().day == 2
