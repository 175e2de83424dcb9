"""Into the queue: every line that waits for a person has an entry that says why, and for whom it waits."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tailorbird.ports.creative_store import CreativeStore
from tailorbird.ports.review_queue import ReviewQueue
from tailorbird.ports.review_record import ReviewRecord
from tailorbird.project.project import Project
from tailorbird.stages.review.routing import Route, origin_of, route_line
from tailorbird.types.creative import Creative
from tailorbird.types.review import REVIEWER, EntryState, Origin, ReviewEntry, UnqueuedLine

DUE_HOURS = 24
"""When a line is due where no policy says it."""

BATCH = 500


def moment(now: datetime) -> str:
    """A moment as the queue keeps it: ISO 8601 in UTC, of one length, so that texts sort as times do."""
    return f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}+00:00"


def entry_for(
    project: Project,
    creative: Creative,
    notes: Mapping[str, Any],
    route: Route,
    now: datetime,
    state: EntryState = "waiting",
) -> ReviewEntry:
    """A new entry for the present text of a line."""
    hours = project.review.due_hours if project.review is not None else DUE_HOURS
    origin = origin_of(creative, notes)
    return ReviewEntry(
        creative_id=creative.creative_id,
        content_hash=creative.content_hash,
        campaign=creative.campaign,
        block=creative.block,
        locale=creative.locale,
        reasons=route.reasons,
        needs=route.needs,
        opened_at=moment(now),
        due_at=moment(now + timedelta(hours=hours)),
        state=state,
        detail=route.detail,
        prompt=origin.prompt,
        model=origin.model,
    )


def route_of(project: Project, creative: Creative, notes: Mapping[str, Any], approved: Mapping[Origin, int]) -> Route:
    """Where one line goes that nobody has approved; a campaign that is gone sends it to a person."""
    campaign = project.campaigns.get(creative.campaign)
    if campaign is None:
        return Route(("queue",), (REVIEWER,), "its campaign is in no file any more")
    return route_line(creative, notes, campaign, project.review, approved)


def queue_waiting(
    project: Project, creatives: CreativeStore, queue: ReviewQueue, record: ReviewRecord, now: datetime
) -> int:
    """Give an entry to every line that waits without one; how many did. Cheap where none does, safe to repeat.

    Lines come to wait in many ways: a run wrote them, a catalog made them untrue, a file was edited, an older version
    of the program left them.
    """
    found, before, approved = 0, "", None
    while (lines := queue.unqueued(BATCH)) and lines[0].creative.creative_id != before:
        before = lines[0].creative.creative_id
        approved = record.approved_by_people() if approved is None else approved
        queue.put([_waiting(project, line, creatives, approved, now) for line in lines])
        found += len(lines)
    return found


def _waiting(
    project: Project, line: UnqueuedLine, creatives: CreativeStore, approved: Mapping[Origin, int], now: datetime
) -> ReviewEntry:
    creative = line.creative
    route = route_of(project, creative, line.notes, approved)
    if creative.approval in ("outdated", "rolled_back"):
        history = creatives.reviews(creative.creative_id)
        route = replace(route, detail=str(history[-1]["reason"]) if history else route.detail)
    if creative.approval == "approved" or line.earlier not in ("", creative.content_hash):
        route = replace(route, reasons=("changed", *route.reasons))
    if not route.reasons:
        route = replace(route, reasons=("waiting",), detail="the campaign's next run may approve it by policy")
    return entry_for(project, creative, line.notes, route, now)
