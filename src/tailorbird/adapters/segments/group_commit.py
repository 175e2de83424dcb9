"""Group commit: many requests wait for one sync."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from tailorbird.ports.event_log import EventLog, EventLogError
from tailorbird.types.event import Event

GROUP_EVENTS_MAX = 10_000
WAITING_EVENTS_MAX = 100_000


class GroupCommit:
    """Appends to a log from one event loop: while one group is being synced, the next one gathers.

    `append` returns when its events are on disk, and raises EventLogError when they are not: then none of its own
    request's events has been acknowledged to anybody.
    """

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._waiting: list[tuple[Sequence[Event], asyncio.Future[None]]] = []
        self._waiting_events = 0
        self._flusher: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="event-log")

    async def append(self, events: Sequence[Event]) -> None:
        """Wait until these events are synced. Too much waiting already: EventLogError at once."""
        if not events:
            return
        if self._waiting_events + len(events) > WAITING_EVENTS_MAX:
            raise EventLogError(f"The event log is behind by {self._waiting_events} events: send again later.")
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((events, done))
        self._waiting_events += len(events)
        if self._flusher is None or self._flusher.done():
            self._flusher = asyncio.create_task(self._flush())
        await done

    async def close(self) -> None:
        """Wait for what is under way, then release the segment."""
        if self._flusher is not None:
            await self._flusher
        await asyncio.get_running_loop().run_in_executor(self._thread, self._log.close)
        self._thread.shutdown()

    async def _flush(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            group = self._take_group()
            events = [event for request, _ in group for event in request]
            error: Exception | None = None
            try:
                await loop.run_in_executor(self._thread, self._log.append, events)
            except Exception as caught:
                error = caught
            self._waiting_events -= len(events)
            for _, done in group:
                if done.done():
                    continue  # The client went away while it waited.
                if error is None:
                    done.set_result(None)
                else:
                    done.set_exception(error)

    def _take_group(self) -> list[tuple[Sequence[Event], "asyncio.Future[None]"]]:
        size, count = 0, 0
        for events, _ in self._waiting:
            if count and size + len(events) > GROUP_EVENTS_MAX:
                break
            size, count = size + len(events), count + 1
        group, self._waiting = self._waiting[:count], self._waiting[count:]
        return group
