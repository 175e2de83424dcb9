"""Texts of several facts: a frame filled with phrases, then price, dates, the notice, and words that claim nothing."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from catalog_texts import surfaces
from catalog_texts.german_catalog import FIXED
from catalog_texts.phrases import Phrase, Piece, category, phrase, words_of
from catalog_texts.products import Product
from catalog_texts.surfaces import Mention
from tailorbird.types.fact import Fact

_BEGINNING = re.compile(r"[.!?] $|\n(- )?$")
_SLOT = re.compile(r"\{(\w)\}")
FORMS = {"V": "verb", "n": "noun", "s": "spec", "S": "spec"}
UNNAMED_SHARE = 0.35
TRIES = 12


@dataclass(frozen=True)
class Clause:
    """Where a phrase stands, and the same phrase denied."""

    start: int
    end: int
    fact: Fact
    opposite: str
    long_tail: bool


@dataclass(frozen=True)
class Text:
    """A true text with everything that it says: mentions with their spans, and clauses that can be denied."""

    text: str
    product: Product
    mentions: tuple[tuple[int, int, Mention], ...]
    clauses: tuple[Clause, ...] = ()
    frame: str = ""


def write(product: Product, rng: random.Random) -> Text | None:
    """A true text about the product; None where its facts fill no frame."""
    words = words_of(product.locale)
    for _ in range(TRIES):
        frame = rng.choice(words.FRAMES)
        parts = fill_frame(frame, product, rng)
        if parts is not None:
            between = "\n" if "\n" in frame else " "
            return assemble([*parts, *endings(product, words, rng, between)], product, frame)
    return None


def fill_frame(frame: str, product: Product, rng: random.Random) -> list[Piece | Phrase] | None:
    """The frame with its slots filled, each with another fact."""
    kinds: dict[str, list[Fact]] = {}
    for fact in product.own:
        if kind := category(fact, product):
            kinds.setdefault(kind, []).append(fact)
    parts: list[Piece | Phrase] = []
    used: set[str] = set()
    at = 0
    for slot in _SLOT.finditer(frame):
        parts.append(frame[at : slot.start()])
        at = slot.end()
        if slot[1] in FORMS:
            made = pick(kinds, used, FORMS[slot[1]], product, rng)
            if made is None:
                return None
            parts.append(titled(made) if slot[1] == "S" else made)
        else:
            parts += name_pieces(product, slot[1])
    return [*parts, frame[at:]]


def pick(
    kinds: dict[str, list[Fact]], used: set[str], form: str, product: Product, rng: random.Random
) -> Phrase | None:
    """A phrase of a fact that was not used yet: its kind by lot first, so that no kind fills all texts."""
    for _ in range(TRIES):
        pool = sorted(kind for kind in kinds if kind.startswith("other") == (rng.random() < UNNAMED_SHARE))
        if not pool:
            continue
        fact = rng.choice(kinds[rng.choice(pool)])
        if fact.name not in used and (made := phrase(fact, form, product, rng)):
            used.add(fact.name)
            return made
    return None


def titled(made: Phrase) -> Phrase:
    """With a capital at its beginning."""
    first = made.pieces[0]
    if isinstance(first, str):
        return replace(made, pieces=(first[:1].upper() + first[1:], *made.pieces[1:]))
    capital = replace(first, surface=first.surface[:1].upper() + first.surface[1:])
    return replace(made, pieces=(capital, *made.pieces[1:]), opposite=made.opposite[:1].upper() + made.opposite[1:])


def name_pieces(product: Product, slot: str) -> list[Piece | Phrase]:
    """{N} the brand and the rest of the name, {B} the brand, {M} the rest."""
    fact = next(each for each in product.own if each.name in ("brand", FIXED["brand"]))
    rest = product.spoken[len(product.brand) :].strip()
    brand = Mention(fact, "brand", product.spoken[: len(product.brand)])
    name = Mention(Fact("name", product.spoken), "name", rest)
    if slot == "B" or not rest:
        return [brand]
    return [brand, " ", name] if slot == "N" else [name]


def endings(product: Product, words: Any, rng: random.Random, between: str) -> Iterator[Piece | Phrase]:
    """Sentences after the frame: price, date, offer, notice, and something that claims nothing."""
    facts = {fact.name: fact for fact in product.own}
    german = product.locale.startswith("de")

    def of(name: str) -> Fact | None:
        return facts.get(FIXED.get(name, name) if german else name)

    now, before, released, ends = of("price"), of("was price"), of("date released"), of("offer ends")
    assert now is not None and released is not None
    sentences: list[list[Piece]] = []
    if before is not None and rng.random() < 0.7:
        sentences.append(reduced(rng.choice(words.REDUCED), now, before, product, rng))
    elif rng.random() < 0.6:
        sentences.append(spread(rng.choice(words.PRICES), {"P": surfaces.price(now, product.locale, rng)}))
    if rng.random() < 0.35:
        loose = rng.random() < 0.4
        styles: tuple[str, ...] = (
            ("month", "year") if loose else ("long", "short") if german else ("long", "short", "ordinal")
        )
        day = surfaces.moment(released, product.locale, rng, styles)
        sentences.append(spread(rng.choice(words.RELEASED_LOOSE if loose else words.RELEASED), {"D": day, "L": day}))
    if ends is not None and rng.random() < 0.7:
        styles = ("long", "noyear", "short") if german else ("long", "noyear", "ordinal", "short")
        day = surfaces.moment(ends, product.locale, rng, styles)
        sentences.append(spread(rng.choice(words.ENDING), {"E": day}))
    rng.shuffle(sentences)
    if "notice" in product.facts.required:
        notice = facts["notice"]
        sentences.append([Mention(notice, "notice", str(notice.value))])
    if closing := rng.choice(words.CLOSINGS):
        sentences.insert(rng.randrange(len(sentences) + 1), [closing])
    for sentence in sentences:
        yield between
        yield from sentence


def spread(pattern: str, values: dict[str, Mention]) -> list[Piece]:
    """A sentence with its mentions in place."""
    pieces: list[Piece] = []
    at = 0
    for slot in _SLOT.finditer(pattern):
        pieces += [pattern[at : slot.start()], values[slot[1]]]
        at = slot.end()
    return [piece for piece in (*pieces, pattern[at:]) if piece]


def reduced(pattern: str, now: Fact, before: Fact, product: Product, rng: random.Random) -> list[Piece]:
    """A sentence with the price before, and what is saved in percent or in money."""
    assert isinstance(now.value, Decimal) and isinstance(before.value, Decimal)
    word = " " if "from" in pattern or "von" in pattern else ""
    price, was = surfaces.price(now, product.locale, rng, word or " "), surfaces.price(before, product.locale, rng, " ")
    if rng.random() < 0.7:
        share = ((before.value - now.value) / before.value * 100).quantize(Decimal(1))
        style = rng.choice(("short", "spelled"))
        shown = surfaces.with_unit(share, "%", product.locale, style)
        saved = Mention(now, "discount", shown, share, share, "%", style=style)
    else:
        amount = (before.value - now.value).quantize(Decimal("0.01"))
        shown = surfaces.money(amount, now.unit, product.locale, "sign")
        saved = Mention(now, "discount", shown, amount, amount, now.unit, style="sign")
    return spread(pattern, {"P": price, "W": was, "R": saved})


def assemble(parts: Sequence[Piece | Phrase], product: Product, frame: str) -> Text:
    """Everything as one text with spans; a sentence begins with a capital."""
    text, mentions, clauses = "", [], []
    for part in parts:
        begin = len(text)
        pieces = part.pieces if isinstance(part, Phrase) else (part,)
        long_tail = False
        for piece in pieces:
            shown = piece if isinstance(piece, str) else piece.surface
            is_name = isinstance(piece, Mention) and piece.kind in ("name", "brand")
            if shown[:1].islower() and not is_name and (not text or _BEGINNING.search(text)):
                shown = shown[0].upper() + shown[1:]
            if isinstance(piece, Mention):
                mentions.append((len(text), len(text) + len(shown), replace(piece, surface=shown)))
                long_tail |= piece.long_tail
            text += shown
        if isinstance(part, Phrase) and part.opposite:
            opposite = part.opposite
            if text[begin : begin + 1].isupper() and part.pieces and opposite[:1].islower():
                opposite = opposite[0].upper() + opposite[1:]
            clauses.append(Clause(begin, len(text), part.fact, opposite, long_tail))
    return Text(text, product, tuple(mentions), tuple(clauses), frame)
