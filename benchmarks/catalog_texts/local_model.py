"""Texts about products by the local model, kept in a file of the user's cache; only those whose facts are confirmed.

A text is kept if a check of strings, independent of the fact check, finds nothing that was not given: every figure and
number word stands in the given facts or the name, no colour, brand or country beyond them, no denial, no word that
claims a quality, the package is named where its measures are, and at least two of the given facts word for word. A
reader who finds one false all the same writes "refused": true into its line.
"""

import json
import os
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from catalog_texts.compose import Text
from catalog_texts.phrases import category, phrase
from catalog_texts.products import Catalog, Product, speakable
from catalog_texts.surfaces import WORDS, Mention, price
from tailorbird.types.completion import CompletionRequest
from tailorbird.types.fact import Fact

SYSTEM = (
    "You write for a shop's newsletter. Write one or two plain sentences about the product. Use all of the given "
    "facts, each word for word. Never add a number, feature, quality, promise or opinion that is not in the facts."
)
EXAMPLES = (
    ("Product: Tarn K2 kettle\nFacts: capacity: 1.7 litres; colour: black; price: £34.95",
     "The Tarn K2 kettle in black holds 1.7 litres and costs £34.95."),
    ("Product: Corrie 12 lamp\nFacts: cable length: 2.5 m; Bluetooth: yes; material: steel; price: £59",
     "Made of steel, with Bluetooth and a cable of 2.5 m, the Corrie 12 lamp is yours for £59."),
    ("Product: Brae Cam 4\nFacts: weight: 310 g; touchscreen: no; country of origin: Japan; price: $219.50",
     "Built in Japan, the Brae Cam 4 weighs 310 g. It does without a touchscreen, and it costs $219.50."),
)  # fmt: skip
CLAIMS = re.compile(
    r"\b(perfect|best|better|great|ideal|high|quality|durab|reliab|power|fast|quick|eas|comfort|profession|premium|sturd|"
    r"effici|sleek|compact|light|versatil|secur|free|guarant|warrant|new|exclusiv|limited|today|only|affordab|smooth|"
    r"modern|advanced|innovat|stylish|robust|excellent|enjoy|enhanc|ensur|perform|safe|clean|conveni|"
    r"beaut|must|essential|all your|any|every|always|never|most|more|less|ultimate|top|cheap|value|deal|save|without|"
    r"not|no|designed|suitable|wireless|portable|seamless|crisp|clear|vibrant|gaming|"
    r"bright|strong|soft|rich|flexib|simple|precis|accurat|sharp|standard|special|unique|"
    r"popular|favou?rite|trusted|genuine|authentic|environment|sustainab|eco|energy|saving)\w*",
    re.I,
)
_FIGURES = re.compile(r"\d+(?:[.,]\d+)*")


def cache_file() -> Path:
    """Where texts of the model are kept between runs."""
    home = Path(os.environ.get("TAILORBIRD_CACHE") or Path.home() / ".cache" / "tailorbird")
    return home / "benchmarks" / "facts_catalog.jsonl"


def given(product: Product, rng: random.Random) -> list[tuple[str, Mention]]:
    """What the model is told of the product: three or four facts, each as a line and as the mention to look for."""
    lines: list[tuple[str, Mention]] = []
    facts = [fact for fact in product.own if category(fact, product) in ("measure", "value", "count")]
    for fact in rng.sample(facts, len(facts)):
        made = phrase(fact, "spec", product, rng)
        if made and len(lines) < 3 and fact.name not in {mention.fact.name for _, mention in lines}:
            mention = made.pieces[-1]
            assert isinstance(mention, Mention)
            lines.append((f"{fact.name}: {mention.surface}", mention))
    cost = price(next(fact for fact in product.own if fact.name == "price"), product.locale, rng, " ")
    return [*lines, (f"price: {cost.surface}", cost)]


def confirmed(text: str, product: Product, facts: Sequence[tuple[str, Mention]], catalog: Catalog) -> bool:
    """Whether the text says nothing that the given facts and the name do not say, as far as strings show."""
    told = " ".join([product.spoken, *(line for line, _ in facts)])
    known = set(re.findall(r"\w+", told.lower()))
    if not set(_FIGURES.findall(text)) <= set(_FIGURES.findall(told)):
        return False
    if not currencies(text) <= currencies(told):
        return False
    words = re.findall(r"[\w'-]+", text)
    foreign = {each.lower() for name in ("product colour", "material", "country of origin", "brand")
               for each in catalog.counts[name]} | set(WORDS["en"][2:])  # fmt: skip
    if any(word.lower() in foreign and word.lower() not in known for word in words):
        return False
    if any(claim[0].lower() not in told.lower() for claim in CLAIMS.finditer(text)):
        return False
    said = [mention.fact.name for _, mention in facts if mention.surface.lower() in text.lower()]
    if any(name.startswith("package") for name in said) and "packag" not in text.lower():
        return False  # what the package measures or weighs is said of the product
    return len(said) >= 2 and product.spoken in text and len(text) < 400


