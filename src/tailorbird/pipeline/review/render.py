"""How a line reads: with difficult values, and in a whole message, with what the checks found at its characters."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from tailorbird.pipeline.build_messages import MessageBuilder
from tailorbird.pipeline.exemplars import INVENTED_NAMES, item_rows
from tailorbird.pipeline.stitch import Stitched
from tailorbird.ports.creative_store import CreativeStore
from tailorbird.project.project import Project
from tailorbird.stages.briefs.slot_values import item_slots, slot_samples
from tailorbird.stages.review.marks import marks_in
from tailorbird.types.campaign import Campaign
from tailorbird.types.creative import Creative
from tailorbird.types.decision import TEST_DECISION, Decision, Placement
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.item import Item
from tailorbird.types.message import Message
from tailorbird.types.profile import Profile
from tailorbird.types.review import RenderedLine, RenderedMessage, Rendering
from tailorbird.types.slot_text import SlotText

KINDS = ("shortest", "longest", "awkward")
READER, ADDRESS = "reader", "reader@example.com"
"""The example person: nobody's, with an invented name."""


class Renderer:
    """Renders lines of one project as it is now. `items` gives the catalog at a moment; `keys` sign links and mail as
    they would be signed. Nothing is stored and nothing is sent; links of a rendering record nothing."""

    def __init__(
        self,
        project: Project,
        creatives: CreativeStore,
        items: Callable[[], Mapping[str, Item]],
        keys: tuple[bytes, bytes],
        now: Callable[[], datetime],
    ) -> None:
        self._project, self._creatives, self._items, self._keys, self._now = project, creatives, items, keys, now

    def render(self, creative: Creative) -> Rendering:
        """The line by itself for the shortest, longest and most awkward value of each slot, and in a message."""
        notes = (self._creatives.get(creative.creative_id) or (creative, {}))[1]
        try:
            items = self._items()
        except TailorbirdError as error:  # no catalog was imported
            return Rendering(message=RenderedMessage(problem=str(error)))
        findings = (notes.get("verdict") or {}).get("findings") or ()
        lines = self._lines(creative, items, findings)
        campaign = self._project.campaigns.get(creative.campaign)
        if campaign is None or creative.block not in campaign.blocks:
            where = f"{creative.campaign}/{creative.block} is in no campaign file any more"
            return Rendering(lines, RenderedMessage(problem=where))
        return Rendering(lines, self._message(creative, notes, campaign, items, findings))

    def _lines(self, creative: Creative, items: Mapping[str, Item], findings: Any) -> tuple[RenderedLine, ...]:
        text = SlotText.parse(creative.text)
        rows = item_rows(creative.locale, items, self._project.settings.catalog.facts)
        samples = {**slot_samples(text.slots, rows), "brand.name": (self._project.brand.name,) * len(KINDS)}
        if any(slot not in samples for slot in text.slots):  # no item of the catalog has such a fact
            return ()
        rendered: dict[str, RenderedLine] = {}
        for position, kind in enumerate(KINDS):
            values = {slot: samples[slot][position] for slot in text.slots}
            stitched = text.stitch(values)
            name = f"{rendered[stitched].values}, {kind}" if stitched in rendered else kind
            rendered[stitched] = RenderedLine(name, stitched, marks_in(creative.text, values, findings))
        return tuple(rendered.values())

    def _message(
        self, creative: Creative, notes: Mapping[str, Any], campaign: Campaign, items: Mapping[str, Item], findings: Any
    ) -> RenderedMessage:
        facts = self._project.settings.catalog.facts
        hero, last = _example_items(creative, notes, self._project, items)
        if hero is None:
            return RenderedMessage(problem="no item that is in stock has every fact that the line states")
        values = {"brand.name": self._project.brand.name, "person.first_name": INVENTED_NAMES[0]}
        values |= item_slots(items[hero], creative.locale, facts)
        values["last_item.short_name"] = item_slots(items[last or hero], creative.locale, facts)["item.short_name"]
        # The line as it would be if it were approved, beside lines that are.
        shown = replace(creative, approval="approved", approved_hash=creative.content_hash)
        beside = self._beside(creative, campaign, values)
        decision = _decided(shown, beside, campaign, hero, last or hero, self._now())
        reader = Profile(
            READER, consents={"personalization": True}, email=ADDRESS, first_name=INVENTED_NAMES[0],
            locale=creative.locale,
        )  # fmt: skip
        try:
            builder = MessageBuilder(self._project, campaign, items, [shown, *beside], *self._keys)
            message, stitched, faults = builder.build(decision, reader, self._now().replace(microsecond=0))
        except TailorbirdError as error:
            return RenderedMessage(item_id=hero, person=INVENTED_NAMES[0], problem=str(error))
        kept = stitched.creative_ids.get(creative.block) == creative.creative_id
        line = RenderedLine("in the message", stitched.blocks[creative.block],
                            marks_in(creative.text, values, findings) if kept else ())  # fmt: skip
        return _read(message, stitched, line, hero, faults)

    def _beside(self, creative: Creative, campaign: Campaign, values: Mapping[str, str]) -> list[Creative]:
        """For every other block a line that is in use and can be filled; without one, the template's own serves."""
        found: dict[str, Creative] = {}
        for other in self._creatives.find(campaign.name, "approved"):
            here = other.usable and other.locale == creative.locale and other.block in campaign.blocks
            free = other.block not in (creative.block, *found) and other.rung != "template"
            if here and free and all(slot in values for slot in SlotText.parse(other.text).slots):
                found[other.block] = other
        return list(found.values())


