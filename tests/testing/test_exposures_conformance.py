"""The suite passes the fake, and finds a store that forgets or that lets the past change."""

from collections.abc import Callable
from datetime import datetime

import pytest

from tailorbird.testing.exposures_conformance import (
    CHECKS,
    MakeExposures,
    check_a_record_is_there_before_its_end,
    check_an_end_changes_nothing_that_was_said_before,
    check_records_are_found_by_model_and_by_time,
)
from tailorbird.testing.state import MemoryExposures
from tailorbird.types.exposure import Exposure


@pytest.mark.parametrize("check", CHECKS)
def test_the_store_in_memory_passes(check: Callable[[MakeExposures], None]) -> None:
    check(MemoryExposures)


class Late(MemoryExposures):
    """Writes a record only when it ends."""

    def begin(self, exposure: Exposure) -> None:
        pass


class Rewriting(MemoryExposures):
    """Takes everything that comes with the end."""

    def end(self, exposure: Exposure) -> None:
        self.begin(exposure)


class Deaf(MemoryExposures):
    """Finds everything whatever is asked."""

    def find(self, model: str | None = None, since: datetime | None = None) -> list[Exposure]:
        return super().find()


@pytest.mark.parametrize(
    ("broken", "check"),
    [
        (Late, check_a_record_is_there_before_its_end),
        (Rewriting, check_an_end_changes_nothing_that_was_said_before),
        (Deaf, check_records_are_found_by_model_and_by_time),
    ],
)
def test_a_broken_store_is_found(broken: MakeExposures, check: Callable[[MakeExposures], None]) -> None:
    with pytest.raises(AssertionError):
        check(broken)
