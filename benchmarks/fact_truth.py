"""What the operators must know of the truth: whether a number or a value, put into a text, could be true after all."""

import re
from collections.abc import Iterator
from decimal import Decimal

from catalog_texts import surfaces
from catalog_texts.products import Product
from catalog_texts.surfaces import Mention

from tailorbird.types.fact import Fact

_BASE: dict[str, tuple[str, Decimal]] = {
    "g": ("g", Decimal(1)), "kg": ("g", Decimal(1000)), "lb": ("g", Decimal("453.59237")),
    "mm": ("mm", Decimal(1)), "cm": ("mm", Decimal(10)), "m": ("mm", Decimal(1000)), "in": ("mm", Decimal("25.4")),
    "ft": ("mm", Decimal("304.8")), "W": ("W", Decimal(1)), "kW": ("W", Decimal(1000)), "ms": ("s", Decimal("0.001")),
    "min": ("s", Decimal(60)), "h": ("s", Decimal(3600)), "MB": ("MB", Decimal(1)), "GB": ("MB", Decimal(1000)),
    "TB": ("MB", Decimal(1000000)), "MHz": ("MHz", Decimal(1)), "GHz": ("MHz", Decimal(1000)),
    "ml": ("ml", Decimal(1)), "l": ("ml", Decimal(1000)), "mAh": ("mAh", Decimal(1)), "Ah": ("mAh", Decimal(1000)),
}  # fmt: skip
_NUMBERS = re.compile(r"\d+(?:[.,]\d+)*")
_FAMILIES = (
    {"grey", "silver", "anthracite", "titanium", "metallic", "platinum", "aluminium", "stainless steel", "chrome",
        "graphite", "charcoal", "light grey", "grau", "silber"},
    {"black", "charcoal", "graphite", "photo black", "matte black", "schwarz"}, {"white", "ivory", "pearl", "weiß"},
    {"red", "magenta", "bordeaux", "pink", "rot", "rosa", "light magenta"},
    {"blue", "cyan", "navy", "turquoise", "aqua", "blau", "light cyan"},
    {"beige", "brown", "ivory", "gold", "braun"}, {"purple", "violet", "lilac", "magenta", "lila", "light magenta"},
    {"yellow", "gold", "orange", "gelb"}, {"green", "turquoise", "aqua", "grün"},
)  # fmt: skip
_KINDS_OF_MATERIAL = (
    ("plastic|kunststoff|synthetic",
        "poly|abs|pvc|hips|nylon|acryl|silicone|silikon|eva|rubber|gummi|neopren|plastic|elastomer|tpe|tpu|kunststoff"),
    ("metal", "steel|alumin|copper|metal|magnesium|stahl|edelstahl"), ("leather|leder", "leather|leder"),
)  # fmt: skip


def figure_of(surface: str) -> str | None:
    """The last figure in a surface: of a range its upper end."""
    found = _NUMBERS.findall(surface)
    return found[-1] if found else None


def rewrite(mention: Mention, new: Decimal, locale: str) -> str:
    """The mention's surface with another number, all else as it was."""
    figure = figure_of(mention.surface)
    if figure is None or mention.style == "word":
        return surfaces.number(new, locale)
    grouped = not re.fullmatch(r"\d{4,}([.,]\d+)?", figure)
    return mention.surface.replace(figure, surfaces.number(new, locale, grouped), 1)


def numbers_of(product: Product) -> Iterator[tuple[Decimal, str]]:
    """Every number that is true of the product in some way, with its unit ('' where it has none)."""
    prices = []
    for fact in product.own:
        if isinstance(fact.value, Decimal):
            yield fact.value, fact.unit
            if fact.unit in surfaces.SIGNS:
                prices.append(fact.value)
        if fact.high is not None:
            yield fact.high, fact.unit
        if isinstance(fact.value, str):
            yield from (
                (Decimal(found), "")
                for found in _NUMBERS.findall(fact.value)
                if found.count(".") + found.count(",") == found.count(".") <= 1
            )
    if len(prices) > 1:
        yield abs(prices[0] - prices[1]), ""
    for name in product.facts.subjects[0].names:
        yield from ((Decimal(found.replace(",", "")), "") for found in _NUMBERS.findall(name) if found.count(".") <= 1)


