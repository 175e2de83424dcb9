"""Operators on numbers, prices, dates and brands."""

import itertools
import random
import re
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from catalog_texts import surfaces
from catalog_texts.compose import Text
from catalog_texts.products import Catalog
from fact_places import Mutated, places, replaced
from fact_truth import figure_of, is_about_false, overlaps, rewrite, true_numbers

UNIT_SWAPS = {
    "g": ("kg",), "kg": ("g",), "lb": ("kg",), "mm": ("cm", "m"), "cm": ("mm", "m"), "m": ("cm", "mm"), "ft": ("m",),
    "in": ("cm",), "W": ("kW",), "kW": ("W",), "h": ("min",), "min": ("h",), "GB": ("TB", "MB"), "TB": ("GB",),
    "MHz": ("GHz",), "GHz": ("MHz",), "ml": ("l",), "l": ("ml",), "ms": ("h",), "mAh": ("Ah",), "Ah": ("mAh",),
}  # fmt: skip
CURRENCY_FORMS = (
    ("£", "€", "$"), ("GBP", "EUR", "USD"), ("pounds", "euros", "dollars"), ("Pfund", "Euro", "Dollar"),
)  # fmt: skip
BRAND_ROWS_MIN = 15


def digit_candidates(figure: str, rng: random.Random) -> list[str]:
    """The figure with two neighbouring digits swapped, or, where that changes nothing, with one digit replaced."""
    digits = [at for at, sign in enumerate(figure) if sign.isdigit()]
    found = []
    for a, b in itertools.pairwise(digits):
        if figure[a] != figure[b] and not (a == digits[0] and figure[b] == "0"):
            signs = list(figure)
            signs[a], signs[b] = signs[b], signs[a]
            found.append("".join(signs))
    rng.shuffle(found)
    for at in rng.sample(digits, len(digits)):
        for sign in rng.sample("123456789", 9):
            if sign != figure[at]:
                found.append(figure[:at] + sign + figure[at + 1 :])
    return found


def swap_digits(text: Text, rng: random.Random, operator: str, *kinds: str) -> Mutated | None:
    """Another figure made of the digits of one that is written in the text."""
    for place in places(text, rng, *kinds):
        mention = place[2]
        found = figure_of(mention.surface)
        if found is None or mention.style == "word":
            continue
        for figure in digit_candidates(found, rng):
            new = surfaces_value(figure, text.product.locale)
            if is_about_false(new, mention, text.product, figure):
                surface = mention.surface.replace(found, figure, 1)
                return replaced(text, place, surface, operator)
    return None


def surfaces_value(figure: str, locale: str) -> Decimal:
    """The number that a figure of this locale says."""
    plain = figure.replace(".", "").replace(",", ".") if locale.startswith("de") else figure.replace(",", "")
    return Decimal(plain)


def digit_swap(text: Text, catalog: Catalog, rng: random.Random) -> Mutated | None:
    """396 mm becomes 369 mm."""
    return swap_digits(text, rng, "digit_swap", "number", "range")


def price(text: Text, catalog: Catalog, rng: random.Random) -> Mutated | None:
    """£49.95 becomes £94.95."""
    return swap_digits(text, rng, "price", "price")


def one_percent(text: Text, catalog: Catalog, rng: random.Random) -> Mutated | None:
    """A number or price one percent off, where its written decimals show that."""
    for place in places(text, rng, "number", "price"):
        mention = place[2]
        if mention.bound != "exact" or not mention.low:
            continue
        figure = figure_of(mention.surface)
        if figure is None:
            continue
        low = surfaces_value(figure, text.product.locale)
        for factor in rng.sample((Decimal("1.01"), Decimal("0.99")), 2):
            new = (low * factor).quantize(low, ROUND_HALF_UP)
            if Decimal("0.004") <= abs(new - low) / low <= Decimal("0.02") and not true_numbers(
                text.product, new, mention.unit, low
            ):
                return replaced(text, place, rewrite(mention, new, text.product.locale), "one_percent")
    return None


def unit(text: Text, catalog: Catalog, rng: random.Random) -> Mutated | None:
    """The same number in another unit."""
    for place in places(text, rng, "number"):
        mention = place[2]
        others = UNIT_SWAPS.get(mention.unit, ())
        if not others or mention.low is None:
            continue
        new = rng.choice(others)
        if true_numbers(text.product, mention.low, new, None):
            continue
        style = mention.style.replace("adjective", "short")
        start = re.search(r"\d", mention.surface)
        if start is None:
            continue
        surface = surfaces.with_unit(mention.low, new, text.product.locale, style)
        return replaced(text, place, mention.surface[: start.start()] + surface, "unit")
    return None


def count(text: Text, catalog: Catalog, rng: random.Random) -> Mutated | None:
    """Two ports become three; one more or one less."""
    for place in places(text, rng, "count"):
        mention = place[2]
        assert mention.low is not None
        steps = [mention.low + step for step in (1, -1) if mention.low + step >= 2]
        steps = [new for new in steps if not true_numbers(text.product, new, "", None)]
        if not steps or mention.low == 1:
            continue
        new, words = rng.choice(steps), surfaces.WORDS[text.product.locale[:2]]
        shown = words[int(new)] if mention.style == "word" and new <= 12 else surfaces.number(new, text.product.locale)
        return replaced(text, place, shown, "count")
    return None


def currency(text: Text, catalog: Catalog, rng: random.Random) -> Mutated | None:
    """£ becomes €."""
    for place in places(text, rng, "price", "discount"):
        for forms in CURRENCY_FORMS:
            for form in forms:
                if form in place[2].surface:
                    new = rng.choice([other for other in forms if other != form])
                    return replaced(text, place, place[2].surface.replace(form, new), "currency")
    return None


def discount(text: Text, catalog: Catalog, rng: random.Random) -> Mutated | None:
    """Another saving than the two prices give."""
    for place in places(text, rng, "discount"):
        mention = place[2]
        if mention.unit != "%":
            return swap_digits(text, rng, "discount", "discount")
        assert mention.low is not None
        new = Decimal(rng.choice([share for share in range(5, 75, 5) if abs(share - mention.low) >= 5]))
        return replaced(text, place, rewrite(mention, new, text.product.locale), "discount")
    return None


def day(text: Text, catalog: Catalog, rng: random.Random) -> Mutated | None:
    """A date that is one day, month or year off: the finest that is written."""
    for place in places(text, rng, "date"):
        mention = place[2]
        if mention.day is None:
            continue
        step, old = rng.choice((1, -1)), mention.day
        if mention.style == "year":
            new = date(old.year + step, old.month, 1)
        elif mention.style == "month":
            new = date(old.year + (old.month - 1 + step) // 12, (old.month - 1 + step) % 12 + 1, 1)
        else:
            new = old + timedelta(days=step)
        shown = surfaces.day_surface(new, text.product.locale, mention.style)
        others = (surfaces.day_surface(fact.value, text.product.locale, mention.style)
                  for fact in text.product.own if isinstance(fact.value, date))  # fmt: skip
        if shown not in others:
            return replaced(text, place, shown, "date")
    return None


def brand(text: Text, catalog: Catalog, rng: random.Random) -> Mutated | None:
    """Another supplier's name in place of the brand."""
    known = [name for name, rows in catalog.counts["brand"].items() if rows >= BRAND_ROWS_MIN]
    for place in places(text, rng, "brand"):
        choices = [name for name in known if not overlaps(name, text.product)]
        if choices:
            return replaced(text, place, rng.choice(choices), "brand")
    return None
