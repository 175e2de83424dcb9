"""The machine's clock."""

from datetime import UTC, datetime, timedelta

from tailorbird.adapters.system.clock import SystemClock


def test_the_moment_is_aware_in_utc_and_now() -> None:
    now = SystemClock().now()
    assert now.utcoffset() == timedelta(0)
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=5)
