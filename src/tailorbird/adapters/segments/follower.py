"""Reading the log as it grows: every event that any process has appended, shortly after it was."""

import glob
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC
from pathlib import Path
from typing import Any

import msgspec

from tailorbird.adapters.segments.soundness import check_parquet, read_error, sound_id
from tailorbird.ports.event_log import EventLogError
from tailorbird.stages.events.loose_json import read_loose_json
from tailorbird.types.event import EVENT_COLUMNS, Event

ROWS_AT_ONCE = 20_000

_DECODER = msgspec.json.Decoder(Event)
_OBJECT = msgspec.json.Decoder(dict[str, Any])


class SegmentFollower:
    """Gives the events of a log's folder once, as segments come and grow; it writes nothing and takes no lock.

    A segment that was followed line by line is not given again when it is sealed. EventLogError: a Parquet segment is
    damaged.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._sealed: set[Path] = set()
        self._growing: dict[str, _Growing] = {}

    def poll(self) -> Iterator[Sequence[Event]]:
        """What was not given before, in chunks; the first time everything."""
        # Lines first: a segment that is sealed in between is then seen as lines, and its Parquet file knows that.
        for path in sorted(self._root.glob("*.jsonl")):
            grown = self._growing.setdefault(path.stem, _Growing())
            if events := grown.read(path):
                yield events
        for path in sorted(self._root.glob("*.parquet")):
            if path not in self._sealed:
                given = self._growing.pop(path.stem, None)
                for events in _parquet_events([path]):
                    fresh = [event for event in events if given is None or event.message_id not in given.ids]
                    if fresh:
                        yield fresh
                self._sealed.add(path)

    def of(self, ids: Collection[str]) -> Iterator[Event]:
        """Of what `poll` has given, the events with one of these user or anonymous ids; each message_id once."""
        seen: set[str] = set()
        wanted = frozenset(ids)
        growing = (event for grown in list(self._growing.values()) for event in grown.events)
        sealed = (event for events in _parquet_events(sorted(self._sealed), wanted) for event in events)
        for source in (sealed, growing):
            for event in source:
                if (event.user_id in wanted or event.anonymous_id in wanted) and event.message_id not in seen:
                    seen.add(event.message_id)
                    yield event


class _Growing:
    """One segment of lines, as far as it was read."""

    def __init__(self) -> None:
        self._place = 0
        self.events: list[Event] = []
        self.ids: set[str] = set()

    def read(self, path: Path) -> list[Event]:
        """The events of the whole lines that are new."""
        try:
            with path.open("rb") as file:
                file.seek(self._place)
                data = file.read()
        except FileNotFoundError:
            return []  # sealed meanwhile
        whole = data[: data.rfind(b"\n") + 1]
        self._place += len(whole)
        # Damaged lines are set apart when the segment is sealed.
        events = [_DECODER.decode(line) for line in whole.split(b"\n")[:-1] if sound_id(line) is not None]
        self.events += events
        self.ids.update(event.message_id for event in events)
        return events


def _parquet_events(paths: Sequence[Path], ids: Collection[str] | None = None) -> Iterator[list[Event]]:
    """The events of Parquet segments, of some ids only where `ids` is given, in chunks."""
    if not paths:
        return
    import duckdb  # only where there is something sealed to read

    check_parquet(paths)
    names = [name for name, _ in EVENT_COLUMNS]
    query = f"SELECT {', '.join(names)} FROM read_parquet($files)"
    values: dict[str, Any] = {"files": [glob.escape(str(path)) for path in paths]}
    if ids is not None:
        query += " WHERE user_id IN (SELECT unnest($ids)) OR anonymous_id IN (SELECT unnest($ids))"
        values["ids"] = list(ids)
    with duckdb.connect(config={"threads": 1}) as connection:
        try:
            found = connection.execute(query, values)
            while rows := found.fetchmany(ROWS_AT_ONCE):
                yield [_event(dict(zip(names, row, strict=True))) for row in rows]
        except duckdb.Error as error:
            raise read_error(paths) or EventLogError(f"The event log cannot be read: {error}") from error


def _event(row: dict[str, Any]) -> Event:
    for name in ("timestamp", "received_at"):
        row[name] = row[name].replace(tzinfo=UTC)
    for name in ("properties", "traits", "context"):
        try:
            row[name] = _OBJECT.decode(row[name])
        except (msgspec.DecodeError, RecursionError):  # nested by the thousand: it tells nothing
            row[name] = read_loose_json(row[name])
    return Event(**row)
