"""What a model learns from: approved lines filled with real items, and awkward values to judge its lines with."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from tailorbird.stages.briefs.slot_values import item_slots, slot_samples
from tailorbird.stages.generation.prompt import Exemplar
from tailorbird.stages.validation.draft import judge_draft
from tailorbird.stages.validation.forms import awkward_forms
from tailorbird.types.brand import ApprovedLine, Brand
from tailorbird.types.brief import Brief
from tailorbird.types.item import Item
from tailorbird.types.slot_text import SlotText

INVENTED_NAMES = ("Ines", "Jonas", "Maya", "Tom", "Lena")
"""First names of nobody: a prompt names no customer."""
_NAMES = {"item.name", "item.short_name"}
_FORGIVEN = {"unknown_word", "deadline"}


def item_rows(locale: str, items: Mapping[str, Item], facts: Mapping[str, str]) -> list[dict[str, str]]:
    """The slot values of every item, each by itself."""
    return [item_slots(item, locale, facts) for item in items.values()]


def wide_samples(
    names: Sequence[str], locale: str, items: Mapping[str, Item], facts: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """Shortest, longest and most awkward value of each slot over the whole catalog, and values that break forms.

    A message may show any item beside a line, whatever family the line was written for.
    """
    rows = item_rows(locale, items, facts)
    samples = slot_samples(names, rows)
    for name, values in samples.items():
        source = name.replace("last_item.", "item.")
        every = sorted({row[source] for row in rows if source in row})
        samples[name] = tuple(dict.fromkeys((*values, *awkward_forms(every))))
    return samples


def invented_values(brief: Brief, items: Mapping[str, Item], facts: Mapping[str, str]) -> dict[str, str]:
    """Literals for slots about a person: an invented first name, and another item as the one bought last."""
    values = {"person.first_name": INVENTED_NAMES[_number(brief.brief_id) % len(INVENTED_NAMES)]}
    last = invented_last(brief, items)
    if last is not None:
        values["last_item.short_name"] = item_slots(last, brief.locale, facts)["item.short_name"]
    return values


def invented_last(brief: Brief, items: Mapping[str, Item]) -> Item | None:
    """The item that stands for the one bought last: another one of the exemplar's family."""
    own = items.get(brief.exemplar_item_id or "")
    others = sorted(i for i, item in items.items() if item is not own and (own is None or item.family == own.family))
    return items[others[_number(brief.brief_id) % len(others)]] if others else None


def choose_exemplars(
    brief: Brief,
    count: int,
    brand: Brand,
    items: Mapping[str, Item],
    facts: Mapping[str, str],
    source: str = "",
) -> list[Exemplar]:
    """Up to `count` approved lines of the brief's block, locale and campaign, each filled with a real item.

    The same for every brief of one campaign, block and locale, so that a server keeps the prompt's beginning. Only
    lines that would pass the gate themselves: they show what passes. Where the block has too few, lines of other
    blocks that are short enough help out.
    """
    lines = [
        line
        for line in brand.approved
        if line.exemplar
        and line.locale == brief.locale
        and line.block != "cta"
        and (not line.campaigns or brief.campaign in line.campaigns)
        and _exemplary(line, brief, brand, items, facts, source)
    ]
    lines.sort(key=lambda line: (line.block != brief.block, line.id))
    exemplars: list[Exemplar] = []
    used: set[str] = set()
    for line in lines:
        made = _fill(line, brief, items, facts, used)
        if made and len(exemplars) < count:
            exemplars.append(made)
    return exemplars


def _exemplary(
    line: ApprovedLine,
    brief: Brief,
    brand: Brand,
    items: Mapping[str, Item],
    facts: Mapping[str, str],
    source: str,
) -> bool:
    text = SlotText.parse(line.text)
    samples = wide_samples(text.slots, line.locale, items, facts)
    slots = {slot.name: slot for slot in brief.slots}
    if not text.slots or not set(text.slots) <= set(slots):
        return False
    verdict = judge_draft(
        text,
        brief.block,
        brief.limits,
        [replace(slot, required=False) for slot in brief.slots],
        samples,
        {},
        brand,
        line.locale,
        "",
        strict=True,
        campaign=brief.campaign,
        source=source,
    )
    # Words that only this brand's people chose ('sliver', 'wick') are fine in what they wrote: the model may learn.
    return all(finding.type in _FORGIVEN for finding in verdict.findings)


def _fill(
    line: ApprovedLine, brief: Brief, items: Mapping[str, Item], facts: Mapping[str, str], used: set[str]
) -> Exemplar | None:
    text = SlotText.parse(line.text)
    order = sorted(items, key=lambda item_id: _number(f"{line.id}|{item_id}"))
    for item_id in order:
        item = items[item_id]
        values = item_slots(item, line.locale, facts)
        last = next((items[i] for i in reversed(order) if i != item_id), item)
        named = (item_id, last.item_id) if "last_item.short_name" in text.slots else (item_id,)
        values["last_item.short_name"] = item_slots(last, line.locale, facts)["item.short_name"]
        values["person.first_name"] = INVENTED_NAMES[_number(line.id) % len(INVENTED_NAMES)]
        if item_id in used or any(slot not in values for slot in text.slots):
            continue
        used.add(item_id)
        shown = list(dict.fromkeys(text.slots))
        # One fact that the line leaves out shows that not every fact must be used.
        spare = [slot.name for slot in brief.slots if slot.name in values and slot.name not in {*shown, *_NAMES}]
        spare = [name for name in spare if not name.startswith(("person.", "last_item."))]
        if spare:
            shown.append(spare[_number(line.id) % len(spare)])
        return Exemplar(brief.reason, {name: values[name] for name in shown}, text.stitch(values), named)
    return None


def _number(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)
