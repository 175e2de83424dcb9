"""The event log over segment files."""

import threading
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tailorbird.adapters.segments.sealing import seal_folder
from tailorbird.adapters.segments.seen_ids import SeenIds
from tailorbird.adapters.segments.writer import SegmentWriter, log_error, segment_stem, sync_folder
from tailorbird.types.event import Event

SEGMENT_BYTES_MAX = 64 << 20


class SegmentLog:
    """`EventLog` in a folder. Any number of processes may write at once: each has a segment of its own.

    An append is one write and one fdatasync. Ids that another process writes at the same moment are not seen when
    appending; sealing drops them. Safe to share between threads. Errors of the disk raise EventLogError.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._scratch = root / "live"
        self._writer: SegmentWriter | None = None
        self._seen: SeenIds | None = None
        self._lock = threading.Lock()
        self._encoder = msgspec.json.Encoder()

    def append(self, events: Sequence[Event]) -> int:
        """Write and sync the events whose message_id the log does not hold; how many those were."""
        with self._lock:
            fresh, hashes = self._known_ids().unseen(events)
            if fresh:
                self._open_writer().append(self._encoder.encode_lines(fresh))
                self._known_ids().add(hashes)
            return len(fresh)

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

        Segments that live processes are writing are in the answer as copies, valid until this process seals again.
        """
        with self._lock:
            self._finish_writer()
            return seal_folder(self._root, self._scratch)

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

    def _known_ids(self) -> SeenIds:
        if self._seen is None:
            seen = SeenIds()
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
