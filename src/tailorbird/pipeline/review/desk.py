"""The desk: what a person does with a line, under the rules of who may."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tailorbird.pipeline.review.enqueue import entry_for, moment, queue_waiting, route_of
from tailorbird.pipeline.review.judge import Judge, ReviewError, template_lines
from tailorbird.pipeline.review.person import TEXT_MAX, NotAllowedError, Person, find_person, readable
from tailorbird.pipeline.review.rewrite import rewrite_line
from tailorbird.ports.clock import Clock
from tailorbird.ports.creative_store import CreativeStore
from tailorbird.ports.review_queue import ReviewConflictError, ReviewQueue
from tailorbird.ports.review_record import ReviewRecord
from tailorbird.project.project import Project
from tailorbird.stages.privacy.masking import Masker
from tailorbird.stages.review.eyes import choose_sign_off, gives
from tailorbird.stages.review.routing import authors_of
from tailorbird.types.creative import Approval, Creative
from tailorbird.types.review import (
    REVIEWER,
    ActKind,
    QueuedLine,
    QueueFilter,
    QueuePage,
    ReviewAct,
    ReviewChange,
    ReviewEntry,
)

ATTEMPTS_MAX = 5


class UnknownLineError(ReviewError):
    """There is no such line."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A line as it was read for one attempt: its entry, and the revision that a change of it is made for."""

    creative: Creative
    notes: Any
    entry: ReviewEntry
    revision: int


