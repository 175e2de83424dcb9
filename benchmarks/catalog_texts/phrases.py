"""One fact as a phrase: a verb phrase, a noun phrase, or a line of a data sheet, with its denial where it has one."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from catalog_texts import english, german, surfaces
from catalog_texts.products import Product, attribute
from catalog_texts.surfaces import Mention
from tailorbird.types.fact import Fact

Piece = str | Mention
_SPEAKABLE = re.compile(r"[\w(][\w .'()+/&-]{0,31}")
_UNSPOKEN = {"last change", "compatibility", "compatible products", "brand", "date released", "box"}
_NO_COLOUR = {"Multicolour", "Assorted colours", "Copper colour", "Any colour"}
_VOWEL = re.compile(r"[aeiouAEIO]|8|11\b|18\b|1[18]-")


@dataclass(frozen=True)
class Phrase:
    """What is said, in pieces, of which fact; `opposite` says the contrary in the same place."""

    pieces: tuple[Piece, ...]
    fact: Fact
    opposite: str = ""


def words_of(locale: str) -> Any:
    """The module with a language's phrasings."""
    return german if locale.startswith("de") else english


def fill(pattern: str, value: Piece, name: str = "") -> tuple[Piece, ...]:
    """The pattern in pieces, with 'a' before a vowel as 'an'."""
    shown = value.surface if isinstance(value, Mention) else value
    for sign, text in (("=", name), ("@", shown), ("#", shown)):
        if f"a {sign}" in pattern and _VOWEL.match(text):
            pattern = re.sub(rf"\ba {sign}", f"an {sign}", pattern)
    pattern = pattern.replace("=", name)
    before, _, after = pattern.partition("#" if "#" in pattern else "@")
    return tuple(piece for piece in (before, value, after) if piece)


def plain(pieces: Sequence[Piece]) -> str:
    """The pieces as text."""
    return "".join(piece if isinstance(piece, str) else piece.surface for piece in pieces)


def category(fact: Fact, product: Product) -> str:
    """measure, count, value, thing, quality, range; or the same of an attribute that no phrasing names: other_…; ''
    where nothing can be said."""
    words, key = words_of(product.locale), product.keys.get(fact.name, "")[7:]
    if not key or fact.name in _UNSPOKEN:
        return ""
    if isinstance(fact.value, bool):
        if not fact.value and contradicted(fact, product):
            return ""
        named = "thing" if key in words.THINGS else "quality" if key in words.QUALITIES else ""
        return named or ("" if product.locale.startswith("de") else "other_thing")
    if isinstance(fact.value, str):
        if not _SPEAKABLE.fullmatch(fact.value) or fact.value in _NO_COLOUR or fact.value.isdigit():
            return ""
        return "value" if key in words.VALUES else "" if product.locale.startswith("de") else "other_value"
    if fact.high is not None:
        return "range" if key in words.RANGE_VERBS else ""
    if key in words.MEASURES and fact.unit:
        return "measure"
    if key in words.COUNTS and isinstance(fact.value, Decimal) and fact.value == fact.value.to_integral_value() >= 1:
        return "count"
    return "" if product.locale.startswith("de") else "other_number"


def contradicted(fact: Fact, product: Product) -> bool:
    """Whether the file says elsewhere that the thing is there: 'usb port: no', but four USB 2.0 ports."""
    first = fact.name.split()[0]
    return any(other.name.split()[0] == first and other.value is not False for other in product.own if other != fact)


def phrase(fact: Fact, form: str, product: Product, rng: random.Random) -> Phrase | None:
    """The fact in the form 'verb', 'noun' or 'spec'; None where it has no such form."""
    kind = category(fact, product)
    if form == "spec":
        return data_line(fact, kind, product, rng)
    maker: Callable[..., Phrase | None] = {
        "measure": of_measure, "count": of_count, "value": of_value, "thing": of_boolean, "quality": of_boolean,
        "range": of_range, "other_number": of_measure, "other_value": of_value, "other_thing": of_boolean,
    }.get(kind, lambda *_: None)  # fmt: skip
    return maker(fact, form, product, rng)


def of_measure(fact: Fact, form: str, product: Product, rng: random.Random) -> Phrase | None:
    """A number with or without a unit."""
    words, key = words_of(product.locale), product.keys[fact.name][7:]
    verbs, nouns = words.MEASURES.get(key, ((), ())) if fact.unit else ((), ())
    named = bool(verbs)
    if not named:
        if product.locale.startswith("de"):
            return None
        verbs, nouns = words.UNNAMED_NUMBERS
    pattern = rng.choice(verbs if form == "verb" else nouns)
    exact = "#" in pattern or not named or "a @" in pattern
    mention = surfaces.measure(fact, product.locale, rng, exact, adjective=bool(re.search("a [@#] ", pattern)))
    if "#" in pattern and mention.bound != "exact":
        pattern = pattern.replace("#", "@")
    mention = replace(mention, long_tail=not named, named=True)
    return Phrase(fill(pattern, mention, fact.name), fact)


def of_count(fact: Fact, form: str, product: Product, rng: random.Random) -> Phrase | None:
    """A number of things."""
    words, key = words_of(product.locale), product.keys[fact.name][7:]
    verbs, nouns = words.YIELD_PATTERNS if "page_yield" in key else words.COUNT_PATTERNS
    patterns = verbs if form == "verb" else nouns
    if not patterns:
        return None
    mention = replace(surfaces.count(fact, product.locale, rng), named=True)
    one, many = words.COUNTS[key]
    if mention.low == 1 and product.locale.startswith("de"):
        return None
    before, mentioned, *after = fill(rng.choice(patterns), mention) if rng.choice(patterns) != "@" else ("", mention)
    thing = f" {one if mention.low == 1 else many}"
    return Phrase(tuple(piece for piece in (before, mentioned, thing, *after) if piece), fact)


