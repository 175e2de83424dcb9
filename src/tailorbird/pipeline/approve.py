"""Approval by policy: which new lines go without a person, which of those are looked at afterwards, and who waits."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tailorbird.pipeline.review.enqueue import entry_for, moment
from tailorbird.ports.clock import Clock
from tailorbird.ports.creative_store import CreativeStore
from tailorbird.ports.review_queue import ReviewQueue
from tailorbird.ports.review_record import ReviewRecord
from tailorbird.project.project import Project
from tailorbird.stages.review.routing import Route, choose_sample, route_line
from tailorbird.types.campaign import Campaign
from tailorbird.types.creative import Creative
from tailorbird.types.review import QueuedLine, ReviewEntry

BY = "policy:auto"
"""Who approved a line that no person did, in its history."""

_STAYS = {"escalated", "edited", "changed"}
"""Why a line stays with people, though policy might approve it by now."""


def approve_by_policy(
    project: Project,
    campaign: Campaign,
    creatives: CreativeStore,
    queue: ReviewQueue,
    record: ReviewRecord,
    clock: Clock,
) -> dict[str, Any]:
    """Approve the pending lines that need no person; the others wait in the queue, each with the reason.

    Of the approved ones a sample is put aside, to be looked at while they are in use.
    """
    now, approved = clock.now(), record.approved_by_people()
    auto: list[tuple[Creative, Any, Route]] = []
    entries: list[ReviewEntry] = []
    looks: list[str] = []
    pending = 0
    for creative in creatives.find(campaign.name, "pending"):
        notes = (creatives.get(creative.creative_id) or (creative, {}))[1]
        route = route_line(creative, notes, campaign, project.review, approved)
        kept = _standing(queue.get(creative.creative_id), creative)
        if route.reasons or (kept is not None and _STAYS & {*kept.reasons}):
            pending += 1
            if kept is None:
                entries.append(entry_for(project, creative, notes, route, now))
            continue
        auto.append((creative, notes, route))
        if kept is not None and kept.state == "look":
            looks.append(creative.creative_id)
    chosen = _sample(project, [creative for creative, _, _ in auto], record, looks, now)
    for creative, notes, route in auto:
        entry = entry_for(project, creative, notes, replace(route, needs=()), now)
        if creative.creative_id in chosen:
            seen = replace(route, reasons=("sampled",), needs=("reviewer",))
            entries.append(entry_for(project, creative, notes, seen, now, "look"))
        elif queue.get(creative.creative_id) is not None:
            entries.append(replace(entry, state="done", outcome="policy", closed_by=BY, closed_at=moment(now)))
    queue.put(entries)  # before they are in use: a sample that a crash lost would never be looked at
    for creative, _, route in auto:
        creatives.review(creative.creative_id, "approved", BY, route.detail, now.isoformat())
    return {"approved": len(auto), "pending": pending, "sampled": len(chosen)}


def _standing(line: QueuedLine | None, creative: Creative) -> ReviewEntry | None:
    """The line's entry, if it is open and of the present text."""
    if line is None or line.entry.state == "done" or line.entry.content_hash != creative.content_hash:
        return None
    return line.entry


def _sample(
    project: Project, lines: Sequence[Creative], record: ReviewRecord, kept: Sequence[str], now: datetime
) -> set[str]:
    """Which of the lines are looked at afterwards; none without a policy file. A day is the project's own."""
    if project.review is None or not lines:
        return set(kept)
    today = now.astimezone(ZoneInfo(project.settings.timezone)).replace(hour=0, minute=0, second=0, microsecond=0)
    spec = project.review.sample
    return choose_sample(lines, spec.share, spec.minimum, record.sampled_since(moment(today)), kept)
