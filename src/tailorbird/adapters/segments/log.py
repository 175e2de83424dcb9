"""The event log over segment files."""

import threading
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tailorbird.adapters.segments.conflicts import line_with_id, tell_the_same
from tailorbird.adapters.segments.erasing import erase_events
from tailorbird.adapters.segments.id_sidecar import sweep_sidecars
from tailorbird.adapters.segments.sealing import Scratch, seal_folder
from tailorbird.adapters.segments.seen_ids import SeenIds
from tailorbird.adapters.segments.tally import Tally
from tailorbird.adapters.segments.writer import SegmentWriter, log_error, segment_stem, sync_folder
from tailorbird.types.event import Appended, Event, EventLines
from tailorbird.types.person import Person

SEGMENT_BYTES_MAX = 64 << 20


class SegmentLog:
    """`EventLog` in a folder. Any number of processes may write at once: each has a segment of its own.

    An append is one write and one fdatasync. Ids that another process writes at the same moment are not seen when
    appending; sealing drops them. Safe to share between threads. Errors of the disk raise EventLogError.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._scratch = Scratch(root / "live")
        self._writer: SegmentWriter | None = None
        self._seen: SeenIds | None = None
        self._tally = Tally(root)
        self._lock = threading.Lock()

    def append(self, events: Sequence[Event]) -> int:
        """Write and sync the events whose message_id the log does not hold; how many those were."""
        with self._lock:
            return self._append(event_lines(events)).new

    def append_lines(self, blocks: Sequence[EventLines]) -> Appended:
        """The same for events that are lines already; duplicates are counted in `duplicates/`, for `stats`."""
        ids = tuple([one for block in blocks for one in block.message_ids])
        with self._lock:
            done = self._append(EventLines(ids, b"".join([block.lines for block in blocks])))
            self._tally.count(done.duplicates, len(done.conflicts))
            return done

    def _append(self, events: EventLines) -> Appended:
        if not events.message_ids:
            return Appended(0, 0)
        seen, hashes = self._known_ids(), list(map(hash, events.message_ids))
        conflicts: tuple[bytes, ...] = ()
        lines, fresh = events.lines, hashes
        if not seen.are_new(events.message_ids, hashes):
            lines, fresh, conflicts = self._without_duplicates(events, hashes)
        if fresh:
            writer = self._open_writer()
            offset = writer.size
            writer.append(lines)
            seen.add(fresh, offset)
        return Appended(len(fresh), len(hashes) - len(fresh), conflicts)

    def _without_duplicates(self, events: EventLines, hashes: list[int]) -> tuple[bytes, list[int], tuple[bytes, ...]]:
        """The lines that are new with their hashes, and the duplicates that tell of another event than the first."""
        fresh: dict[int, bytes] = {}
        conflicts = []
        lines = events.lines.split(b"\n")  # JSON has no line ends inside.
        seen = self._known_ids().known(events.message_ids, hashes)
        for line, message_id, value, known in zip(lines, events.message_ids, hashes, seen, strict=False):
            if not known and value not in fresh:
                fresh[value] = line + b"\n"
                continue
            first = fresh.get(value) or self._growing_line(value, message_id)
            if first is not None and not tell_the_same(first, line):
                conflicts.append(line)
        return b"".join(fresh.values()), list(fresh), tuple(conflicts)

    def _growing_line(self, value: int, message_id: str) -> bytes | None:
        """The line of an id in the segment that grows; None if it stands in another, or in another process's."""
        place = self._known_ids().place(value)
        if place is None or self._writer is None:
            return None
        return line_with_id(self._writer.read_block(place), message_id)

    def adopt(self, segment: Path) -> None:
        """Take over a finished Parquet file on the same file system, under a name that sorts as the newest."""
        with self._lock:
            target = self._root / f"{segment_stem()}.parquet"
            try:
                self._root.mkdir(parents=True, exist_ok=True)
                segment.rename(target)
                sync_folder(self._root)
            except OSError as error:
                raise log_error(self._root, error) from error
            if self._seen is not None:
                self._seen.load([target], [])

    def seal(self) -> Sequence[Path]:
        """Turn finished segments (this one's own too) into Parquet; every Parquet segment, oldest first.

        Segments that live processes are writing are in the answer as copies, valid until this log seals again.
        """
        with self._lock:
            self._finish_writer()
            return seal_folder(self._root, self._scratch)

    def erase(self, person: Person) -> int:
        """Remove every event of a person from sealed and growing segments, copies and damaged lines; how many."""
        with self._lock:
            self._finish_writer()
            return erase_events(self._root, self._root / "live", person)

    def close(self) -> None:
        """Finish the segment: whoever seals next turns it into Parquet. The log may be used again."""
        with self._lock:
            self._finish_writer()

    def _open_writer(self) -> SegmentWriter:
        if self._writer is not None and (self._writer.broken or self._writer.size > SEGMENT_BYTES_MAX):
            self._finish_writer()
        if self._writer is None:
            self._make_root()
            self._writer = SegmentWriter(self._root)
        return self._writer

    def _finish_writer(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
            if self._seen is not None:
                self._seen.settle()

    def _known_ids(self) -> SeenIds:
        if self._seen is None:
            seen = SeenIds()
            sweep_sidecars(self._root)
            # Lines first: a segment that is sealed in between is then seen twice, not never.
            seen.load([], sorted(self._root.glob("*.jsonl")))
            seen.load(sorted(self._root.glob("*.parquet")), [])
            self._seen = seen
        return self._seen

    def _make_root(self) -> None:
        try:
            self._root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise log_error(self._root, error) from error


_ENCODER = msgspec.json.Encoder()


def event_lines(events: Sequence[Event]) -> EventLines:
    """Events as the log keeps them."""
    return EventLines(tuple([event.message_id for event in events]), _ENCODER.encode_lines(events))
