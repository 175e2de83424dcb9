"""The audit log's nouns: what is written down, how it is kept, and the head that commits to all of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing that happened. `ref` names it within its kind: the same kind, ref and person are written once.

    With a `person_id` the detail is kept under that person's own key, so that erasing the key makes it unreadable.
    """

    kind: str
    ref: str
    at: datetime
    detail: Mapping[str, Any]
    person_id: str | None = None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One entry as it is kept: `key_id` names the key its payload is under ('' for none), `leaf` its recorded hash."""

    position: int
    at: str
    kind: str
    entry_id: str
    key_id: str
    payload: bytes
    leaf: bytes


@dataclass(frozen=True, slots=True)
class TreeHead:
    """The root hash over the first `size` entries, in hex, and when it was recorded."""

    size: int
    root: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """What is wrong with an audit log: altered, removed, inserted, moved, unwitnessed or a head that does not fit."""

    problem: str
    position: int
    detail: str
