"""What counts in a segment: whole lines of events, and Parquet files that are whole."""

import glob
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec

from tailorbird.ports.event_log import EventLogError
from tailorbird.types.event import EventType

_MAGIC = b"PAR1"


class _Line(msgspec.Struct):
    message_id: Annotated[str, msgspec.Meta(min_length=1)]
    type: EventType
    timestamp: datetime
    received_at: datetime


class _Whole(_Line):
    properties: dict[str, Any]
    traits: dict[str, Any]
    context: dict[str, Any]
    user_id: str | None = None
    anonymous_id: str | None = None
    event: str | None = None


_LINE = msgspec.json.Decoder(_Line)
_WHOLE = msgspec.json.Decoder(_Whole)
_ENCODE = msgspec.json.Encoder().encode


def sound_id(line: bytes) -> str | None:
    """The message id of a line that holds an event; None for a damaged line."""
    try:
        return _LINE.decode(line).message_id
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def sound_line(line: bytes) -> bytes | None:
    """A line as it is sealed, with its end; None for a damaged line.

    The intake may have left the event's objects as they were sent: here all spaces go, of a key that comes twice the
    last value stays, and each number is written in one way.
    """
    try:
        return _ENCODE(_WHOLE.decode(line)) + b"\n"
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, OverflowError):
        return line if sound_id(line) is not None else None


def check_parquet(paths: Iterable[Path]) -> None:
    """EventLogError if a file does not begin and end as Parquet does, or its footer does not fit into it."""
    for path in paths:
        with path.open("rb") as file:
            head = file.read(4)
            size = file.seek(0, 2)
            file.seek(max(0, size - 8))
            tail = file.read(8)
        whole = size >= 12 and head == _MAGIC and tail[4:] == _MAGIC
        if not whole or int.from_bytes(tail[:4], "little") > size - 12:
            raise _damaged(path)


def read_error(paths: Iterable[Path]) -> EventLogError | None:
    """The error of the first Parquet segment whose ids cannot be read; None if all can: then it lay elsewhere."""
    # Imported here, so that a process that only appends loads no data engine.
    import duckdb

    # A hash, because the data engine would take a plain maximum from the footer.
    query = "SELECT max(md5_number_lower(message_id)) FROM read_parquet($files)"
    with duckdb.connect(config={"threads": 1}) as connection:
        for path in paths:
            try:
                connection.execute(query, {"files": [glob.escape(str(path))]}).fetchall()
            except duckdb.Error:
                return _damaged(path)
    return None


def _damaged(path: Path) -> EventLogError:
    return EventLogError(
        f"The segment {path.name} is damaged: move it out of {path.parent} to go on without its events, "
        "then import or send them again."
    )