def true_numbers(product: Product, new: Decimal, unit: str, instead_of: Decimal | None) -> bool:
    """Whether some fact makes the number true as it is written: equal after conversion, within half a unit of its last
    place. A number without a unit is compared as it stands. `instead_of` is the number that it replaces, whose own fact
    must not count as near."""
    half = Decimal(10) ** int(new.as_tuple().exponent) / 2
    if instead_of is not None:
        half = min(half, abs(new - instead_of) / 2)
    base, factor = _BASE.get(unit, (unit, Decimal(1)))
    for value, other in numbers_of(product):
        base_of_other, factor_of_other = _BASE.get(other, (other, Decimal(1)))
        if not other or not unit:
            if abs(value - new) <= min(half, abs(new) / 1000):
                return True
        elif base == base_of_other and abs(value * factor_of_other / factor - new) <= half:
            return True
    return False


def is_about_false(new: Decimal, mention: Mention, product: Product, figure: str) -> bool:
    """Whether the mention would be false with another number, under what the words around it make of the number."""
    old = mention.high if mention.kind == "range" else mention.low
    if old is None or new == old or new == 0 or true_numbers(product, new, mention.unit, old):
        return False
    if not isinstance(mention.fact.value, Decimal) or mention.kind in ("range", "discount"):
        return mention.kind == "discount" or (mention.low is not None and new > mention.low)
    unit = mention.unit if mention.unit in surfaces.FACTORS.get(mention.fact.unit, {}) else mention.fact.unit
    true = surfaces.convert(mention.fact.value, mention.fact.unit, unit)
    match mention.bound:
        case "about":
            return abs(new - true) / true > Decimal("0.25")
        case "nearly":
            return not Decimal("0.8") * new <= true <= new
        case "over" | "up_to":
            return new > true * (1 if mention.bound == "over" else Decimal("1.02"))
        case _:
            return True


def folded(text: str) -> str:
    """Letters and digits alone, in small letters."""
    return "".join(sign for sign in text.lower() if sign.isalnum())


def overlaps(value: str, product: Product) -> bool:
    """Whether the value is one of the product's, is part of one or of its name, or contains one."""
    new = folded(value)
    short = {folded(part) for part in re.findall(r"\(([^)]+)\)", value)}
    for fact in product.own:
        if isinstance(fact.value, str):
            old = folded(fact.value)
            if old and (
                new in old or old in new or short & {folded(part) for part in re.findall(r"\(([^)]+)\)", fact.value)}
            ):
                return True
    return any(new in folded(name) for name in product.facts.subjects[0].names)


def colour_family(value: str) -> bool:
    """Whether the colour is one whose neighbours are known here, so that another is surely another."""
    return any(value.lower() in family for family in _FAMILIES)


def same_family(value: str, fact: Fact, product: Product) -> bool:
    """Whether the value could pass for one of the product's: a neighbouring colour, a kind of the same material."""
    own = [str(each.value).lower() for each in product.own if isinstance(each.value, str)]
    new = value.lower()
    if any(new in family and any(each in family for each in own) for family in _FAMILIES):
        return True
    if "material" not in fact.name.lower():
        return False
    return any(re.search(members, new) and any(re.search(members, each) for each in own)
               and (re.search(whole, new) or any(re.search(whole, each) for each in own))
               for whole, members in _KINDS_OF_MATERIAL)  # fmt: skip


def undercut(value: Decimal, other: Decimal) -> bool:
    """Whether two values of one unit are visibly different: by more than five percent."""
    return other != 0 and abs(value - other) / abs(other) > Decimal("0.05")
