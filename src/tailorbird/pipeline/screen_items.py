"""Items as they may be used: their texts and addresses screened, what was refused left out and told.

One way in for everything: prompts, briefs, stitched lines and the template's cards are made of screened items.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from tailorbird.project.project import Project
from tailorbird.stages.safety.screening import FieldKind, Screened, screen_address, screen_text
from tailorbird.types.folded import fold
from tailorbird.types.item import Item
from tailorbird.types.settings import Settings

_NAMES = ("name", "short_name", "family")
_TOLD = 20
_DIGIT = re.compile(r"\d")
_MONEY = re.compile(
    r"(?:[£€$¥]|\b(?:EUR|GBP|USD|CHF)) ?(\d[\d.,]*)"
    r"|(?<![\w.,])(\d[\d.,]*) ?(?:[£€$¥]|(?:EUR|GBP|USD|CHF|euros?|dollars?|pence)\b)",
    re.IGNORECASE,
)
_REDUCED = re.compile(
    r"\d ?% ?(?:off|discount|cheaper|rabatt|gunstiger|billiger|reduziert)\b"
    r"|\b(?:save|spare?n?) (?:up to |bis zu )?\d+ ?%",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Refused:
    """A field of an item that is not used: which, in which locale ('' for all), what was found in it and where."""

    item_id: str
    field: str
    locale: str
    type: str
    reason: str
    evidence: str


@dataclass
class Screening:
    """What the screening of a catalog did: `hidden` counts characters taken out, `withheld` are items without a name
    that could be used."""

    refused: list[Refused] = field(default_factory=list)
    hidden: int = 0
    fields_cleaned: int = 0
    withheld: list[str] = field(default_factory=list)
    money: frozenset[str] = frozenset()

    def detail(self) -> dict[str, Any]:
        """Counts, and the first of what was refused, for the run ledger; {} where nothing was found."""
        if not (self.refused or self.hidden):
            return {}
        return {
            "refused": dict(Counter(one.type for one in self.refused)),
            "hidden_characters": self.hidden,
            "fields_cleaned": self.fields_cleaned,
            "items_withheld": len(self.withheld),
            "fields": [f"{one.item_id} {one.field}: {one.reason} ({one.evidence})" for one in self.refused[:_TOLD]],
        }

    def sentence(self) -> str:
        """What was found, in one line; '' where nothing was."""
        parts = []
        if self.refused:
            first = self.refused[0]
            parts.append(f"{len(self.refused):,} hostile fields of the catalog are not used, the first: item "
                         f"{first.item_id}, {first.field}: {first.reason}")  # fmt: skip
        if self.withheld:
            parts.append(f"{len(self.withheld):,} items are left out for want of a name")
        if self.hidden:
            parts.append(f"{self.hidden:,} invisible characters were taken out of {self.fields_cleaned:,} fields")
        return "; ".join(parts)


def project_hosts(settings: Settings) -> frozenset[str]:
    """The hosts that a project's links may lead to: the sender's, the tracking server's, and those it lists."""
    addresses = (settings.sender.email, settings.sender.reply_to or "")
    own = {settings.sender.domain, urlsplit(settings.base_url).hostname or ""}
    own |= {address.rpartition("@")[2] for address in addresses}
    return frozenset(host.lower().strip(".") for host in (*own, *settings.safety.hosts) if host)


@lru_cache(maxsize=200_000)
def _text(text: str, kind: FieldKind, hosts: frozenset[str]) -> Screened:
    return screen_text(text, kind, hosts)


def money_attributes(project: Project) -> frozenset[str]:
    """The attributes that hold amounts of money because the project says so."""
    own = {name for name, kind in project.settings.catalog.facts.items() if kind == "money"}
    for table, spec in project.knowledge.items():
        own |= {f"{table}_{name}" for name, column in spec.columns.items() if column.type == "money"}
    return frozenset(own)


