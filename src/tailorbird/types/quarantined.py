"""The quarantined row: something that was refused, kept whole with the reason, to be judged again."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One refused event or row of a file.

    `source` is who read it: `intake`, or a mapping such as `imports/orders.yaml`. `place` is where it stood: a route
    (`/v1/batch`) or `file:line`. `body` is what came, as text: an event's JSON, or a JSON object of a row's columns.
    `reason` says field, what was found and what is wanted; `at` (aware, UTC) is when it was refused.
    """

    id: str
    source: str
    place: str
    reason: str
    body: str
    at: datetime


def quarantine(source: str, place: str, reason: str, body: str, at: datetime) -> Quarantined:
    """A row under the id of its content: the same thing refused again is the same row, with its latest reason."""
    told = "\x1f".join((source, place, body)).encode("utf-8", "surrogatepass")
    return Quarantined(hashlib.sha256(told).hexdigest()[:ID_CHARS], source, place, reason, body, at)


def kind_of_reason(reason: str) -> str:
    """A reason without what differs from row to row, quoted texts and numbers, so that it can be counted."""
    return _VARYING.sub(lambda found: found["example"] or "…", reason)


ID_CHARS = 24
"""How much of the SHA-256 of (source, place, body), joined by U+001F, is a row's id. Imports work it out in SQL."""
_VARYING = re.compile(r"(?P<example>\bas \d{4}-\S+(?: \d\d:\d\d or \S+)?)|'[^']*'|\"[^\"]*\"|(?<![\w.])-?\d[\d.,]*\b")
"""An example of what is wanted is the same in every row."""
CONFLICT = "duplicate with another body: an earlier event has this messageId"
"""Why an event waits whose id the log knows of another event. It never enters the log under that id."""
TEST_PLACE = " (test)"
"""Ends the place of an event that came with the testers' write key."""
INTAKE = "intake"
"""The source of what came in over HTTP."""