def _example_items(
    creative: Creative, notes: Mapping[str, Any], project: Project, items: Mapping[str, Item]
) -> tuple[str | None, str | None]:
    """(the item that the message is about, the one bought last): the brief's own where it can be, else of its
    family."""
    brief = notes.get("brief") or {}
    families = {brief.get("family")} | {
        family for line in project.brand.approved if line.id == creative.tags.get("line") for family in line.families
    }
    needed = {slot for slot in SlotText.parse(creative.text).slots if slot.startswith("item.")}
    facts, ranked = project.settings.catalog.facts, list[tuple[bool, bool, str]]()
    for item_id, item in items.items():
        if item.in_stock and needed <= item_slots(item, creative.locale, facts).keys():
            ranked.append((item_id != brief.get("exemplar_item_id"), item.family not in families, item_id))
    ranked.sort()
    if not ranked:
        return None, None
    return ranked[0][2], next((item_id for _, _, item_id in ranked[1:]), None)


def _decided(
    creative: Creative, beside: list[Creative], campaign: Campaign, hero: str, last: str, at: datetime
) -> Decision:
    copy = tuple(Placement(c.block, c.block, None, c.creative_id, 1.0, 1) for c in (creative, *beside))
    return Decision(
        decision_id=f"{TEST_DECISION}{creative.creative_id}",
        campaign=campaign.name,
        step=campaign.step,
        person_id=READER,
        arm="treatment",
        decided_at=at,
        slate=(
            Placement("hero", "item", hero, None, 1.0, 1),
            *copy,
            Placement("last_item", "fact", last, None, 1.0, 1),
        ),
        subject="review",
        locale=creative.locale,
        policy_version="",
        reason="review",
    )


def _read(
    message: Message, stitched: Stitched, line: RenderedLine, hero: str, faults: tuple[str, ...]
) -> RenderedMessage:
    parsed = message_from_bytes(message.raw, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    parts = {}
    for kind in ("html", "plain"):
        body = parsed.get_body((kind,))
        parts[kind] = str(body.get_content()) if body is not None else ""
    at = parts["plain"].find(line.text)
    return RenderedMessage(
        subject=message.subject,
        html=parts["html"],
        text=parts["plain"],
        raw=message.raw,
        line=line,
        span=(at, at + len(line.text)) if at >= 0 and line.text else None,
        item_id=hero,
        person=stitched.context["person"]["first_name"],
        faults=faults,
    )
