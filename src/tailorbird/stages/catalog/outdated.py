"""Which lines rest on facts that changed between two versions of the catalog."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from tailorbird.types.catalog_diff import CatalogDiff
from tailorbird.types.creative import Creative
from tailorbird.types.outdated import OutdatedLine
from tailorbird.types.slot_text import SlotText

_LETTERS_MIN = 3
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_CURRENCY = re.compile(r"[£€$¥]|\b[A-Z]{3}\b")
_NAMES = ("name", "attributes.name", "attributes.short_name")


@dataclass(frozen=True, slots=True)
class Ground:
    """What a line may be shown with, and what it was written from: item families (none: every product), the example
    item, and its facts by slot."""

    families: tuple[str, ...] = ()
    exemplar_item_id: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Lost:
    """One fact that is no longer so: of which item, what it was, and what it is."""

    item_id: str
    family: str
    field: str
    locale: str
    old: str
    new: str | None


def find_outdated(
    diff: CatalogDiff, creatives: Sequence[Creative], grounds: Mapping[str, Ground]
) -> list[OutdatedLine]:
    """The lines that a difference touches, the most serious kind of each line only.

    A line states a fact when its own words hold the value, and it may be shown with the item. Of a line for every
    product only figures, prices and names count: 'silver' there is a word, not a claim about one item.
    """
    lost = list(_lost(diff))
    found = []
    for creative in creatives:
        if creative.approval == "rejected":
            continue
        ground = grounds.get(creative.creative_id, Ground())
        kind = _literal(creative, ground, lost) or _brief(creative, ground, lost) or _slot(creative, ground, lost)
        if kind is not None:
            found.append(kind)
    return found


def _lost(diff: CatalogDiff) -> Iterator[_Lost]:
    for change in diff.changed:
        for name, (old, new) in change.fields.items():
            yield from _fact(change.item_id, change.family, name, old, new)
    for item_id, item in diff.removed.items():
        for name, old in item.items():
            yield from _fact(item_id, str(item.get("family", "")), name, old, None)


def _fact(item_id: str, family: str, name: str, old: Any, new: Any) -> Iterator[_Lost]:
    if old is not None and (name in ("name", "price", "sale_price") or name.startswith(("attributes.", "price."))):
        plain, _, locale = name.partition("@")
        yield _Lost(item_id, family, plain, locale, str(old), None if new is None else str(new))


def _literal(creative: Creative, ground: Ground, lost: Sequence[_Lost]) -> OutdatedLine | None:
    words = "\n".join(SlotText.parse(creative.text).words)
    for fact in lost:
        if not _concerns(fact, creative, ground) or not _counts(fact, ground):
            continue
        if _states(words, fact):
            now = "is gone" if fact.new is None else f"is now {fact.new!r}"
            reason = f"it states {_label(fact)} {fact.old!r} of {fact.item_id}, which {now}"
            return OutdatedLine(creative.creative_id, "literal", reason, creative.text)
    return None


def _brief(creative: Creative, ground: Ground, lost: Sequence[_Lost]) -> OutdatedLine | None:
    for fact in lost:
        own = fact.item_id == ground.exemplar_item_id and fact.locale in ("", creative.locale)
        if own and f"item.{_label(fact)}" in ground.facts:
            reason = f"{_label(fact)} of {fact.item_id}, from which it was written, changed"
            return OutdatedLine(creative.creative_id, "brief", reason, creative.text)
    return None


def _slot(creative: Creative, ground: Ground, lost: Sequence[_Lost]) -> OutdatedLine | None:
    slots = set(SlotText.parse(creative.text).slots)
    gone: dict[str, int] = {}
    for fact in lost:
        slot = f"item.{_label(fact)}"
        if fact.new is None and slot in slots and _concerns(fact, creative, ground):
            gone[slot] = gone.get(slot, 0) + 1
    if not gone:
        return None
    slot, count = max(gone.items(), key=lambda pair: pair[1])
    return OutdatedLine(creative.creative_id, "slot", f"{count:,} items no longer fill {slot}", creative.text)


def _concerns(fact: _Lost, creative: Creative, ground: Ground) -> bool:
    if fact.locale not in ("", creative.locale):
        return False
    return not ground.families or fact.family in ground.families or fact.item_id == ground.exemplar_item_id


def _counts(fact: _Lost, ground: Ground) -> bool:
    own = bool(ground.families) or fact.item_id == ground.exemplar_item_id
    return own or fact.field in _NAMES or any(c.isdigit() for c in fact.old)


def _label(fact: _Lost) -> str:
    return fact.field.removeprefix("attributes.")


def _states(words: str, fact: _Lost) -> bool:
    if fact.field.startswith(("price", "sale_price")):
        return bool(_CURRENCY.search(words)) and any(
            _number(found) == Decimal(fact.old) for found in _NUMBER.findall(words)
        )
    value = fact.old.strip().casefold()
    if len(value) < _LETTERS_MIN and not any(c.isdigit() for c in value):
        return False
    if not value or value.isdigit():
        return False  # A bare number would be found in every other line.
    return re.search(rf"(?<!\w){re.escape(value)}(?!\w)", words.casefold()) is not None


def _number(text: str) -> Decimal | None:
    """'1,234.50' and '1.234,50' alike: the last sign is the decimal one if two digits follow it."""
    whole, sign, decimals = text, "", ""
    if len(text) > 3 and text[-3] in ".,":
        whole, sign, decimals = text[:-3], ".", text[-2:]
    try:
        return Decimal(re.sub("[.,]", "", whole) + sign + decimals)
    except InvalidOperation:
        return None
