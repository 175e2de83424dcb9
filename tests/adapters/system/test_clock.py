"""The machine's clock."""

from datetime import UTC, datetime, timedelta

from tailorbird.adapters.system.clock import SystemClock
from tailorbird.testing.state_conformance import check_clock


def test_it_conforms_and_the_moment_is_now() -> None:
    check_clock(SystemClock())
    assert abs(SystemClock().now() - datetime.now(UTC)) < timedelta(seconds=5)
