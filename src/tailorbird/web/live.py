"""Keeping people live: a thread that takes in new events every second, and a snapshot before the old one is stale."""

import logging
import threading
from datetime import datetime, timedelta

from tailorbird.pipeline.live_people import LivePeople
from tailorbird.ports.clock import Clock
from tailorbird.types.errors import TailorbirdError

_LOGGER = logging.getLogger(__name__)
EVERY_S = 1.0
SNAPSHOT_EVERY_MIN = timedelta(seconds=30)
"""Features that must be fresher than this are right all the same: whoever asks then gets them from the events."""


class LiveLoop:
    """Runs from `start` to `stop`. A disk that fails is told in the log, and tried again a moment later.

    A defect ends it, and then nobody can be read any more: an answer that is stale could use what consent no longer
    covers.
    """

    def __init__(self, people: LivePeople, clock: Clock, every_s: float = EVERY_S) -> None:
        self.people = people
        self._clock, self._every_s = clock, every_s
        self._life = max(people.snapshot_life / 2, SNAPSHOT_EVERY_MIN)
        self._ready, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="live-people", daemon=True)
        self._due: datetime | None = None

    @property
    def is_ready(self) -> bool:
        """Whether everything that was there at the start is taken in."""
        return self._ready.is_set()

    def start(self) -> None:
        """Begin; `is_ready` says when people can be read."""
        self._thread.start()

    def stop(self) -> None:
        """End after what is under way."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def wait(self, seconds: float) -> bool:
        """Wait until people can be read; whether they can."""
        return self._ready.wait(seconds)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._turn()
            except TailorbirdError as error:
                _LOGGER.warning("live people: %s", error)
            except Exception:
                self._ready.clear()
                _LOGGER.exception("live people: a defect of ours; nobody is read before the server starts again")
                return
            self._stop.wait(self._every_s)

    def _turn(self) -> None:
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
