"""The incident: everything that a post-mortem needs to know of a halt, as it was at that moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["low", "medium", "high", "critical"]


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that is watched: its `value` against its `limit`.

    `count` of `total` are what the value was made of. `value` None: it cannot be told, and `why` says why not.
    """

    name: str
    value: float | None
    limit: float
    fired: bool
    count: int = 0
    total: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """Something that was done about an incident: when (ISO 8601 in UTC), by whom, and what."""

    at: str
    by: str
    what: str


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What is to be done so that it does not happen again: what, who owns it, until when; `done_at` '' is open."""

    what: str
    owner: str
    due: str = ""
    done_at: str = ""


@dataclass(frozen=True, slots=True)
class Incident:
    """What happened, to whom, with what, and what was done.

    `tenants` are the projects that it touched. `recipients` counts: sent, waiting, heard;
    while the halt holds they are counted anew at each reading, and stand as they were when it was released.
    `variants` are those that were sending; `prompts` maps a prompt to its version and digest, `models` a model to its
    digest, `lines` a creative to the hash of its text, all as they were in use. `consent` says under which purpose and
    basis people were written to, how many of the decisions carry the hash of a consent, and how many said no since.
    `restored` is what was put back. `closed_at` '' is open; times are ISO 8601 in UTC.
    """

    incident_id: str
    campaign: str
    severity: Severity
    detected_by: str
    detected_at: str
    reason: str
    readings: tuple[Reading, ...] = ()
    tenants: tuple[str, ...] = ()
    recipients: Mapping[str, int] = field(default_factory=dict)
    variants: tuple[str, ...] = ()
    prompts: Mapping[str, str] = field(default_factory=dict)
    models: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, str] = field(default_factory=dict)
    consent: Mapping[str, Any] = field(default_factory=dict)
    restored: Mapping[str, Any] = field(default_factory=dict)
    actions: tuple[Action, ...] = ()
    notified: tuple[Action, ...] = ()
    root_cause: str = ""
    follow_ups: tuple[FollowUp, ...] = ()
    closed_at: str = ""
