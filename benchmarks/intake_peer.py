"""The intake's peer, as one would write it: FastAPI, pydantic models, and SQLite with a unique message id.

It is run by `intake.py` in an environment of its own: `uvicorn intake_peer:app`, with INTAKE_PEER naming the database.
WAL and synchronous=FULL promise what our intake promises: what was answered is on disk.
"""

import os
import sqlite3
import threading
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel


class Event(BaseModel):
    """One event."""

    type: str
    messageId: str  # noqa: N815
    userId: str | None = None  # noqa: N815
    anonymousId: str | None = None  # noqa: N815
    event: str | None = None
    timestamp: str | None = None
    properties: dict[str, Any] = {}
    context: dict[str, Any] = {}


class Batch(BaseModel):
    """Many events."""

    batch: list[Event]


_LOCK = threading.Lock()
_DATABASE = sqlite3.connect(os.environ["INTAKE_PEER"], check_same_thread=False, isolation_level=None)
_DATABASE.execute("PRAGMA journal_mode=WAL")
_DATABASE.execute("PRAGMA synchronous=FULL")
_DATABASE.execute("CREATE TABLE IF NOT EXISTS events (id TEXT PRIMARY KEY, person TEXT, event TEXT, at TEXT, raw BLOB)")
app = FastAPI()


def _keep(events: list[Event]) -> None:
    rows = [(e.messageId, e.userId, e.event, e.timestamp, e.model_dump_json()) for e in events]
    with _LOCK:
        _DATABASE.execute("BEGIN")
        _DATABASE.executemany("INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?, ?)", rows)
        _DATABASE.execute("COMMIT")


@app.post("/v1/track")  # type: ignore[untyped-decorator]
def track(event: Event) -> dict[str, bool]:
    """Take one event."""
    _keep([event])
    return {"success": True}


@app.post("/v1/batch")  # type: ignore[untyped-decorator]
def batch(body: Batch) -> dict[str, bool]:
    """Take many."""
    _keep(body.batch)
    return {"success": True}
