"""Turns of a thread beside the server."""

import threading

import pytest

from tailorbird.ports.event_log import EventLogError
from tailorbird.web.loop import Loop


class Failing(Loop):
    """Its turns fail in this order; then all is well."""

    def __init__(self, *errors: Exception, goes_on: bool = True) -> None:
        super().__init__("a loop", 0.001)
        self.errors, self.defects, self._goes_on = list(errors), 0, goes_on
        self.well = threading.Event()

    def turn(self) -> None:
        if self.errors:
            raise self.errors.pop(0)
        self.well.set()

    def goes_on(self) -> bool:
        self.defects += 1
        return self._goes_on


def test_trouble_is_told_by_the_loops_name_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    loop = Failing(EventLogError("the disk is away"), RecursionError("deep"))
    loop.start()
    assert loop.well.wait(10)
    loop.stop()
    assert "a loop: the disk is away" in caplog.text and loop.defects == 1


def test_a_defect_may_end_it_and_a_stop_comes_in_time_or_too_early() -> None:
    loop = Failing(RecursionError("deep"), goes_on=False)
    loop.stop()
    other = Failing(RecursionError("deep"), goes_on=False)
    other.start()
    other._thread.join(10)
    assert not other._thread.is_alive() and not other.well.is_set() and other.defects == 1
    other.stop()
