"""Operators on values, names, denials, bounds, superlatives and notices."""

import random
import re
from collections import Counter
from decimal import Decimal

from catalog_texts import surfaces
from catalog_texts.compose import Text
from catalog_texts.products import Catalog
from catalog_texts.surfaces import Mention
from fact_places import Mutated, Place, places, replaced
from fact_truth import colour_family, overlaps, rewrite, same_family, true_numbers, undercut

from tailorbird.types.fact import Fact

SUPERLATIVES = {
    "en": ("It is the lightest of its kind.", "Nothing on the market is faster.", "It is the best you can buy.",
           "It is the world's most popular model.", "No other product lasts longer.",
               "It is the number one in its class.",
           "It is unbeatable.", "It is better than every rival."),
    "de": ("Es ist das leichteste seiner Art.", "Kein anderes Produkt hält länger.", "Es ist das beste auf dem Markt.",
           "Es ist die Nummer eins seiner Klasse.", "Es ist unschlagbar.", "Es ist besser als jedes andere."),
}  # fmt: skip
PROOF = {"scratch resistant": "scratch-proof", "scratch-resistant": "scratch-proof", "dust resistant": "dust-proof",
         "water resistant": "waterproof", "splash proof": "waterproof", "shock resistant": "shatterproof",
         "wasserabweisend": "wasserdicht", "spritzwassergeschützt": "wasserdicht",
             "staubabweisend": "staubdicht"}  # fmt: skip
COLOUR_ROWS_MIN = 15
VALUE_ROWS_MIN = 3
_PLAIN_VALUE = re.compile(r"[\w(][\w .'()+/-]{1,31}")


def value_of(text: Text, catalog: Catalog, rng: random.Random, operator: str, colours: bool) -> Mutated | None:
    """A value out of the same attribute's vocabulary that is none of the product's."""
    for place in places(text, rng, "value"):
        mention = place[2]
        name = mention.fact.name
        if bool(re.search("colour|farbe", name, re.I)) != colours:
            continue
        counts = catalog.counts.get(name, Counter[str]())
        least = COLOUR_ROWS_MIN if colours else VALUE_ROWS_MIN
        choices = [
            each
            for each in text.product.facts.vocabularies.get(name, {})
            if counts.get(each, least) >= least
            and _PLAIN_VALUE.fullmatch(each)
            and (not colours or colour_family(each))
            if not overlaps(each, text.product) and not same_family(each, mention.fact, text.product)
        ]
        if choices:
            return replaced(text, place, in_style(rng.choice(choices), mention), operator)
    return None


def in_style(value: str, mention: Mention) -> str:
    """A value as the mention's own was written: in small letters or not."""
    return value[0].lower() + value[1:] if mention.surface[:1].islower() and value[1:2].islower() else value


def colour(text: Text, catalog: Catalog, rng: random.Random) -> Mutated | None:
    """Black becomes blue."""
    return value_of(text, catalog, rng, "colour", colours=True)


def value(text: Text, catalog: Catalog, rng: random.Random) -> Mutated | None:
    """Steel becomes wood: another value of an attribute that is no colour."""
    return value_of(text, catalog, rng, "value", colours=False)


def crossover(text: Text, catalog: Catalog, rng: random.Random) -> Mutated | None:
    """The value that another product has in the same attribute."""
    for place in places(text, rng, "number", "value", "count"):
        for other in text.product.facts.others:
            for fact in other.facts:
                if fact.name == place[2].fact.name and (new := borrowed(fact, place[2], text)) is not None:
                    return replaced(text, place, new, "crossover")
    return None


def borrowed(fact: Fact, mention: Mention, text: Text) -> str | None:
    """Another's fact as the mention would write it, None where it is true of this product as well."""
    if isinstance(fact.value, str) and mention.kind == "value":
        if overlaps(fact.value, text.product) or same_family(fact.value, mention.fact, text.product):
            return None
        return in_style(fact.value, mention) if len(fact.value) <= 32 else None
    if not isinstance(fact.value, Decimal) or fact.unit != mention.fact.unit or mention.bound != "exact":
        return None
    new = surfaces.convert(fact.value, fact.unit, mention.unit) if mention.unit != fact.unit else fact.value
    new = surfaces.rounded(new) if mention.unit != fact.unit else new
    if new <= 1 or true_numbers(text.product, new, mention.unit, None):
        return None
    return rewrite(mention, new, text.product.locale)


