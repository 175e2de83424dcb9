"""The thread that keeps people live."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tailorbird.ports.event_log import EventLogError
from tailorbird.web.live import LiveLoop

START = datetime(2026, 6, 1, tzinfo=UTC)


class Told:
    """Stands for live people and says what was asked of them; `refresh` can be made to fail."""

    snapshot_life = timedelta(hours=1)

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.called = threading.Condition()
        self.trouble: Exception | None = None

    def begin(self, now: datetime) -> None:
        self.tell("begin")

    def refresh(self, now: datetime) -> frozenset[str]:
        self.tell("refresh")
        if self.trouble is not None:
            raise self.trouble
        return frozenset()

    def take_snapshot(self, now: datetime) -> None:
        self.tell("snapshot")

    def tell(self, what: str) -> None:
        with self.called:
            self.calls.append(what)
            self.called.notify_all()

    def wait_for(self, enough: Callable[[list[str]], bool]) -> bool:
        with self.called:
            return self.called.wait_for(lambda: enough(self.calls), timeout=10)


class Hands:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.moment = START

    def now(self) -> datetime:
        return self.moment


@pytest.fixture
def told() -> Told:
    return Told()


def loop_over(told: Told, clock: Hands) -> LiveLoop:
    people: Any = told
    return LiveLoop(people, clock, every_s=0.001)


def test_people_can_be_read_once_everything_is_taken_in_and_new_events_follow(told: Told) -> None:
    loop = loop_over(told, Hands())
    assert not loop.is_ready
    loop.start()
    assert loop.wait(10)
    assert told.wait_for(lambda calls: calls.count("refresh") >= 2)
    loop.stop()
    assert told.calls[0] == "begin"
    assert "snapshot" not in told.calls


def test_a_snapshot_is_taken_before_the_old_one_is_stale(told: Told) -> None:
    clock = Hands()
    loop = loop_over(told, clock)
    loop.start()
    assert loop.wait(10)
    clock.moment = START + timedelta(minutes=31)
    assert told.wait_for(lambda calls: "snapshot" in calls)
    loop.stop()
    assert told.calls.count("snapshot") == 1


def test_a_log_that_cannot_be_read_now_is_tried_again(told: Told, caplog: pytest.LogCaptureFixture) -> None:
    loop = loop_over(told, Hands())
    told.trouble = EventLogError("the disk is away")
    loop.start()
    assert told.wait_for(lambda calls: calls.count("refresh") >= 2)
    told.trouble = None
    loop.stop()
    assert "the disk is away" in caplog.text
    assert loop.is_ready


def test_after_a_defect_nobody_is_read_any_more(told: Told, caplog: pytest.LogCaptureFixture) -> None:
    loop = loop_over(told, Hands())
    loop.start()
    assert loop.wait(10)
    told.trouble = RecursionError("deep")
    loop._thread.join(10)
    assert not loop.is_ready
    assert "a defect of ours" in caplog.text and "RecursionError: deep" in caplog.text
    loop.stop()


def test_a_loop_that_never_began_stops(told: Told) -> None:
    loop_over(told, Hands()).stop()
    assert told.calls == []
