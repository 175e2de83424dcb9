"""Emptying queues while the server runs: a thread that follows what people say, as long as something is queued."""

import time

from tailorbird.adapters.segments.words_watch import WordsWatch
from tailorbird.pipeline.empty_queue import QueueEmptier
from tailorbird.web.loop import LOGGER, Loop

EVERY_S = 1.0
REST = 1.0
"""After a look that took t seconds of this thread's processor time the next one waits at least REST times t: the
intake has the larger share of the process."""

EVERYBODY_EVERY_S = 30.0
EVERYBODY_REST = 20.0
"""How often everybody is looked at where the log grew without anything that the watch knows."""


class EmptyingLoop(Loop):
    """Begins with everybody for whom something is queued. What fails, also by a defect, is tried again a moment later.

    An empty queue costs one small question to the database a second, and nothing is read of the log.
    """

    def __init__(self, emptier: QueueEmptier, watch: WordsWatch, every_s: float = EVERY_S) -> None:
        super().__init__("emptying queues", every_s)
        self._emptier, self._watch = emptier, watch
        self._known = self._due = self._grew = False
        self._next_look = self._next_everybody = float("-inf")

    def goes_on(self) -> bool:
        """Yes: the thread must outlive whatever happens, because nobody would notice that it is gone."""
        LOGGER.exception("emptying queues")
        return True

    def turn(self) -> int:
        """Look once, if there is a reason to; how many messages were withdrawn."""
        if not self._emptier.is_waiting():
            self._known = False
            return 0
        if not self._known:
            self._watch.skip()  # before anything is read: what comes meanwhile is news at the next turn
            withdrawn = self._look_at_everybody()
            self._known, self._due = True, False
            return withdrawn
        said = self._watch.news()
        self._due, self._grew = self._due or said, self._grew or self._watch.grew
        now = time.monotonic()
        if self._grew and now >= self._next_everybody:
            return self._look_at_everybody()
        if not self._due or now < self._next_look:
            return 0
        began = time.thread_time()
        withdrawn = self._emptier.follow()
        self._due = False
        self._next_look = time.monotonic() + REST * (time.thread_time() - began)
        return withdrawn

    def _look_at_everybody(self) -> int:
        began = time.monotonic()
        withdrawn = self._emptier.empty()
        self._due = self._grew = False
        took = time.monotonic() - began
        self._next_everybody = time.monotonic() + max(EVERYBODY_EVERY_S, EVERYBODY_REST * took)
        return withdrawn
