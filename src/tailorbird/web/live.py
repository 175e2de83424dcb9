"""Keeping people live: a thread that takes in new events every second, and a snapshot before the old one is stale."""

import threading
from datetime import datetime, timedelta

from tailorbird.pipeline.live_people import LivePeople
from tailorbird.ports.clock import Clock
from tailorbird.web.loop import LOGGER, Loop

EVERY_S = 1.0
SNAPSHOT_EVERY_MIN = timedelta(seconds=30)
"""Features that must be fresher than this are right all the same: whoever asks then gets them from the events."""


class LiveLoop(Loop):
    """People can be read once it `is_ready`.

    A defect ends it, and then nobody can be read any more: an answer that is stale could use what consent no longer
    covers.
    """

    def __init__(self, people: LivePeople, clock: Clock, every_s: float = EVERY_S) -> None:
        super().__init__("live people", every_s)
        self.people, self._clock = people, clock
        self._life = max(people.snapshot_life / 2, SNAPSHOT_EVERY_MIN)
        self._ready = threading.Event()
        self._due: datetime | None = None

    @property
    def is_ready(self) -> bool:
        """Whether everything that was there at the start is taken in."""
        return self._ready.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait until people can be read; whether they can."""
        return self._ready.wait(seconds)

    def goes_on(self) -> bool:
        """No."""
        self._ready.clear()
        LOGGER.exception("live people: a defect of ours; nobody is read before the server starts again")
        return False

    def turn(self) -> None:
        """Take in what everybody has done so far, or what is new."""
        now = self._clock.now()
        if not self._ready.is_set():
            self.people.begin(now)
            self._ready.set()
            self._due = now + self._life
            return
        self.people.refresh(now)
        if self._due is None or now >= self._due:
            self.people.take_snapshot(now)
            self._due = now + self._life
