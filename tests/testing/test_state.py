"""The fakes pass what the real stores pass."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from tailorbird.testing.state import FixedClock, MemoryOutbox, MemorySuppressions, MemoryWatermarks
from tailorbird.testing.state_conformance import (
    OutboxAndIndex,
    check_clock,
    check_outbox,
    check_outbox_refusals,
    check_outbox_second_chances,
    check_outbox_withdrawals,
    check_suppression_reasons,
    check_suppressions,
    check_watermarks,
)

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "check", [check_outbox, check_outbox_refusals, check_outbox_second_chances, check_outbox_withdrawals]
)
def test_the_outbox_in_memory_passes_the_conformance_suite(check: Callable[[OutboxAndIndex], None]) -> None:
    check(MemoryOutbox())


def test_the_suppressions_in_memory_pass_the_conformance_suite() -> None:
    check_suppressions(MemorySuppressions())
    kept = MemorySuppressions()
    check_suppression_reasons(kept, kept)


def test_the_watermarks_in_memory_pass_the_conformance_suite() -> None:
    check_watermarks(MemoryWatermarks())


def test_a_fixed_clock_stands_until_it_is_set() -> None:
    fixed = FixedClock(NOON.astimezone(timezone(timedelta(hours=9))))
    check_clock(fixed)
    assert fixed.now() == NOON
    fixed.set(datetime(2026, 6, 2, tzinfo=UTC))
    assert fixed.now().day == 2