def screen_items(
    items: Mapping[str, Item], hosts: frozenset[str], money: frozenset[str] = frozenset()
) -> tuple[dict[str, Item], Screening]:
    """The items as they may be used, and what was found. Only the attributes in `money` may state an amount that is not
    the item's own price, or a reduction.

    A refused attribute is one that the item lacks: copy that needs it is not chosen for this item. Without its name
    the item is called by its short name, and without both it is left out, as it is where its family is refused.
    """
    told = Screening(money=money)
    used: dict[str, Item] = {}
    for item_id, item in items.items():
        screened = _screen_item(item, hosts, told)
        if screened is None:
            told.withheld.append(item_id)
        else:
            used[item_id] = screened
    return used, told


def _screen_item(item: Item, hosts: frozenset[str], told: Screening) -> Item | None:
    """One item; None where it cannot be named. Without a fault it is the same object."""
    name = _take(item.name, "name", "name", item, "", hosts, told)
    family = _take(item.family, "name", "family", item, "", hosts, told)
    texts = {locale: _screen_texts(values, item, locale, hosts, told) for locale, values in item.texts.items()}
    url, image = (
        _address(value, what, item, hosts, told) for value, what in ((item.url, "url"), (item.image, "image"))
    )
    if not name:
        name = next((t["short_name"] for t in (texts.get("", {}), *texts.values()) if t.get("short_name")), "")
    if not name or (item.family and not family):
        return None
    if (name, family, url, image, texts) == (item.name, item.family, item.url, item.image, item.texts):
        return item
    return replace(item, name=name, family=family, url=url, image=image, texts=texts)


def _screen_texts(
    values: Mapping[str, str], item: Item, locale: str, hosts: frozenset[str], told: Screening
) -> Mapping[str, str]:
    kept = {}
    for attribute, value in values.items():
        kind: FieldKind = "name" if attribute in _NAMES else "fact"
        text = _take(value, kind, attribute, item, locale, hosts, told)
        if text:
            kept[attribute] = text
    return kept if kept != values else values


def _take(
    value: str, kind: FieldKind, attribute: str, item: Item, locale: str, hosts: frozenset[str], told: Screening
) -> str:
    """The text as it may be used, '' where it may not; what was found is told."""
    screened = _text(value, kind, hosts)
    if screened.usable and attribute not in told.money and (amount := _foreign_price(screened.text, item)):
        screened = replace(
            screened, type="foreign_price", reason="names a price that is not the item's", evidence=amount
        )
    return _tell(screened, attribute, item, locale, told)


def _foreign_price(text: str, item: Item) -> str:
    """An amount of money that the item does not cost, or a reduction; '' without any."""
    if not _DIGIT.search(text):
        return ""
    plain = fold(text).text
    if reduced := _REDUCED.search(plain):
        return reduced[0]
    own = {item.price, *item.prices.values()}
    return next((found[0] for found in _MONEY.finditer(plain) if _amount(found[1] or found[2]) not in own), "")


def _amount(digits: str) -> Decimal | None:
    """'1,234.50', '1.234,50' and '12,5' as numbers: the last mark with one or two digits behind it is the decimal's."""
    whole = re.fullmatch(r"(.*?)(?:[.,](\d{1,2}))?", digits.strip(".,"))
    try:
        return Decimal(f"{re.sub('[.,]', '', whole[1])}.{whole[2] or 0}") if whole else None
    except InvalidOperation:
        return None


def _address(value: str | None, attribute: str, item: Item, hosts: Collection[str], told: Screening) -> str | None:
    return (_tell(screen_address(value, hosts), attribute, item, "", told) or None) if value else value


def _tell(screened: Screened, attribute: str, item: Item, locale: str, told: Screening) -> str:
    if screened.hidden:
        told.hidden += screened.hidden
        told.fields_cleaned += 1
    if screened.usable:
        return screened.text
    told.refused.append(Refused(item.item_id, attribute, locale, screened.type, screened.reason, screened.evidence))
    return ""
