"""A development set for grounding: pairs of a source in prose and a response, half of them with 1 to 3 false spans.

Three kinds in turns. Products: a source of title, description and lines of a data sheet, and a response by the
templates of `catalog_texts`. Descriptions: a product's description, and the same. Restaurants: two texts by people
about the same meaning. False spans are put in place by the operators of `fact_mutations`, by exchanging a value for
another of its kind, or by a sentence that no source has. For judging rules while they are made: figures on it are no
promise for texts by others.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import fact_mutations
from catalog_texts.compose import Clause, Text, write
from catalog_texts.products import Catalog, read, speakable
from fact_number_mutations import digit_candidates
from fact_places import Mutated
from facts_e2e import facts_of, slots, vocabularies_of
from facts_e2e import read as read_restaurants

KINDS_OF_MUTATION = ("digit_swap", "price", "unit", "date", "brand", "colour", "value", "crossover", "negation",
                     "count", "strengthen", "discount")  # fmt: skip
INVENTED = {
    "product": ("It comes with a two-year warranty.", "Delivery is free.", "It won a design award in 2019.",
                "A carrying case is included.", "It was tested by 200 customers.", "It is made of recycled steel.",
                "The first 50 buyers get a second one."),
    "restaurant": ("It has a large garden.", "It was founded in 1987.", "Booking is required.",
                   "Children eat for free on Sundays.", "There is live jazz on Fridays.",
                   "The terrace seats 40 guests.", "Dogs are welcome."),
}  # fmt: skip
_FIGURE = re.compile(r"(?<![\w.,/-])\d+(?:\.\d+)?(?![\w.,/-])")
_COLOURS = ("black", "white", "red", "blue", "green", "yellow", "silver", "grey", "cyan", "magenta", "orange", "pink")
DESCRIPTION_CHARS_MIN = 70


@dataclass(frozen=True)
class Pair:
    """A source, a response, and the spans of the response that the source does not bear out."""

    source: str
    response: str
    spans: tuple[tuple[int, int], ...]
    kind: str


def development_set(catalog: Path, restaurants: Path, count: int, seed: int) -> list[Pair]:
    """`count` pairs, from the seed."""
    rng = random.Random(seed)
    makers = (products(catalog, rng), descriptions(catalog, rng), pairs_of_people(restaurants, rng))
    found: list[Pair] = []
    for each in zip(*makers, strict=False):
        found += each
        if len(found) >= count:
            break
    return found[:count]


def products(path: Path, rng: random.Random) -> Iterator[Pair]:
    """Data sheets, and marketing texts on them."""
    catalog = Catalog(read(path), rng.randrange(10**6))
    usable = [at for at, row in enumerate(catalog.rows) if speakable(row)]
    for at in rng.sample(usable, len(usable)):
        text = write(catalog.product(at, "en-GB"), rng)
        if text is None:
            continue
        source = data_sheet(text, str(catalog.rows[at].get("short_description", "")), rng)
        spans: list[tuple[int, int]] = []
        for _ in range(false_spans(rng)):
            text, spans = mutate(text, spans, catalog, rng)
        yield Pair(source, text.text, tuple(sorted(spans)), "product")


def data_sheet(text: Text, description: str, rng: random.Random) -> str:
    """Title, description and facts as sentences of a data sheet: all that the text says, and some more."""
    said = {mention.fact.name for _, _, mention in text.mentions} | {clause.fact.name for clause in text.clauses}
    if any(mention.kind == "discount" for _, _, mention in text.mentions):
        said.add("was price")
    facts = [fact for fact in text.product.own if fact.name in said or rng.random() < 0.3]
    lines = []
    for fact in facts:
        value = (
            {True: "yes", False: "no"}.get(fact.value, str(fact.value)) if isinstance(fact.value, bool) else fact.value
        )
        high = f" to {fact.high}" if fact.high is not None else ""
        lines.append(f"{fact.name}: {value}{high} {fact.unit}".strip())
    return "\n".join([text.product.facts.subjects[0].names[0], description, *lines])


def false_spans(rng: random.Random) -> int:
    """None for one half, one to three for the other."""
    return rng.choice((0, 0, 0, 1, 2, 3))


def mutate(
    text: Text, spans: list[tuple[int, int]], catalog: Catalog, rng: random.Random
) -> tuple[Text, list[tuple[int, int]]]:
    """One false span more."""
    for name in rng.sample(KINDS_OF_MUTATION, len(KINDS_OF_MUTATION)):
        mutated = fact_mutations.OPERATORS[name](text, catalog, rng) if rng.random() < 0.8 else None
        if mutated is not None:
            return shifted(text, mutated, spans)
    added = rng.choice([line for line in INVENTED["product"] if line not in text.text])
    whole = f"{text.text} {added}"
    return replace(text, text=whole), [*spans, (len(whole) - len(added), len(whole))]


def shifted(text: Text, mutated: Mutated, spans: Sequence[tuple[int, int]]) -> tuple[Text, list[tuple[int, int]]]:
    """The mutated text with the places that are left, so that another operator can follow."""
    start, end = mutated.span
    grown = len(mutated.text) - len(text.text)
    old_end = end - grown

    def moved(a: int, b: int) -> tuple[int, int] | None:
        if b <= start:
            return a, b
        return (a + grown, b + grown) if a >= old_end else None

    mentions = tuple((*at, m) for a, b, m in text.mentions if (at := moved(a, b)))
    clauses = tuple(
        Clause(*at, each.fact, each.opposite, each.long_tail)
        for each in text.clauses
        if (at := moved(each.start, each.end))
    )
    kept = [at for a, b in spans if (at := moved(a, b))]
    return replace(text, text=mutated.text, mentions=mentions, clauses=clauses), [*kept, mutated.span]


def descriptions(path: Path, rng: random.Random) -> Iterator[Pair]:
    """Descriptions by people of products, and the same with figures and colours exchanged, or a sentence added."""
    rows = [row for row in read(path) if len(str(row.get("short_description", ""))) >= DESCRIPTION_CHARS_MIN]
    for row in rng.sample(rows, len(rows)):
        source = " ".join(re.sub(r"<[^>]*>", " ", str(row["short_description"])).split())
        sentence = source if source.endswith((".", "!")) else source + "."
        response, spans = exchanged(source, sentence, false_spans(rng), rng)
        yield Pair(source, response, spans, "description")


def exchanged(source: str, text: str, count: int, rng: random.Random) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text with `count` places exchanged, from its end to its beginning; sentences are added for want of places."""
    found = [(m.span(), m[0]) for m in _FIGURE.finditer(text)]
    found += [(m.span(), m[0]) for m in re.finditer(rf"\b({'|'.join(_COLOURS)})\b", text, re.I)]
    places = sorted(rng.sample(found, min(count, len(found))), reverse=True)
    spans: list[tuple[int, int]] = []
    for (start, end), old in places:
        if old[0].isdigit():
            others = [each for each in digit_candidates(old, rng) if each not in source]
        else:
            others = [each for each in _COLOURS if each not in source.lower()]
        if others:
            new = rng.choice(others[:3]) if old[0].isdigit() else rng.choice(others)
            new = new.capitalize() if old[0].isupper() else new
            grown = len(new) - (end - start)
            text = text[:start] + new + text[end:]
            spans = [(start, start + len(new)), *((a + grown, b + grown) for a, b in spans)]
    for line in rng.sample(INVENTED["product"], count - len(spans)):
        text = f"{text} {line}"
        spans.append((len(text) - len(line), len(text)))
    return text, tuple(spans)