def mixed_up(text: Text, catalog: Catalog, rng: random.Random) -> Mutated | None:
    """The value of another attribute of the same product: its height as its width."""
    for place in places(text, rng, "number"):
        mention = place[2]
        if (
            mention.bound != "exact"
            or not mention.unit
            or not mention.named
            or not isinstance(mention.fact.value, Decimal)
        ):
            continue
        for fact in rng.sample(text.product.own, len(text.product.own)):
            same = fact.unit == mention.fact.unit and fact.name != mention.fact.name
            if (
                same
                and isinstance(fact.value, Decimal)
                and fact.high is None
                and undercut(fact.value, mention.fact.value)
            ):
                new = fact.value
                if mention.unit != fact.unit:
                    new = surfaces.rounded(surfaces.convert(new, fact.unit, mention.unit))
                if new > 0:
                    return replaced(text, place, rewrite(mention, new, text.product.locale), "mixed_up")
    return None


def other_name(text: Text, catalog: Catalog, rng: random.Random) -> Mutated | None:
    """The name of another product of the brand."""
    for place in places(text, rng, "name"):
        for other in rng.sample(text.product.facts.others, len(text.product.facts.others)):
            spoken = other.names[-2] if len(other.names) > 1 else other.names[-1]
            if spoken.lower().startswith(text.product.brand.lower()):
                name = spoken[len(text.product.brand) :].strip()
                if name and not overlaps(name, text.product):
                    return replaced(text, place, name, "other_name")
    return None


def negation(text: Text, catalog: Catalog, rng: random.Random) -> Mutated | None:
    """A phrase denied."""
    if not text.clauses:
        return None
    clause = rng.choice(text.clauses)
    whole = text.text[: clause.start] + clause.opposite + text.text[clause.end :]
    span, was = (clause.start, clause.start + len(clause.opposite)), text.text[clause.start : clause.end]
    return Mutated(whole, span, "negation", clause.fact.name, was, clause.long_tail)


def strengthen(text: Text, catalog: Catalog, rng: random.Random) -> Mutated | None:
    """More said than is so, or less: 'over 400 mm' of 396, 'less than 3 kg' of 3, 'waterproof' of 'water resistant'."""
    bounds = surfaces.BOUNDS[text.product.locale[:2]]
    for place in places(text, rng, "value", "number"):
        mention = place[2]
        proof = PROOF.get(mention.surface.lower())
        if proof and not overlaps(proof, text.product):
            return replaced(text, place, proof, "strengthen")
        if mention.kind == "value" or mention.low is None or not isinstance(mention.fact.value, Decimal):
            continue
        start = re.search(r"\d", mention.surface)
        said, true = mention.low, mention.fact.value
        if mention.unit != mention.fact.unit:
            true = surfaces.convert(true, mention.fact.unit, mention.unit)
        less = ("less than", "under") if text.product.locale.startswith("en") else ("weniger als", "unter")
        words = (list(bounds["over"]) if said >= true else []) + (list(less) if said <= true else [])
        if mention.bound == "nearly":
            words = list(bounds["over"])
        if start and words and mention.style != "adjective" and not follows_article(text, place):
            return replaced(text, place, f"{rng.choice(words)} {mention.surface[start.start() :]}", "strengthen")
    return None


def follows_article(text: Text, place: Place) -> bool:
    """Whether a bound before the number would be bad grammar: 'a less than 5 m cable'."""
    return bool(re.search(r"\b(an?|ein\w*) $", text.text[: place[0]], re.I))


def superlative(text: Text, catalog: Catalog, rng: random.Random) -> Mutated | None:
    """A superlative or a claim to be without rival, which nothing substantiates."""
    added = rng.choice(SUPERLATIVES[text.product.locale[:2]])
    whole = f"{text.text} {added}"
    return Mutated(whole, (len(whole) - len(added), len(whole)), "superlative", "", "")


def disclaimer(text: Text, catalog: Catalog, rng: random.Random) -> Mutated | None:
    """The notice that must be stated is left out."""
    for start, end, mention in places(text, rng, "notice"):
        whole = (text.text[:start].rstrip() + text.text[end:]).strip()
        return Mutated(whole, (min(start, len(whole)),) * 2, "disclaimer", mention.fact.name, mention.surface)
    return None
