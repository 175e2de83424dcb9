"""Group commit: many requests wait for one sync."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from tailorbird.adapters.segments.conflicts import wire_of
from tailorbird.adapters.segments.log import event_lines
from tailorbird.ports.clock import Clock
from tailorbird.ports.event_log import EventLog, EventLogError
from tailorbird.ports.quarantine import Quarantine
from tailorbird.types.event import Event, EventLines
from tailorbird.types.quarantined import CONFLICT, INTAKE, Quarantined, quarantine

GROUP_EVENTS_MAX = 10_000
WAITING_EVENTS_MAX = 100_000
WAITING_BYTES_MAX = 256 << 20
_Waiting = tuple[EventLines, Sequence[Quarantined], "asyncio.Future[None]"]


class GroupCommit:
    """Appends to a log from one event loop: while one group is being synced, the next one gathers.

    `append` returns when its events are on disk, and raises EventLogError when they are not: then none of its own
    request's events has been acknowledged to anybody. Events that were refused are kept in the quarantine before their
    sender is answered, and so are those whose message_id an earlier, other event has.
    """

    def __init__(self, log: EventLog, quarantine: Quarantine, clock: Clock) -> None:
        self._log = log
        self._quarantine = quarantine
        self._clock = clock
        self._waiting: list[_Waiting] = []
        self._waiting_events = 0
        self._waiting_bytes = 0
        self._flusher: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="event-log")

    async def append(self, events: Sequence[Event]) -> None:
        """Wait until these events are synced. Too much waiting already: EventLogError at once."""
        await self.append_lines(event_lines(events))

    async def append_lines(self, events: EventLines, refused: Sequence[Quarantined] = ()) -> None:
        """The same for events that are lines already, and for those beside them that are for the quarantine."""
        count, size = len(events.message_ids) + len(refused), len(events.lines)
        if not count:
            return
        if self._waiting_events + count > WAITING_EVENTS_MAX or self._waiting_bytes + size > WAITING_BYTES_MAX:
            raise EventLogError(f"The event log is behind by {self._waiting_events} events: send again later.")
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((events, refused, done))
        self._waiting_events += count
        self._waiting_bytes += size
        if self._flusher is None or self._flusher.done():
            self._flusher = asyncio.create_task(self._flush())
        await done

    async def run(self, job: Callable[[], None]) -> None:
        """Run something slow beside the event loop, between two groups."""
        await asyncio.get_running_loop().run_in_executor(self._thread, job)

    async def close(self) -> None:
        """Wait for what is under way, then release the segment."""
        if self._flusher is not None:
            await self._flusher
        await self.run(self._log.close)
        self._thread.shutdown()

    async def _flush(self) -> None:
        while self._waiting:
            group = self._take_group()
            error: Exception | None = None
            try:
                await asyncio.get_running_loop().run_in_executor(self._thread, self._write, group)
            except Exception as caught:
                error = caught
            for events, refused, done in group:
                self._waiting_events -= len(events.message_ids) + len(refused)
                self._waiting_bytes -= len(events.lines)
                if done.done():
                    continue  # The client went away while it waited.
                if error is None:
                    done.set_result(None)
                else:
                    done.set_exception(error)

    def _write(self, group: Sequence[_Waiting]) -> None:
        appended = self._log.append_lines([events for events, _, _ in group])
        aside = [row for _, refused, _ in group for row in refused]
        for line in appended.conflicts:
            aside.append(quarantine(INTAKE, "messageId", CONFLICT, wire_of(line), self._clock.now()))
        if aside:
            self._quarantine.add(aside)

    def _take_group(self) -> list[_Waiting]:
        size, count = 0, 0
        for events, refused, _ in self._waiting:
            more = len(events.message_ids) + len(refused)
            if count and size + more > GROUP_EVENTS_MAX:
                break
            size, count = size + more, count + 1
        group, self._waiting = self._waiting[:count], self._waiting[count:]
        return group