def pairs_of_people(path: Path, rng: random.Random) -> Iterator[Pair]:
    """Two texts by people that say the same, the second with values exchanged or a sentence added."""
    rows = read_restaurants(path)
    vocabularies = vocabularies_of(rows)
    by_meaning: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if slots(row["mr"]) == slots(row["orig_mr"]):
            by_meaning[row["orig_mr"]].append(row["ref"])
    meanings = sorted(meaning for meaning, texts in by_meaning.items() if len(texts) > 1)
    while meanings:
        meaning = rng.choice(meanings)
        source, response = rng.sample(by_meaning[meaning], 2)
        if not set(re.findall(r"\d+", response)) <= set(re.findall(r"\d+", source)):
            continue  # 'less than £20' of 'cheap': the meaning bears it out, the source does not
        spans: list[tuple[int, int]] = []
        for _ in range(false_spans(rng)):
            response, spans = exchange_value(response, spans, meaning, vocabularies, rng)
        yield Pair(source, response, tuple(sorted(spans)), "restaurant")


def exchange_value(
    text: str, spans: list[tuple[int, int]], meaning: str, vocabularies: object, rng: random.Random
) -> tuple[str, list[tuple[int, int]]]:
    """One value of the meaning that stands in the text word for word becomes another of the same attribute."""
    facts = facts_of(meaning, vocabularies)  # type: ignore[arg-type]
    own = facts.subjects[0].facts
    for fact in rng.sample(own, len(own)):
        if not isinstance(fact.value, str) or len(fact.value) < 5:
            continue
        place = re.search(rf"\b{re.escape(fact.value)}\b", text)
        free = place and all(place.end() <= a or b <= place.start() for a, b in spans)
        others = [
            each for each in facts.vocabularies[fact.name] if each.lower() not in text.lower() and each != fact.value
        ]
        if place and free and others and rng.random() < 0.8:
            new = rng.choice(others)
            grown = len(new) - len(place[0])
            moved = [(a + grown, b + grown) if a >= place.end() else (a, b) for a, b in spans]
            return text[: place.start()] + new + text[place.end() :], [
                *moved,
                (place.start(), place.start() + len(new)),
            ]
    added = rng.choice([line for line in INVENTED["restaurant"] if line not in text])
    text = f"{text.rstrip()} {added}"
    return text, [*spans, (len(text) - len(added), len(text))]
