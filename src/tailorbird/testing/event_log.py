"""A small event log in a folder, for tests: JSON-lines in memory until sealed, Parquet by adoption."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

from tailorbird.ports.warehouse import Warehouse
from tailorbird.types.event import EVENT_COLUMNS, Event


class FolderEventLog:
    """Implements ports/event_log.py without durability. `to_parquet` is how it seals appended
    events; without one only `adopt` works."""

    def __init__(self, folder: Path, to_parquet: "ToParquet | None" = None) -> None:
        self.folder = folder
        self._to_parquet = to_parquet
        self._pending: list[Event] = []
        self._seen: set[str] = set()
        folder.mkdir(parents=True, exist_ok=True)

    def append(self, events: Sequence[Event]) -> int:
        """Keep events in memory; how many were new to this object."""
        new = []
        for event in events:
            if event.message_id not in self._seen:
                self._seen.add(event.message_id)
                new.append(event)
        self._pending += new
        return len(new)

    def adopt(self, segment: Path) -> None:
        """Move a finished Parquet segment into the folder."""
        os.replace(segment, self.folder / f"{self._next():08d}.parquet")

    def seal(self) -> Sequence[Path]:
        """Every Parquet segment, oldest first, appended events included."""
        if self._pending:
            if self._to_parquet is None:
                raise ValueError("FolderEventLog needs to_parquet before it can seal appended events")
            lines = self.folder / "pending.jsonl"
            lines.write_text("".join(_line(event) for event in self._pending))
            self._to_parquet(lines, self.folder / f"{self._next():08d}.parquet")
            lines.unlink()
            self._pending = []
        return sorted(self.folder.glob("*.parquet"))

    def close(self) -> None:
        """Nothing to release."""

    def _next(self) -> int:
        return len(list(self.folder.glob("*.parquet"))) + 1


class ToParquet:
    """Seals JSON-lines of EVENT_COLUMNS into Parquet by a warehouse's SQL: `ToParquet(warehouse)(lines, parquet)`."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse

    def __call__(self, lines: Path, parquet: Path) -> None:
        """Write `parquet` from `lines`."""
        columns = ", ".join(f"'{name}': '{kind}'" for name, kind in EVENT_COLUMNS)
        reader = f"read_json('{lines}', format = 'newline_delimited', columns = {{{columns}}})"
        self._warehouse.write(f"SELECT * FROM {reader}", parquet)


def _line(event: Event) -> str:
    row = {
        "message_id": event.message_id,
        "type": event.type,
        "event": event.event,
        "user_id": event.user_id,
        "anonymous_id": event.anonymous_id,
        "timestamp": event.timestamp.strftime("%Y-%m-%d %H:%M:%S.%f"),
        "received_at": event.received_at.strftime("%Y-%m-%d %H:%M:%S.%f"),
        "properties": json.dumps(dict(event.properties)),
        "traits": json.dumps(dict(event.traits)),
        "context": json.dumps(dict(event.context)),
    }
    return json.dumps(row) + "\n"
