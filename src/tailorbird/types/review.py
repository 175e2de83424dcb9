"""The review queue's nouns: a line that waits, what people did with it, and how it reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tailorbird.types.creative import Approval, Creative

Why = Literal[
    "new_prompt", "new_model", "new_pair", "high_risk", "finding", "legal", "queue", "written", "edited", "outdated",
    "rolled_back", "changed", "sampled", "escalated", "waiting",
]  # fmt: skip
"""Why a line is in the queue. new_pair: prompt and model are known, but not together; written: a person wrote it;
changed: its text is another than the approved one; waiting: the next run may approve it by policy."""

EntryState = Literal["waiting", "look", "done"]
"""'look': policy approved it, it is in use, and a person looks at it afterwards."""

ActKind = Literal["approve", "reject", "edit", "comment", "escalate"]

REVIEWER = "reviewer"
"""The approval that every line needs, beside those of particular roles."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Which prompt and model a line came from, in which locale; prompt and model are '' where a person wrote it."""

    prompt: str
    model: str
    locale: str


@dataclass(frozen=True, slots=True)
class ReviewEntry:
    """A line's place in the queue, for one text of it.

    `needs` are the approvals that are still missing: REVIEWER, or a role. `assigned` is the role that it was escalated
    to. Times are ISO 8601 in UTC. `outcome` says how it ended: an act, or 'policy'. `revision` counts its changes.
    """

    creative_id: str
    content_hash: str
    campaign: str
    block: str
    locale: str
    reasons: tuple[str, ...]
    needs: tuple[str, ...]
    opened_at: str
    due_at: str
    state: EntryState = "waiting"
    detail: str = ""
    prompt: str = ""
    model: str = ""
    assigned: str = ""
    outcome: str = ""
    closed_by: str = ""
    closed_at: str = ""
    revision: int = 0


@dataclass(frozen=True, slots=True)
class QueuedLine:
    """A line with its place in the queue."""

    entry: ReviewEntry
    creative: Creative


@dataclass(frozen=True, slots=True)
class UnqueuedLine:
    """A line that waits without an entry, with its notes; `earlier` is the hash that an older entry is of, or ''."""

    creative: Creative
    notes: Mapping[str, Any]
    earlier: str


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which lines of the queue; '' asks for nothing. `role` is whose approval is missing, or to whom it was escalated;
    '' as state means both that wait and that are to be looked at."""

    campaign: str = ""
    block: str = ""
    locale: str = ""
    reason: str = ""
    role: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Lines in the order in which they are due, how many there are in all, and where the next page begins ('': there is
    none)."""

    lines: tuple[QueuedLine, ...]
    total: int
    after: str = ""


@dataclass(frozen=True, slots=True)
class ReviewAct:
    """What somebody did with one text of a line: kept for ever. `role` is the approval that it gave, or the role to
    which it escalates; `text` a reason or a comment; `new_id` the line that an edit made."""

    creative_id: str
    content_hash: str
    act: ActKind
    by: str
    role: str
    text: str
    at: str
    new_id: str = ""


@dataclass(frozen=True, slots=True)
class ReviewChange:
    """What an act does: the entry as it is afterwards, and the line's approval if that changes.

    `revision` is the one that the change was worked out for; 0 where the line had no entry yet.
    """

    entry: ReviewEntry
    revision: int
    approval: Approval | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding at its characters in a text as it is read: (start, end), end exclusive; (0, 0) for the whole."""

    start: int
    end: int
    check: str
    severity: str
    type: str
    reason: str
    evidence: str = ""
    source: str = ""
    repair: str | None = None


@dataclass(frozen=True, slots=True)
class RenderedLine:
    """A line with its slots filled: `values` says how (shortest, longest, awkward, in the message)."""

    values: str
    text: str
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    """A line in a whole message, as it would be delivered to an example person about an example item.

    `faults` are blocks whose text was replaced, and why; `span` is where the line stands in `text` (None: nowhere as a
    whole, as in a subject). `problem` says why there is no message.
    """

    subject: str = ""
    html: str = ""
    text: str = ""
    raw: bytes = b""
    line: RenderedLine | None = None
    span: tuple[int, int] | None = None
    item_id: str = ""
    person: str = ""
    faults: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Rendering:
    """A line as its readers see it: by itself with difficult values, and in a whole message."""

    lines: tuple[RenderedLine, ...] = ()
    message: RenderedMessage = field(default_factory=RenderedMessage)


@dataclass(frozen=True, slots=True)
class ReviewerKey:
    """A key of the review API as it is kept: by the SHA-256 of the key, which nobody can turn back."""

    digest: str
    name: str
    roles: tuple[str, ...]
    made_at: str
    revoked_at: str = ""
