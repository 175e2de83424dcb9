"""Briefs from subjects: one per subject, locale and block."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from tailorbird.stages.briefs.cells import subject_family
from tailorbird.stages.briefs.identity import identify
from tailorbird.stages.briefs.slot_values import item_slots
from tailorbird.types.brand import Brand
from tailorbird.types.brief import Brief, Limits, Slot, SlotType, Subject
from tailorbird.types.campaign import BlockSpec, Campaign
from tailorbird.types.item import Item
from tailorbird.types.prompt import Prompt

PERSONAL = {"person", "last_item"}
_BUILT_IN: Mapping[str, SlotType] = {"name": "name", "short_name": "name", "price": "money", "first_name": "name"}


def family_items(items: Iterable[Item], family: str | None) -> list[Item]:
    """The items a subject may show facts of: the family's, or all; in stock first, then by id, priced or not."""
    chosen = [item for item in items if family is None or item.family == family]
    return sorted(chosen, key=lambda item: (not item.in_stock, item.item_id))


def shared_slots(names: Sequence[str], items: Sequence[Item], locale: str, facts: Mapping[str, str]) -> tuple[str, ...]:
    """The slots of `names` that every one of `items` can fill; slots about a person need no item."""
    rows = [item_slots(item, locale, facts) for item in items]
    return tuple(
        name for name in names if name.split(".")[0] in PERSONAL | {"brand"} or (rows and all(name in r for r in rows))
    )


def compose_brief(
    campaign: Campaign,
    block: str,
    subject: Subject,
    locale: str,
    items: Iterable[Item],
    brand: Brand,
    prompt: Prompt | None,
    facts: Mapping[str, SlotType],
) -> Brief:
    """The brief of one block for one subject in one locale, with the facts of one exemplar item.

    The exemplar is the first item in stock by the hash of (campaign, subject, item): stable, and spread over items.
    Only slots that every item of the subject's family can fill are offered to the writer.
    """
    spec = campaign.blocks[block]
    pool = family_items(items, subject_family(subject, campaign.briefs))
    stocked = [item for item in pool if item.in_stock] or pool
    names = shared_slots(spec.slots, stocked, locale, facts)
    exemplar = min(stocked, key=lambda item: _spread(campaign.name, subject, item)) if stocked else None
    literals = {k: v for k, v in item_slots(exemplar, locale, facts).items() if k in names} if exemplar else {}
    return identify(
        Brief(
            brief_id="",
            campaign=campaign.name,
            channel=campaign.channel,
            block=block,
            subject=subject,
            locale=locale,
            reason=campaign.reason.get(locale) or next(iter(campaign.reason.values()), ""),
            slots=tuple(make_slot(name, spec, facts) for name in names),
            limits=Limits(max_chars=spec.max_chars),
            voice_hash=hashlib.sha256(brand.voice.get(locale, "").encode()).hexdigest()[:16],
            prompt=f"{prompt.name}/v{prompt.version}" if prompt else "",
            prompt_hash=prompt.digest if prompt else "",
            exemplar_item_id=exemplar.item_id if exemplar else None,
            facts=literals,
        )
    )


def make_slot(name: str, spec: BlockSpec, facts: Mapping[str, SlotType]) -> Slot:
    """The typed slot behind a name such as 'item.price'."""
    source, attribute = name.split(".", 1)
    kind = _BUILT_IN.get(attribute) or facts.get(attribute, "text")
    origin = {"item": "catalog", "last_item": "catalog", "person": "profile"}.get(source, source)
    purpose = "personalization" if source in PERSONAL else ""
    return Slot(name, kind, origin, purpose, required=name in spec.required)


def _spread(campaign: str, subject: Subject, item: Item) -> bytes:
    return hashlib.sha256(f"{campaign}|{subject.label()}|{item.item_id}".encode()).digest()