class ReviewDesk:
    """The review queue of one project. Every act is recorded with who, when and of which text; what people write is
    masked first, since these records are about lines and stay for ever."""

    def __init__(
        self,
        project: Project,
        creatives: CreativeStore,
        queue: ReviewQueue,
        record: ReviewRecord,
        open_judge: Callable[[], Judge],
        masker: Masker,
        clock: Clock,
    ) -> None:
        self._project, self._policy, self._open_judge = project, project.review, open_judge
        self._creatives, self._queue, self._record = creatives, queue, record
        self._masker, self._clock = masker, clock
        self._last_resorts = template_lines(project)

    def page(self, wanted: QueueFilter, limit: int, after: str = "") -> QueuePage:
        """Lines of the queue, those due first."""
        queue_waiting(self._project, self._creatives, self._queue, self._record, self._clock.now())
        try:
            return self._queue.find(wanted, limit, after)
        except ValueError as error:
            raise ReviewError(str(error)) from None

    def next_for(self, by: str, wanted: QueueFilter) -> QueuedLine | None:
        """The first line that this person can approve; None: there is none."""
        person, after = self.person(by), ""
        while True:
            page = self.page(wanted, 100, after)
            for line in page.lines:
                notes = (self._creatives.get(line.creative.creative_id) or (line.creative, {}))[1]
                if self._sign_off(_Read(line.creative, notes, line.entry, 0), person)[0]:
                    return line
            after = page.after
            if not after:
                return None

    def line(self, creative_id: str) -> QueuedLine:
        """One line with its entry. UnknownLineError: there is none."""
        read = self._read(creative_id)
        return QueuedLine(read.entry, read.creative)

    def person(self, name: str, limited: tuple[str, ...] | None = None) -> Person:
        """Who that is; `limited` are the roles of their key. NotAllowedError: nobody of the policy's people."""
        return find_person(self._policy, name, limited)

    def approve(
        self, creative_id: str, who: Person, seen: str = "", reason: str = "", again: bool = False
    ) -> QueuedLine:
        """Give the approval that this person can give; the line may be used once none is missing.

        `seen` is the hash, or its beginning, of the text that was read. `again` approves what somebody rejected.
        ReviewConflictError: the text is another, or somebody was faster.
        """

        def step(read: _Read) -> None:
            line, entry = read.creative, read.entry
            if line.usable and entry.state != "look":
                raise ReviewConflictError(f"{line.creative_id} is approved already, by {line.approved_by}")
            need, why = self._sign_off(read, who)
            if not need:
                raise NotAllowedError(why)
            left = tuple(each for each in entry.needs if each != need)
            assigned = "" if entry.assigned == need else entry.assigned
            after = replace(entry, needs=left, assigned=assigned)
            if left:
                self._keep(read, "approve", who, reason, need, after)
            else:
                self._keep(read, "approve", who, reason, need, self._closed(after, "approve", who), "approved")

        return self._attempt(creative_id, seen, again, step)

    def reject(self, creative_id: str, who: Person, reason: str, seen: str = "") -> QueuedLine:
        """Take a line out of use, at once; one that is approved too. A reason must be given."""

        def step(read: _Read) -> None:
            line = read.creative
            if line.approval == "rejected":
                raise ReviewConflictError(f"{line.creative_id} is rejected already{self._by(read.entry)}")
            place = (line.campaign, line.block, line.locale, line.text)
            if line.rung == "template" or place in self._last_resorts:
                raise ReviewError(
                    "this is the template's own line, the last resort: change it in templates/…/lines.yaml"
                )
            self._must_review(who, read.entry)
            self._keep(read, "reject", who, reason, "", self._closed(read.entry, "reject", who), "rejected")

        self._must_say(reason, "why you reject it")
        return self._attempt(creative_id, seen, True, step)

    def edit(
        self, creative_id: str, who: Person, text: str, seen: str = "", reason: str = "", again: bool = False
    ) -> QueuedLine:
        """Put a new line in the place of a model's: it waits for somebody else, and the old one is rejected.

        Two lines, so that learning and reports keep telling the truth about both. A text with a fault that no approval
        can mend is refused with the finding.
        """

        def step(read: _Read) -> None:
            self._must_review(who, read.entry)
            edited, notes = rewrite_line(self._creatives, read.creative, read.notes, text, who.name, self._open_judge)
            closed = self._closed(read.entry, "edit", who)
            why = reason or f"edited into {edited.creative_id}"
            self._keep(read, "edit", who, why, "", closed, "rejected", (edited, notes))
            made.append(edited.creative_id)

        made: list[str] = []
        self._attempt(creative_id, seen, again, step)
        queue_waiting(self._project, self._creatives, self._queue, self._record, self._clock.now())
        return self.line(made[0])

    def comment(self, creative_id: str, who: Person, text: str) -> QueuedLine:
        """Keep a remark with a line; nothing else changes."""
        self._must_say(text, "what you think")
        read = self._read(creative_id)
        self._queue.record(self._act(read, "comment", who, text, ""))
        return self.line(creative_id)

    def escalate(self, creative_id: str, who: Person, role: str, reason: str) -> QueuedLine:
        """Ask a role: with a policy file, the line then needs that role's approval too."""

        def step(read: _Read) -> None:
            entry = read.entry
            if entry.state == "done":
                raise ReviewConflictError(f"{creative_id} waits for nobody: reject it, or edit it")
            reasons = tuple(dict.fromkeys((*entry.reasons, "escalated")))
            needs = entry.needs if self._policy is None else tuple(dict.fromkeys((*entry.needs, role)))
            after = replace(entry, reasons=reasons, needs=needs, assigned=role)
            self._keep(read, "escalate", who, reason, role, after)

        self._must_say(reason, "why you ask them")
        if self._policy is not None and not any(role in p.roles for p in self._policy.people.values()):
            raise ReviewError(f"policies/review.yaml gives nobody the role {role!r}")
        return self._attempt(creative_id, "", True, step)

    def _attempt(self, creative_id: str, seen: str, again: bool, step: Callable[[_Read], None]) -> QueuedLine:
        """Read, act, and begin anew where somebody else changed the entry in between; never with another text."""
        for attempt in range(ATTEMPTS_MAX):
            read = self._read(creative_id)
            if seen and not read.creative.content_hash.startswith(seen.lower()):
                raise ReviewConflictError(
                    f"the text is not the one that was read ({seen[:12]}); it is now: {read.creative.text} "
                    f"({read.creative.content_hash[:12]})"
                )
            seen = seen or read.creative.content_hash
            if read.creative.approval == "rejected" and not again:
                raise ReviewConflictError(
                    f"{creative_id} is rejected{self._by(read.entry)}; if you disagree, say that you mean it (again)"
                )
            try:
                step(read)
                return self.line(creative_id)
            except ReviewConflictError:
                if attempt + 1 == ATTEMPTS_MAX or self._read(creative_id) == read:
                    raise
        raise AssertionError("the last attempt returns or raises")

    def _read(self, creative_id: str) -> _Read:
        # The entry first: read after the line, it could be of an act that the line as read does not know of, and its
        # revision would let a second person act on what is closed.
        kept = self._queue.get(creative_id)
        found = self._creatives.get(creative_id)
        if found is None:
            raise UnknownLineError(f"no creative {creative_id!r}; 'tailorbird review list' shows them")
        creative, notes = found
        if kept is not None and kept.entry.content_hash == creative.content_hash:
            open_again = kept.entry.state == "done" and not creative.usable
            if not open_again and not (kept.entry.state == "look" and not creative.usable):
                return _Read(creative, notes, kept.entry, kept.entry.revision)
        now, revision = self._clock.now(), kept.entry.revision if kept is not None else 0
        route = route_of(self._project, creative, notes, self._record.approved_by_people())
        entry = entry_for(self._project, creative, notes, route, now)
        if creative.usable or creative.approval == "rejected":
            was = kept.entry if kept is not None else entry
            entry = replace(entry, state="done", closed_by=was.closed_by or creative.approved_by, outcome=was.outcome)
        return _Read(creative, notes, entry, revision)

    def _sign_off(self, read: _Read, who: Person) -> tuple[str, str]:
        campaign = self._project.campaigns.get(read.creative.campaign)
        authors = authors_of(read.creative, read.notes, campaign.owners if campaign else (), self._policy)
        acts = self._record.acts(read.creative.creative_id, "approve")
        text, since = read.creative.content_hash, read.entry.opened_at
        signed = [act for act in acts if act.content_hash == text and act.at >= since]
        return choose_sign_off(who.name, who.roles, read.entry.needs or (REVIEWER,), authors, signed, self._policy)

    def _must_review(self, who: Person, entry: ReviewEntry) -> None:
        asked = (REVIEWER, "legal", "admin", *((entry.assigned,) if entry.assigned else ()))
        if not any(gives(need, who.roles, self._policy) for need in asked):
            raise NotAllowedError(f"{who.name} is {', '.join(who.roles) or 'of no role'}, which reviews no lines")

    def _must_say(self, text: str, what: str) -> None:
        if not readable(text):
            raise ReviewError(f"say {what}")
        if len(text) > TEXT_MAX:
            raise ReviewError(f"{len(text):,} characters are too many; {TEXT_MAX:,} are the most")

    def _keep(
        self,
        read: _Read,
        act: ActKind,
        who: Person,
        text: str,
        role: str,
        after: ReviewEntry,
        approval: Approval | None = None,
        new: tuple[Creative, dict[str, Any]] | None = None,
    ) -> None:
        kept = self._act(read, act, who, text, role)
        kept = replace(kept, new_id=new[0].creative_id) if new is not None else kept
        self._queue.record(kept, ReviewChange(after, read.revision, approval), new)

    def _act(self, read: _Read, act: ActKind, who: Person, text: str, role: str) -> ReviewAct:
        told, line = self._masker.mask(readable(text)), read.creative
        return ReviewAct(line.creative_id, line.content_hash, act, who.name, role, told, moment(self._clock.now()))

    def _closed(self, entry: ReviewEntry, outcome: str, who: Person) -> ReviewEntry:
        at = moment(self._clock.now())
        return replace(entry, state="done", outcome=outcome, closed_by=who.name, closed_at=at, assigned="")

    def _by(self, entry: ReviewEntry) -> str:
        return f", by {entry.closed_by}" if entry.closed_by else ""
