"""Which lines need a lawyer: finance, health, price claims and minors, told by tags, findings and words."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from tailorbird.types.review_policy import Category
from tailorbird.types.slot_text import SlotText

CATEGORIES: tuple[Category, ...] = ("finance", "health", "price", "minors")

WORDS: Mapping[str, Mapping[Category, tuple[str, ...]]] = {
    "en": {
        "finance": (
            "loan*", "credit", "interest rate*", "apr", "mortgage*", "instalment*", "installment*", "invest*",
            "buy now, pay later",
        ),
        "health": (
            "cure*", "heal", "heals", "healing", "treats", "relieves", "medical*", "clinical*", "therap*", "immune",
            "detox*", "weight loss",
        ),
        "price": (
            "save", "saves", "saving", "savings", "discount*", "cheap*", "bargain*", "half price", "reduced", "sale",
            "best price*", "lowest price*", "free", "percent off",
        ),
        "minors": (
            "child", "children", "kid", "kids", "teen*", "toddler*", "baby", "babies", "for boys", "for girls",
        ),
    },
    "de": {
        "finance": ("kredit*", "zinsen", "zinssatz", "ratenzahlung*", "ratenkauf*", "darlehen", "geldanlage*"),
        "health": ("heilt", "heilung", "lindert", "medizinisch*", "klinisch*", "immunsystem", "abnehmen", "therap*"),
        "price": (
            "spare", "spart", "sparen", "ersparnis", "rabatt*", "reduziert*", "günstig*", "billig*", "schnäppchen",
            "bestpreis*", "tiefstpreis*", "halber preis", "halben preis", "kostenlos*", "gratis", "umsonst",
        ),
        "minors": ("kind", "kinder*", "jugendlich*", "kleinkind*", "baby", "babys"),
    },
}  # fmt: skip
"""Words that put a line into a category, by language; '*' at the end stands for any ending."""

_PRICE_FIGURE = re.compile(r"[%‰€£$]|\d\s?(?:EUR|GBP|USD)\b")
_MONEY_SLOTS = re.compile(r"offer\.|item\.(?:sale|rrp|list|old|discount|saving)")
_SHAPE_TAGS = {"tone", "format", "mentions", "line"}
"""Tags that say how a line is made, not what it is about: one that mentions a price claims nothing of it."""


def categories_of(
    text: str,
    locale: str,
    tags: Mapping[str, str],
    findings: Iterable[Mapping[str, object]] = (),
    own_words: Mapping[Category, Sequence[str]] | None = None,
) -> tuple[Category, ...]:
    """The categories of one line in slot form. A price that is only filled in from the catalog is a fact and no claim.

    In a language without words here, tags, findings and `own_words` tell alone. `tags` are the line's and its
    campaign's; `findings` those of its verdict, as they are kept.
    """
    told = {word for name, value in tags.items() if name not in _SHAPE_TAGS for word in (name, *_tokens(value))}
    for finding in findings:
        told |= {t for key in ("check", "type", "source") for t in _tokens(str(finding.get(key, "")))}
    plain = SlotText.parse(text)
    words = " \x00 ".join(plain.words).casefold().replace("’", "'")
    built_in = WORDS.get(locale.split("-")[0].casefold(), {})
    found = []
    for category in CATEGORIES:
        listed = (*built_in.get(category, ()), *(own_words or {}).get(category, ()))
        worded = bool(listed) and _pattern(listed).search(words) is not None
        if worded or category in told or (category == "price" and _claims_price(plain)):
            found.append(category)
    return tuple(found)


def _claims_price(text: SlotText) -> bool:
    literal = any(_PRICE_FIGURE.search(word) for word in text.words)
    return literal or any(_MONEY_SLOTS.match(slot) for slot in text.slots)


def _tokens(text: str) -> set[str]:
    return {token for token in re.split(r"[^a-z]+", text.casefold()) if token}


@lru_cache(maxsize=64)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    spelled = (re.escape(w.casefold().removesuffix("*")) + (r"\w*" if w.endswith("*") else "") for w in words)
    return re.compile(r"(?<![\w-])(?:" + "|".join(spelled) + r")(?!\w)")
