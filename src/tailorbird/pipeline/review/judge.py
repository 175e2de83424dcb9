"""Judging a line that a person rewrites, and which lines no review can take away."""

from collections.abc import Callable, Mapping, Sequence

from tailorbird.pipeline import known_lines
from tailorbird.pipeline.exemplars import item_rows
from tailorbird.project.project import Project
from tailorbird.project.references import known_slots
from tailorbird.project.source import nearest
from tailorbird.stages.briefs.slot_values import slot_samples
from tailorbird.types.creative import Creative
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.item import Item
from tailorbird.types.slot_text import SlotText
from tailorbird.types.verdict import Verdict

Judge = Callable[[Creative], Verdict]


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
        campaign = project.campaigns.get(creative.campaign)
        if campaign is None or creative.block not in campaign.blocks:
            where = f"{creative.campaign}/{creative.block}"
            raise ReviewError(f"{where} is in no campaign file any more, so that nobody can judge a line for it")
        return known_lines.judge_known(
            creative.text,
            creative.block,
            creative.locale,
            campaign.blocks[creative.block],
            project.brand,
            samples,
            rows,
        )

    return judge
