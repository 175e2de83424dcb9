"""Approval: what the policy approves by itself, and what people decide."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from tailorbird.pipeline.known_lines import judge_known
from tailorbird.ports.clock import Clock
from tailorbird.ports.creative_store import CreativeStore
from tailorbird.project.project import Project
from tailorbird.project.references import known_slots
from tailorbird.project.source import nearest
from tailorbird.stages.briefs.slot_values import item_slots, slot_samples
from tailorbird.stages.review.policy import approves_itself, edit, review_mode
from tailorbird.types.campaign import Campaign
from tailorbird.types.creative import Creative
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.item import Item
from tailorbird.types.slot_text import SlotText
from tailorbird.types.verdict import Verdict

Judge = Callable[[Creative], Verdict]


class ReviewError(TailorbirdError):
    """A review that cannot be recorded; the message says why."""


def approve_by_policy(campaign: Campaign, creatives: CreativeStore, clock: Clock) -> dict[str, Any]:
    """Approve the pending lines that the campaign's policy calls low risk; the others stay in the queue."""
    approved = pending = 0
    for creative in creatives.find(campaign.name, "pending"):
        notes = (creatives.get(creative.creative_id) or (creative, {}))[1]
        status = (notes.get("verdict") or {}).get("status", "review")
        ok, reason = approves_itself(creative, Verdict(status), review_mode(campaign))
        if ok and creative.version == 1:  # an edited line was put into the queue by a person, and waits for one
            creatives.review(creative.creative_id, "approved", "policy:auto", reason, clock.now().isoformat())
            approved += 1
        else:
            pending += 1
    return {"approved": approved, "pending": pending}


def record_review(
    creatives: CreativeStore, creative_id: str, approval: str, by: str, reason: str, clock: Clock
) -> Creative:
    """A person approves or rejects a line."""
    if not by.strip():
        raise ReviewError("say who reviews: --by NAME")
    found = creatives.get(creative_id)
    if found is not None and found[0].rung == "template" and approval == "rejected":
        raise ReviewError("this is the template's own line, the last resort: change it in templates/…/lines.yaml")
    try:
        return creatives.review(creative_id, approval, by, reason, clock.now().isoformat())
    except KeyError:
        raise ReviewError(f"no creative {creative_id!r}; 'tailorbird review list' shows them") from None


def edit_creative(creatives: CreativeStore, creative_id: str, text: str, judge: Judge) -> Creative:
    """A person rewrites a line: it becomes a new version, and its approval is void.

    `judge` says what no approval can mend (length, unknown slots, phrases the brand never uses): such a text is
    refused with the finding.
    """
    found = creatives.get(creative_id)
    if found is None:
        raise ReviewError(f"no creative {creative_id!r}; 'tailorbird review list' shows them")
    try:
        edited = edit(found[0], text)
    except ValueError as error:
        raise ReviewError(str(error)) from None
    verdict = judge(edited)
    if not verdict.passed:
        worst = verdict.findings[0]
        raise ReviewError(f"{worst.type} at {worst.span[0]}–{worst.span[1]}: {worst.reason}; the line stays as it was")
    creatives.save([edited], {creative_id: {**found[1], "verdict": asdict(verdict)}})
    return edited


def judge_of(project: Project, items: Mapping[str, Item]) -> Judge:
    """A judge of rewritten lines, with slot values from the whole catalog."""
    facts, known = project.settings.catalog.facts, known_slots(project.settings)

    def samples(slots: Sequence[str], locale: str) -> Mapping[str, tuple[str, ...]]:
        return slot_samples(slots, [item_slots(item, locale, facts) for item in items.values()])

    def judge(creative: Creative) -> Verdict:
        for slot in SlotText.parse(creative.text).slots:
            if slot not in known:
                raise ReviewError(f"no slot {slot!r}{nearest(slot, known)}")
        spec = project.campaign(creative.campaign).blocks[creative.block]
        return judge_known(creative.text, creative.block, creative.locale, spec, project.brand, samples)

    return judge