def value_surface(fact: Fact, lower: bool) -> str:
    """A value as it stands in a sentence: 'black', but 'HDMI'."""
    text = str(fact.value)
    return text[0].lower() + text[1:] if lower and text[1:2].islower() else text


def of_value(fact: Fact, form: str, product: Product, rng: random.Random) -> Phrase | None:
    """A word out of the attribute's vocabulary."""
    words, key = words_of(product.locale), product.keys[fact.name][7:]
    pairs, nouns = words.VALUES.get(key, words.UNNAMED_VALUES if product.locale.startswith("en") else ((), ()))
    named = key in words.VALUES
    if form == "noun" and not nouns:
        return None
    chosen = rng.choice(pairs if form == "verb" else nouns)
    pattern, denial = chosen if isinstance(chosen, tuple) else (chosen, "")
    german_colour = product.locale.startswith("de") and key == "product_colour" and pattern == "ist @"
    lower = key in words.LOWER or german_colour
    shown = [value_mention(each, lower, not named, "=" in pattern) for each in listed(fact, product, rng)]
    pieces = fill(pattern, shown[0], fact.name)
    at = pieces.index(shown[0])
    joined = list_of(shown, " und " if product.locale.startswith("de") else " and ")
    opposite = plain(fill(denial, plain(joined), fact.name)) if denial else ""
    return Phrase((*pieces[:at], *joined, *pieces[at + 1 :]), fact, opposite)


def value_mention(fact: Fact, lower: bool, long_tail: bool, named: bool) -> Mention:
    """One value as a mention."""
    surface = value_surface(fact, lower)
    return Mention(fact, "value", surface, style="lower" if lower else "", long_tail=long_tail, named=named)


def listed(fact: Fact, product: Product, rng: random.Random) -> list[Fact]:
    """The fact, and sometimes one or two more values of its attribute."""
    if rng.random() < 0.5:
        return [fact]
    more = [each for each in product.own if each.name == fact.name and each != fact and category(each, product)]
    return [fact, *rng.sample(more, min(len(more), rng.choice((1, 2))))]


def list_of(mentions: Sequence[Mention], last: str) -> list[Piece]:
    """'A, B and C'."""
    pieces: list[Piece] = [mentions[0]]
    for each in mentions[1:]:
        pieces += [last if each is mentions[-1] else ", ", each]
    return pieces


def of_boolean(fact: Fact, form: str, product: Product, rng: random.Random) -> Phrase | None:
    """Something that the product has or has not, is or is not."""
    words, key = words_of(product.locale), product.keys[fact.name][7:]
    thing, quality = words.THINGS.get(key), words.QUALITIES.get(key)
    if form == "noun":
        if not thing or not fact.value or product.locale.startswith("de"):
            return None
        return said((thing,), fact, f"no {re.sub('^an? ', '', thing)}", False)
    pairs = words.HAS if thing else words.IS if quality else words.UNNAMED_THINGS
    filler = thing or quality or fact.name
    if not thing and not quality:
        if filler.startswith(("not ", "no ", "non ")) or filler.endswith((" required", " available")):
            return None
        for ending, own in words.ENDINGS.items():
            if filler.endswith(ending):
                filler, pairs = filler.removesuffix(ending), own
    yes, no = rng.choice(pairs)
    affirmed = plain(fill(yes, filler))
    if "k@" in no:
        denied = no.replace("k@", f"k{filler}" if filler.startswith("ein") else f"kein {filler}")
    else:
        bare = re.sub("^an? ", "", filler) if no.startswith("has no") else filler
        denied = plain(fill(no, bare))
    text, opposite = (affirmed, denied) if fact.value else (denied, affirmed)
    return said((text,), fact, opposite, not (thing or quality))


def said(pieces: tuple[str], fact: Fact, opposite: str, long_tail: bool) -> Phrase:
    """A phrase that is one mention of a boolean."""
    return Phrase((Mention(fact, "boolean", pieces[0], long_tail=long_tail, named=True),), fact, opposite)


def of_range(fact: Fact, form: str, product: Product, rng: random.Random) -> Phrase | None:
    """From one number to another."""
    words, key = words_of(product.locale), product.keys[fact.name][7:]
    if form != "verb" or key not in words.RANGE_VERBS:
        return None
    mention = replace(surfaces.span_of_numbers(fact, product.locale, rng, False), named=True)
    return Phrase(fill(rng.choice(words.RANGE_VERBS[key]), mention), fact)


def data_line(fact: Fact, kind: str, product: Product, rng: random.Random) -> Phrase | None:
    """'Weight: 3.46 kg'."""
    if not kind:
        return None
    long_tail = kind.startswith("other")
    if kind.endswith(("thing", "quality")):
        yes, no = ("ja", "nein") if product.locale.startswith("de") else ("yes", "no")
        shown, other = (yes, no) if fact.value else (no, yes)
        mention = Mention(fact, "boolean", f"{fact.name}: {shown}", long_tail=long_tail, named=True)
        return Phrase((mention,), fact, f"{fact.name}: {other}")
    if kind.endswith("value"):
        mention = Mention(fact, "value", str(fact.value))
    elif kind == "range":
        mention = surfaces.span_of_numbers(fact, product.locale, rng, True)
    elif kind == "count":
        mention = replace(surfaces.count(fact, product.locale, rng), surface=f"{fact.value}", style="digits")
    else:
        mention = surfaces.measure(fact, product.locale, rng, exact=True)
    return Phrase((f"{attribute_title(fact.name)}: ", replace(mention, long_tail=long_tail, named=True)), fact)


def attribute_title(name: str) -> str:
    """The attribute's name as a line of a data sheet begins."""
    return attribute(name) or name
