"""Stitching: from a decision to the finished message in the outbox."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tailorbird.pipeline.screen_items import project_hosts
from tailorbird.project.project import Project
from tailorbird.stages.briefs.person_slots import clean_first_name
from tailorbird.stages.briefs.slot_values import format_price, item_slots
from tailorbird.stages.safety.screening import screen_text
from tailorbird.stages.tracking.tokens import sign_token
from tailorbird.types.campaign import Campaign
from tailorbird.types.creative import Creative
from tailorbird.types.decision import Decision
from tailorbird.types.item import Item
from tailorbird.types.profile import Profile
from tailorbird.types.slot_text import SlotText


@dataclass(frozen=True)
class Stitched:
    """One person's words and the template's context. `creative_ids`, `rungs` and `lines` are per block.

    `lines` are what the blocks were filled from, with `values` by slot; a block that is the brand's name has none.
    """

    blocks: Mapping[str, str]
    rungs: Mapping[str, str]
    creative_ids: Mapping[str, str]
    literals: frozenset[str]
    context: Mapping[str, Any]
    lines: Mapping[str, SlotText]
    values: Mapping[str, str]


class Stitcher:
    """Turns decisions into words, one person at a time; everything that is shared is worked out once."""

    def __init__(
        self,
        project: Project,
        campaign: Campaign,
        items: Mapping[str, Item],
        creatives: Mapping[str, Creative],
        link_key: bytes,
    ) -> None:
        self._project, self._campaign, self._items, self._key = project, campaign, items, link_key
        self._base = project.settings.base_url.rstrip("/")
        self._hosts = project_hosts(project.settings)
        self._creatives = creatives
        # A line that was rejected or edited since the decision is not sent: its block shows the template's line.
        self._texts = {name: SlotText.parse(creative.text) for name, creative in creatives.items() if creative.usable}
        self._template = project.templates[campaign.template]
        # A last resort that states what is no longer so is none.
        outdated = {(c.block, c.locale, c.text) for c in creatives.values() if c.approval == "outdated"}
        self._lines = {
            (block, locale): None if (block, locale, text) in outdated else SlotText.parse(text)
            for block, lines in self._template.lines.items()
            for locale, text in lines.items()
        }
        self._slots: dict[tuple[str, str], dict[str, str]] = {}
        self._cards: dict[tuple[str, str], dict[str, str]] = {}

    def stitch(
        self,
        decision: Decision,
        profile: Profile,
        personal: bool,
        pixel: bool,
        message_id: str,
        plain: frozenset[str] = frozenset(),
        bare: frozenset[str] = frozenset(),
    ) -> Stitched:
        """Fill the slate's lines with the person's facts and the catalog as it is now.

        `personal` is the consent to personalization, `pixel` the one to open tracking. Blocks in `plain` use the
        template's line, and those in `bare` the brand's name alone (the caller found their copy unfit). A fact that is
        gone since the decision (a price that was removed, a name that was withdrawn) also sends its block to the
        template's line.
        """
        locale = decision.locale
        values = self._values(decision, profile, personal)
        blocks: dict[str, str] = {}
        rungs: dict[str, str] = {}
        used: dict[str, str] = {}
        lines: dict[str, SlotText] = {}
        for placement in decision.slate:
            if placement.creative_id is not None and placement.block not in plain:
                text = self._texts.get(placement.creative_id)
                if text is not None and all(slot in values for slot in text.slots):
                    blocks[placement.block], lines[placement.block] = text.stitch(values), text
                    rungs[placement.block] = self._creatives[placement.creative_id].rung
                    used[placement.block] = placement.creative_id
        for block in self._campaign.blocks:
            if block not in blocks or block in bare:
                used.pop(block, None)
                lines.pop(block, None)
                last = None if block in bare else self._last_resort(block, locale, values)
                if last is not None:
                    lines[block] = last
                # The brand's name is the one fact that every message has.
                blocks[block] = self._project.brand.name if last is None else last.stitch(values)
                rungs[block] = "template"
        context = self._context(decision, values, blocks, pixel, message_id)
        return Stitched(blocks, rungs, used, frozenset(values.values()), context, lines, values)

    def _values(self, decision: Decision, profile: Profile, personal: bool) -> dict[str, str]:
        values = {"brand.name": self._project.brand.name}
        for placement in decision.slate:
            item_id = placement.item_id or ""
            if placement.placement == "hero" and item_id in self._items:
                values.update(self._item_slots(item_id, decision.locale))
            elif placement.placement == "last_item" and personal and item_id in self._items:
                values["last_item.short_name"] = self._item_slots(item_id, decision.locale)["item.short_name"]
        name = self._name(profile.first_name) if personal else None
        if name:
            values["person.first_name"] = name
        return values

    def _name(self, first_name: str | None) -> str | None:
        """The first name, if it is one: no host that mail programs make a link of, no slur, no sentence."""
        name = clean_first_name(first_name)
        return name if name and screen_text(name, "name", self._hosts).usable else None

    def _item_slots(self, item_id: str, locale: str) -> dict[str, str]:
        key = (item_id, locale)
        if key not in self._slots:
            facts = self._project.settings.catalog.facts
            self._slots[key] = item_slots(self._items[item_id], locale, facts)
        return self._slots[key]

    def _last_resort(self, block: str, locale: str, values: Mapping[str, str]) -> SlotText | None:
        default = self._project.settings.default_locale
        text = self._lines[(block, locale) if (block, locale) in self._lines else (block, default)]
        return text if text is not None and all(slot in values for slot in text.slots) else None

    def _card(self, item_id: str, locale: str) -> dict[str, str]:
        """What the template shows of an item; every declared fact is there, '' where the item lacks it."""
        key = (item_id, locale)
        if key not in self._cards:
            item, slots = self._items[item_id], self._item_slots(item_id, locale)
            card = dict.fromkeys(self._project.settings.catalog.facts, "")
            card.update({slot.split(".", 1)[1]: value for slot, value in slots.items()})
            card["item_id"], card["price"] = item_id, format_price(item, locale) or ""
            card["image"] = self._absolute(item.image) if item.image else ""
            self._cards[key] = card
        return self._cards[key]

    def _offered(self, item_id: str | None) -> bool:
        item = self._items.get(item_id or "")
        return item is not None and item.in_stock

    def _absolute(self, image: str) -> str:
        return image if "://" in image else f"{self._base}/media/{image.split('/')[-1]}"

    def _click(self, message_id: str, name: str, url: str) -> str:
        return f"{self._base}/c/{sign_token('c', (message_id, name, url), self._key)}"

    def _context(
        self, decision: Decision, values: Mapping[str, str], blocks: Mapping[str, str], pixel: bool, message_id: str
    ) -> dict[str, Any]:
        settings, locale = self._project.settings, decision.locale
        # What was sold out since the decision is not offered: its card is left out.
        shown = [p for p in decision.slate if p.block == "item" and self._offered(p.item_id)]
        cards = []
        for placement in shown:
            item = self._items[placement.item_id or ""]
            url = item.url or f"https://{settings.sender.domain}/p/{item.item_id}"
            card = dict(self._card(item.item_id, locale))
            card["url"] = self._click(message_id, placement.placement, url)
            cards.append(card)
        home = self._click(message_id, "home", f"https://{settings.sender.domain}/")
        own = sign_token("u", (message_id,), self._key)
        legal = {"postal_address": settings.sender.postal_address}
        legal.update(self._project.brand.legal.get(locale, {}))
        return {
            **blocks,
            "items": cards,
            "person": {"first_name": values.get("person.first_name", "")},
            "brand": {"name": self._project.brand.name},
            "words": self._template.words.get(locale, {}),
            "legal": legal,
            "links": {
                "home": home,
                "hero": cards[0]["url"] if cards else home,
                "media": f"{self._base}/media",
                "unsubscribe": f"{self._base}/u/{own}",
                "preferences": f"{self._base}/p/{sign_token('p', (message_id, locale), self._key)}",
                "trap": self._click(message_id, "trap", f"https://{settings.sender.domain}/")
                if settings.tracking.hidden_link
                else "",
            },
            "pixel": f"{self._base}/o/{sign_token('o', (message_id,), self._key)}.gif" if pixel else "",
            "locale": locale,
            "simulated": settings.simulated,
        }


def count_rungs(rungs: Sequence[Mapping[str, str]]) -> dict[str, dict[str, int]]:
    """{block: {rung: messages}}."""
    counts: dict[str, Counter[str]] = {}
    for each in rungs:
        for block, rung in each.items():
            counts.setdefault(block, Counter())[rung] += 1
    return {block: dict(count) for block, count in counts.items()}
