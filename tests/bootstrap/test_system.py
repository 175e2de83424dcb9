"""The machine's clock, and the locks between processes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.types.errors import TailorbirdError


def test_the_clock_is_the_machine_s() -> None:
    assert abs(bootstrap.open_clock().now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_what_is_locked_by_one_is_refused_to_another(wren: Any) -> None:
    with bootstrap.open_locks(wren)("a", "a run"):
        with pytest.raises(TailorbirdError, match="a run"), bootstrap.open_locks(wren)("a", "a run"):
            pass
        with bootstrap.open_locks(wren)("b", "another run"):
            pass
    with bootstrap.open_locks(wren)("a", "a run"):
        pass
