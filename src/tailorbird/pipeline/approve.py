"""Approval: what the policy approves by itself, and what people decide."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from tailorbird.pipeline import known_lines
from tailorbird.pipeline.exemplars import item_rows
from tailorbird.ports.clock import Clock
from tailorbird.ports.creative_store import CreativeStore
from tailorbird.project.project import Project
from tailorbird.project.references import known_slots
from tailorbird.project.source import nearest
from tailorbird.stages.briefs.slot_values import slot_samples
from tailorbird.stages.generation.tags import guess_tags
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
        # A line that a person wrote or edited, and that waits, waits for a person.
        if ok and creative.rung == "model" and creative.version == 1:
            creatives.review(creative.creative_id, "approved", "policy:auto", reason, clock.now().isoformat())
            approved += 1
        else:
            pending += 1
    return {"approved": approved, "pending": pending}


def record_review(
    creatives: CreativeStore,
    creative_id: str,
    approval: str,
    by: str,
    reason: str,
    clock: Clock,
    last_resorts: Collection[tuple[str, str, str, str]] = (),
    seen: str = "",
) -> Creative:
    """A person approves or rejects a line.

    `last_resorts` are the templates' own lines as (campaign, block, locale, text): those cannot be rejected, whoever
    else wrote them too. `seen` is the (beginning of the) hash of the text that the reviewer read, where it is known.
    """
    if not by.strip():
        raise ReviewError("say who reviews: --by NAME")
    line = _line(creatives, creative_id)[0]
    place = (line.campaign, line.block, line.locale, line.text)
    if approval == "rejected" and (line.rung == "template" or place in last_resorts):
        raise ReviewError("this is the template's own line, the last resort: change it in templates/…/lines.yaml")
    if seen and not line.content_hash.startswith(seen):
        raise ReviewError(
            f"the text is not the one that was read ({seen}); it is now: {line.text} ({line.content_hash[:12]})"
        )
    return creatives.review(creative_id, approval, by, reason, clock.now().isoformat())


def template_lines(project: Project) -> set[tuple[str, str, str, str]]:
    """(campaign, block, locale, text) of every line that a campaign's template falls back to."""
    return {
        (campaign.name, block, locale, text)
        for campaign in project.campaigns.values()
        for block, texts in project.templates[campaign.template].lines.items()
        for locale, text in texts.items()
    }


def edit_creative(
    creatives: CreativeStore, creative_id: str, text: str, judge: Judge, by: str, clock: Clock
) -> Creative:
    """A person rewrites a model's line: a new, pending one takes its place, and the old one is rejected.

    Two lines, so that learning and reports keep telling the truth about both. Lines of the project's files are
    changed there. `judge` says what no approval can mend (length, unknown slots, phrases the brand never uses): such
    a text is refused with the finding.
    """
    old, notes = _line(creatives, creative_id)
    if old.rung != "model":
        where = "brand/approved.yaml" if old.rung == "approved" else "templates/…/lines.yaml"
        raise ReviewError(f"a person wrote this line into {where}: change it there")
    key = known_lines.creative_id(old.campaign, old.brief_id, old.block, old.locale, text)
    if creatives.get(key) is not None:
        raise ReviewError(f"that text is there already: {key}")
    try:
        edited = edit(old, text, key, guess_tags(SlotText.parse(text)))
    except ValueError as error:
        raise ReviewError(str(error)) from None
    verdict = judge(edited)
    worst = next((found for found in verdict.findings if found.severity == "error"), None)
    if worst is not None:
        raise ReviewError(f"{worst.type} at {worst.span[0]}–{worst.span[1]}: {worst.reason}; the line stays as it was")
    about = {"verdict": asdict(verdict), "edited_from": creative_id, "edited_by": by.strip()}
    creatives.save([edited], {key: {**notes, **about}})
    creatives.review(creative_id, "rejected", by.strip() or "edit", f"edited into {key}", clock.now().isoformat())
    return edited


def _line(creatives: CreativeStore, creative_id: str) -> tuple[Creative, Mapping[str, Any]]:
    found = creatives.get(creative_id)
    if found is None:
        raise ReviewError(f"no creative {creative_id!r}; 'tailorbird review list' shows them")
    return found


def judge_of(project: Project, items: Mapping[str, Item]) -> Judge:
    """A judge of rewritten lines, with slot values from the whole catalog."""
    facts, known = project.settings.catalog.facts, known_slots(project.settings)

    def rows(locale: str) -> list[dict[str, str]]:
        return item_rows(locale, items, facts)

    def samples(slots: Sequence[str], locale: str) -> Mapping[str, tuple[str, ...]]:
        return slot_samples(slots, rows(locale))

    def judge(creative: Creative) -> Verdict:
        for slot in SlotText.parse(creative.text).slots:
            if slot not in known:
                raise ReviewError(f"no slot {slot!r}{nearest(slot, known)}")
        spec = project.campaign(creative.campaign).blocks[creative.block]
        return known_lines.judge_known(
            creative.text, creative.block, creative.locale, spec, project.brand, samples, rows
        )

    return judge
