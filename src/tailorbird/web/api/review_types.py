"""What the review API takes and answers."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import msgspec

from tailorbird.types.creative import Creative
from tailorbird.types.review import Mark, QueuedLine, RenderedLine, Rendering, ReviewAct, ReviewEntry

TEXT_MAX = 2000
_Hash = Annotated[str, msgspec.Meta(min_length=12, max_length=64, pattern="^[0-9a-f]+$")]
_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=TEXT_MAX)]
_Reason = Annotated[str, msgspec.Meta(max_length=TEXT_MAX)]


class ReviewApproval(msgspec.Struct, forbid_unknown_fields=True):
    """`hash` is the content_hash of the text that was read, or its first 12 digits; `again`: though it is rejected."""

    hash: _Hash
    reason: _Reason = ""
    again: bool = False


class ReviewRejection(msgspec.Struct, forbid_unknown_fields=True):
    """Why; with `hash` only if the text is still that one."""

    reason: _Text
    hash: _Hash | None = None


class ReviewEdit(msgspec.Struct, forbid_unknown_fields=True):
    """The line as it should read, with its slots, in place of the text with this `hash`."""

    text: _Text
    hash: _Hash
    reason: _Reason = ""
    again: bool = False


class ReviewComment(msgspec.Struct, forbid_unknown_fields=True):
    """A remark; it is kept for ever, with personal data masked."""

    text: _Text


class ReviewEscalation(msgspec.Struct, forbid_unknown_fields=True):
    """The role that is asked, and why."""

    role: Literal["creative", "data", "legal", "ops", "admin"]
    reason: _Text


class ReviewLine(msgspec.Struct):
    """A line and its place in the queue. `needs` are the approvals that are still missing, `reasons` why it is there;
    state 'look': it is in use, and looked at afterwards."""

    creative_id: str
    content_hash: str
    campaign: str
    block: str
    locale: str
    text: str
    rung: str
    version: int
    tags: dict[str, str]
    approval: str
    usable: bool
    state: str
    reasons: list[str]
    needs: list[str]
    assigned: str
    detail: str
    opened_at: str
    due_at: str
    outcome: str
    closed_by: str


class ReviewLines(msgspec.Struct):
    """A page of the queue, those due first; `after` begins the next one, '' where there is none."""

    lines: list[ReviewLine]
    total: int
    after: str


class ReviewMark(msgspec.Struct):
    """A finding: characters `start` to `end` (exclusive) of the text beside it; 0 to 0 for the whole."""

    start: int
    end: int
    check: str
    severity: str
    type: str
    reason: str
    evidence: str
    source: str
    repair: str | None


class ReviewText(msgspec.Struct):
    """A line as it is read: `values` says with which values of its slots."""

    values: str
    text: str
    marks: list[ReviewMark]


class ReviewMessage(msgspec.Struct):
    """The whole message as it would be delivered, about `item_id`, to a person who does not exist.

    `span` is where the line stands in `text` (start and end). `faults` are texts that were replaced on the way;
    `problem` says why there is none.
    """

    subject: str
    html: str
    text: str
    line: ReviewText | None
    span: list[int] | None
    item_id: str
    person: str
    faults: list[str]
    problem: str


class ReviewDone(msgspec.Struct):
    """What somebody did: `role` is the approval that was given, or the role that was asked."""

    act: str
    by: str
    role: str
    text: str
    at: str
    content_hash: str
    new_id: str


class ReviewShown(msgspec.Struct):
    """A line as its readers see it: by itself with difficult values, and in a whole message; and what people did."""

    line: ReviewLine
    texts: list[ReviewText]
    message: ReviewMessage
    acts: list[ReviewDone]
    prompt: str
    model: str
    brief: dict[str, Any]
    verdict: dict[str, Any]


def line_of(queued: QueuedLine) -> ReviewLine:
    """A queued line as it is answered."""
    creative, entry = queued.creative, queued.entry
    told: dict[str, Any] = {name: _plain(_value(creative, entry, name)) for name in ReviewLine.__struct_fields__}
    return ReviewLine(**told)


def shown(queued: QueuedLine, notes: Mapping[str, Any], acts: Sequence[ReviewAct], rendering: Rendering) -> ReviewShown:
    """Everything of one line as it is answered."""
    made = rendering.message
    line, span = _text(made.line) if made.line else None, [*made.span] if made.span else None
    message = ReviewMessage(
        made.subject, made.html, made.text, line, span, made.item_id, made.person, [*made.faults], made.problem
    )
    done = [ReviewDone(a.act, a.by, a.role, a.text, a.at, a.content_hash, a.new_id) for a in acts]
    return ReviewShown(
        line=line_of(queued),
        texts=[_text(line) for line in rendering.lines],
        message=message,
        acts=done,
        prompt=str(notes.get("prompt") or ""),
        model=str((notes.get("model") or {}).get("name") or ""),
        brief=dict(notes.get("brief") or {}),
        verdict=dict(notes.get("verdict") or {}),
    )


def _value(creative: Creative, entry: ReviewEntry, name: str) -> Any:
    return getattr(creative, name) if hasattr(creative, name) else getattr(entry, name)


def _plain(value: Any) -> Any:
    return [*value] if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value


def _text(line: RenderedLine) -> ReviewText:
    return ReviewText(line.values, line.text, [_mark(mark) for mark in line.marks])


def _mark(mark: Mark) -> ReviewMark:
    return ReviewMark(**{name: getattr(mark, name) for name in ReviewMark.__struct_fields__})