def currencies(text: str) -> set[str]:
    """The currencies that a text names, by sign, code or word."""
    forms = {"GBP": r"£|\bGBP\b|\bpounds?\b", "USD": r"\$|\bUSD\b|\bdollars?\b", "EUR": r"€|\bEUR\b|\beuros?\b"}
    return {code for code, pattern in forms.items() if re.search(pattern, text)}


def located(text: str, product: Product, mentions: Sequence[Mention]) -> Text:
    """The text with the places where it says the given facts, brand and name."""
    at = text.index(product.spoken)
    brand = next(fact for fact in product.own if fact.name == "brand")
    found = [(at, at + len(product.brand), Mention(brand, "brand", product.brand))]
    rest = product.spoken[len(product.brand) :].strip()
    if rest:
        start = at + len(product.spoken) - len(rest)
        found.append((start, start + len(rest), Mention(Fact("name", product.spoken), "name", rest)))
    taken = [(at, at + len(product.spoken))]
    for mention in sorted(mentions, key=lambda each: -len(each.surface)):
        for place in re.finditer(rf"(?<![\w.,]){re.escape(mention.surface)}(?![\w])", text, re.I):
            start, end = place.span()
            if all(end <= a or b <= start for a, b in taken):
                taken.append((start, end))
                found.append((start, end, replace(mention, surface=place[0], named=False)))
                break
    return Text(text, product, tuple(sorted(found, key=lambda each: each[0])), frame="model")


def chosen(catalog: Catalog, seed: int) -> Iterator[tuple[int, Product, list[tuple[str, Mention]]]]:
    """Products to write about, with what is told of each: always in the same order."""
    rng = random.Random(f"model {seed}")
    rows = [at for at, row in enumerate(catalog.rows) if speakable(row)]
    for at in rng.sample(rows, len(rows)):
        product = catalog.product(at, rng.choice(("en-GB", "en-US")))
        # The model is told of no notice, so that none must be stated.
        product = replace(product, facts=replace(product.facts, required=frozenset()))
        facts = given(product, random.Random(f"{seed} {at}"))
        if len(facts) >= 3:
            yield at, product, facts


def write_texts(catalog: Catalog, seed: int, count: int, weights: Path, sha256: str, name: str) -> int:
    """Ask the model until `count` confirmed texts of this seed are in the cache; how many are new."""
    from tailorbird.adapters.llama_cpp.generator import LlamaCppGenerator

    generator = LlamaCppGenerator(weights, sha256, name)
    path, new = cache_file(), 0
    path.parent.mkdir(parents=True, exist_ok=True)
    asked, have = seen(path, seed)
    with path.open("a", encoding="utf-8") as file:
        for at, product, facts in chosen(catalog, seed):
            if have + new >= count:
                break
            if product.product_id in asked:
                continue
            told = f"Product: {product.spoken}\nFacts: {'; '.join(line for line, _ in facts)}"
            turns = [("system", SYSTEM)]
            for question, answer in EXAMPLES:
                turns += [("user", question), ("assistant", answer)]
            answer_of = generator.complete(CompletionRequest((*turns, ("user", told)), 2, 90, seed + at))
            texts = [sample.text.strip() for sample in answer_of.samples if sample.finished]
            kept = [text for text in dict.fromkeys(texts) if confirmed(text, product, facts, catalog)]
            line = {"seed": seed, "id": product.product_id, "kept": kept[:1], "written": texts}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            file.flush()
            new += bool(kept)
    generator.close()
    return new


def seen(path: Path, seed: int) -> tuple[set[str], int]:
    """Which products of this seed were asked about, and how many texts were kept."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
    mine = [line for line in lines if line["seed"] == seed]
    return {line["id"] for line in mine}, sum(bool(line["kept"]) for line in mine)


def read_texts(catalog: Catalog, seed: int) -> list[Text]:
    """The texts in the cache that belong to these rows and this seed, judged again by today's check of strings."""
    path = cache_file()
    if not path.exists():
        return []
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    kept = {line["id"]: line["written"] for line in lines if line["seed"] == seed and not line.get("refused")}
    texts = []
    if kept:
        for _, product, facts in chosen(catalog, seed):
            good = [text for text in kept.get(product.product_id, ()) if confirmed(text, product, facts, catalog)]
            if good:
                texts.append(located(good[0], product, [mention for _, mention in facts]))
    return texts
