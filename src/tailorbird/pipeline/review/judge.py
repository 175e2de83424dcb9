"""Judging a line that a person rewrites, and which lines no review can take away."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tailorbird.pipeline import known_lines
from tailorbird.pipeline.exemplars import INVENTED_NAMES, item_rows
from tailorbird.pipeline.validation.copy_check import CopyCheck
from tailorbird.project.project import Project
from tailorbird.project.references import known_slots
from tailorbird.project.source import nearest
from tailorbird.stages.briefs.slot_values import item_slots, slot_samples
from tailorbird.types.creative import Creative
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.item import Item
from tailorbird.types.policy import Policy
from tailorbird.types.slot_text import SlotText
from tailorbird.types.verdict import Finding, Verdict, worst_status

Judge = Callable[[Creative, Mapping[str, Any]], Verdict]
"""A line and its notes, which say from which item it was written."""


class ReviewError(TailorbirdError):
    """A review that cannot be recorded; the message says why."""


def template_lines(project: Project) -> set[tuple[str, str, str, str]]:
    """(campaign, block, locale, text) of every line that a campaign's template falls back to."""
    return {
        (campaign.name, block, locale, text)
        for campaign in project.campaigns.values()
        for block, texts in project.templates[campaign.template].lines.items()
        for locale, text in texts.items()
    }


def judge_of(project: Project, items: Mapping[str, Item], check: CopyCheck | None = None) -> Judge:
    """A judge of rewritten lines, with slot values from the whole catalog.

    With a `check` a line is also held against what is true of the item that its brief was written from, as a model's
    line is: what it finds is in the verdict, and what contradicts a fact or breaks a rule is an error.
    """
    facts, known = project.settings.catalog.facts, known_slots(project.settings)

    def rows(locale: str) -> list[dict[str, str]]:
        return item_rows(locale, items, facts)

    def samples(slots: Sequence[str], locale: str) -> Mapping[str, tuple[str, ...]]:
        return slot_samples(slots, rows(locale))

    def judge(creative: Creative, notes: Mapping[str, Any]) -> Verdict:
        for slot in SlotText.parse(creative.text).slots:
            if slot not in known:
                raise ReviewError(f"no slot {slot!r}{nearest(slot, known)}")
        campaign = project.campaigns.get(creative.campaign)
        if campaign is None or creative.block not in campaign.blocks:
            where = f"{creative.campaign}/{creative.block}"
            raise ReviewError(f"{where} is in no campaign file any more, so that nobody can judge a line for it")
        verdict = known_lines.judge_known(
            creative.text,
            creative.block,
            creative.locale,
            campaign.blocks[creative.block],
            project.brand,
            samples,
            rows,
        )
        if check is None or verdict.status == "block":
            return verdict
        held = _held_to_facts(creative, notes, campaign.channel, project, items, check)
        return Verdict(worst_status((*verdict.findings, *held)), (*verdict.findings, *held), verdict.text)

    return judge


def _held_to_facts(
    creative: Creative,
    notes: Mapping[str, Any],
    channel: str,
    project: Project,
    items: Mapping[str, Item],
    check: CopyCheck,
) -> tuple[Finding, ...]:
    """What the validator finds in a line about its brief's item; nothing where that is gone, or lacks a fact."""
    item_id = str((notes.get("brief") or {}).get("exemplar_item_id") or "")
    if item_id not in items:
        return ()
    facts, line = project.settings.catalog.facts, SlotText.parse(creative.text)
    last = next((one for one in items.values() if one.item_id != item_id), items[item_id])
    values = item_slots(items[item_id], creative.locale, facts)
    values["last_item.short_name"] = item_slots(last, creative.locale, facts)["item.short_name"]
    values |= {"person.first_name": INVENTED_NAMES[0], "brand.name": project.brand.name}
    if any(slot not in values for slot in line.slots):
        return ()
    shown = [item_id, *([last.item_id] if "last_item.short_name" in line.slots else [])]
    used = {name: value for name, value in values.items() if name in line.slots}
    verdict = check.judge(line, used, shown, creative.locale, Policy(channel, "", creative.block, attended=True))
    return tuple(found for found in verdict.findings if found.severity != "info")
