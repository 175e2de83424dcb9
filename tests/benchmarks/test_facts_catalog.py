"""Texts that are true by construction, operators whose results are false, and the benchmark that joins them."""

import json
import random
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
COLOURS = ("Black", "White", "Blue", "Red", "Green")
BRANDS = ("Tarnside", "Corrie", "Brae", "Lochan")


def row(number: int) -> dict[str, Any]:
    """A made-up product with the columns of the public file."""
    colour, brand = COLOURS[number % 5], BRANDS[number % 4]
    return {
        "id": f"p{number}",
        "name": f"Hob {number * 7 + 11}K",
        "title": f"{brand} Hob {number * 7 + 11}K kettle {colour}",
        "supplier": brand,
        "price": 2995 + number * 610,
        "date_released": f"20{10 + number % 9}-0{1 + number % 9}-1{number % 9}T00:00:00Z",
        "short_description": f"An electric kettle of the series {brand}, with a removable filter for limescale and a base, {number + 3} cups",
        "attr_n_weight": 1130.0 + 37 * number,
        "attr_n_width": 210.0 + 3 * number,
        "attr_n_height": 255.0 + 7 * number,
        "attr_n_cable_length": 0.75 + number / 4,
        "attr_n_hdmi_ports_quantity": 2.0 + number % 4,
        "attr_n_wobble_index": 3417.0 + 13 * number,
        "attr_t_product_colour": colour,
        "attr_t_material": ("Steel", "Glass", "Wood")[number % 3],
        "attr_t_country_of_origin": ("China", "Japan", "Germany", "Spain")[number % 4],
        "attr_t_operating_temperature__t_t_": "5 - 35",
        "attr_b_bluetooth": number % 2 == 0,
        "attr_b_rechargeable": number % 3 == 0,
    }


ROWS = [row(number) for number in range(60)]


@pytest.fixture
def catalog(load: Any) -> Any:
    return load("catalog_texts.products").Catalog(ROWS, 7)


@pytest.fixture
def texts(load: Any, catalog: Any) -> list[Any]:
    """Many texts in three locales."""
    rng = random.Random(3)
    write = load("catalog_texts.compose").write
    made = (write(catalog.product(at, locale), rng) for at in range(60) for locale in ("en-GB", "en-US", "de-DE"))
    return [text for text in made if text is not None]


def test_a_column_becomes_a_fact_with_a_unit_only_where_its_value_is_plausible(load: Any) -> None:
    of_column = load("catalog_texts.products").of_column
    (grams,), (unknown,) = of_column("attr_n_weight", 1130.0, "s"), of_column("attr_n_weight", 0.2, "s")
    assert (grams.value, grams.unit, unknown.value, unknown.unit) == (Decimal(1130), "g", Decimal("0.2"), "")
    assert of_column("attr_t_touch", "N", "s")[0].value is False
    assert [fact.value for fact in of_column("attr_t_material", "Steel, Glass (clear, thin)", "s")] == [
        "Steel",
        "Glass (clear, thin)",
    ]


@pytest.mark.slow
def test_every_mention_stands_where_it_says(texts: list[Any]) -> None:
    assert len(texts) > 150
    for text in texts:
        assert all(text.text[start:end] == mention.surface for start, end, mention in text.mentions)
        assert all(text.text[clause.start : clause.end] != clause.opposite for clause in text.clauses)


def test_approximate_numbers_are_true(load: Any) -> None:
    approximate, rng = load("catalog_texts.surfaces").approximate, random.Random(1)
    for _ in range(500):
        value = Decimal(rng.randrange(11, 9999))
        bound, shown = approximate(value, rng)
        assert {"nearly": value < shown, "over": shown < value, "about": abs(shown - value) < value / 10}.get(
            bound, shown == value
        ), (bound, value, shown)


def test_dates_are_written_as_their_locale_writes_them(load: Any) -> None:
    shown, day = load("catalog_texts.surfaces").day_surface, date(2026, 3, 1)
    assert [shown(day, "en-US", "short"), shown(day, "en-GB", "ordinal"), shown(day, "de-DE", "noyear")] == [
        "03/01/2026", "1st March 2026", "1. März",
    ]  # fmt: skip


@pytest.mark.slow
def test_no_text_of_templates_names_a_digit_that_no_fact_gives(texts: list[Any]) -> None:
    for text in texts:
        rest = list(text.text)
        for start, end, _ in text.mentions:
            rest[start:end] = " " * (end - start)
        allowed = {"0", "2"} if "USB" in text.text else set()
        assert set(re.findall(r"\d", "".join(rest))) <= allowed, text.text


def mutations(load: Any, texts: list[Any], catalog: Any) -> Any:
    operators, rng = load("fact_mutations").OPERATORS, random.Random(5)
    for text in texts:
        for name, operator in operators.items():
            if mutated := operator(text, catalog, rng):
                yield name, text, mutated


@pytest.mark.slow
def test_every_operator_changes_the_text_at_its_span_and_nowhere_else(
    load: Any, texts: list[Any], catalog: Any
) -> None:
    seen = set()
    for name, text, mutated in mutations(load, texts, catalog):
        start, end = mutated.span
        seen.add(name)
        assert mutated.text != text.text
        if name not in ("superlative", "disclaimer"):
            tail = len(mutated.text) - end
            assert mutated.text[:start] == text.text[:start]
            assert text.text.endswith(mutated.text[end:]) and tail <= len(text.text)
    assert set(load("fact_mutations").OPERATORS) - seen == set()


@pytest.mark.slow
def test_no_operator_makes_a_number_that_another_fact_makes_true(load: Any, texts: list[Any], catalog: Any) -> None:
    base = {"g": ("g", 1), "kg": ("g", 1000), "mm": ("mm", 1), "cm": ("mm", 10), "m": ("mm", 1000)}
    checked = 0
    for name, text, mutated in mutations(load, texts, catalog):
        new = re.fullmatch(r"([\d.,]+) ?(kg|g|mm|cm|m)", mutated.text[slice(*mutated.span)])
        if name in ("digit_swap", "one_percent", "unit", "crossover") and new and text.product.locale != "de-DE":
            unit, factor = base[new[2]]
            said = Decimal(new[1].replace(",", "")) * factor
            true = [
                fact.value * base[fact.unit][1] for fact in text.product.own if base.get(fact.unit, ("",))[0] == unit
            ]
            checked += 1
            assert true and said not in true
    assert checked > 20


def test_values_that_could_pass_for_the_products_own_are_no_mutation(load: Any, catalog: Any) -> None:
    truth, product = load("fact_truth"), catalog.product(0, "en-GB")  # black
    colour = next(fact for fact in product.own if fact.name == "product colour")
    assert truth.overlaps("Matte black", product)
    assert truth.same_family("Charcoal", colour, product)
    assert not truth.same_family("Red", colour, product)
    assert truth.true_numbers(product, Decimal("21"), "cm", None)  # its width of 210 mm
    assert not truth.true_numbers(product, Decimal("21"), "mm", None)


def test_a_bound_decides_what_another_number_makes_false(load: Any, catalog: Any) -> None:
    truth, surfaces = load("fact_truth"), load("catalog_texts.surfaces")
    product = catalog.product(0, "en-GB")
    width = next(fact for fact in product.own if fact.name == "width")  # 210 mm

    def false(bound: str, old: int, new: int) -> bool:
        mention = surfaces.Mention(width, "number", f"{old} mm", Decimal(old), Decimal(old), "mm", bound)
        return bool(truth.is_about_false(Decimal(new), mention, product, str(new)))

    assert not false("over", 200, 190)  # 210 is over 190 as well
    assert false("over", 200, 290)
    assert not false("nearly", 220, 230)
    assert false("nearly", 220, 200)
    assert not false("exact", 210, 210)


def test_the_operators_know_nothing_of_the_rules() -> None:
    for name in ("fact_mutations", "fact_number_mutations", "fact_attribute_mutations", "fact_truth", "fact_places"):
        assert "tailorbird.stages" not in (BENCHMARKS / f"{name}.py").read_text()
    assert all("tailorbird.stages" not in file.read_text() for file in (BENCHMARKS / "catalog_texts").glob("*.py"))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("The Tarnside Hob 11K in black weighs 1,130 g and costs £29.95.", True),
        ("The Tarnside Hob 11K in black weighs 1,130 g, for 5 cups, and costs £29.95.", False),
        ("The durable Tarnside Hob 11K in black weighs 1,130 g and costs £29.95.", False),
        ("The Tarnside Hob 11K in red weighs 1,130 g and costs £29.95.", False),
        ("The Tarnside Hob 11K by Corrie weighs 1,130 g and costs £29.95.", False),
        ("The Tarnside Hob 11K costs £29.95.", False),
        ("The Tarnside Hob 11K in black weighs 1,130 g and costs $29.95.", False),
    ],
)
def test_a_models_text_is_kept_if_strings_confirm_all_that_it_says(
    load: Any, catalog: Any, text: str, kept: bool
) -> None:
    model, surfaces = load("catalog_texts.local_model"), load("catalog_texts.surfaces")
    product = catalog.product(0, "en-GB")
    facts = {fact.name: fact for fact in product.own}
    told = [
        ("product colour: Black", surfaces.Mention(facts["product colour"], "value", "Black")),
        ("weight: 1,130 g", surfaces.Mention(facts["weight"], "number", "1,130 g")),
        ("price: £29.95", surfaces.Mention(facts["price"], "price", "£29.95")),
    ]
    assert model.confirmed(text, product, told, catalog) is kept
    if kept:
        located = model.located(text, product, [mention for _, mention in told])
        assert [mention.surface for _, _, mention in located.mentions] == [
            "Tarnside", "Hob 11K", "black", "1,130 g", "£29.95",
        ]  # fmt: skip


@pytest.mark.slow
def test_the_benchmark_reports_every_share_and_every_operator(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAILORBIRD_CACHE", str(tmp_path))
    (tmp_path / "rows.jsonl").write_text("\n".join(json.dumps(each) for each in ROWS))
    misses = tmp_path / "misses.jsonl"
    printed = run(
        "facts_catalog", "--json", "--data", str(tmp_path / "rows.jsonl"), "--rows", "60", "--mutations", "20",
        "--misses", str(misses),
    )  # fmt: skip
    report = json.loads(printed)
    metrics = {each["name"]: each for each in report["metrics"]}
    assert {"caught_number", "caught_attribute", "false_block", "review", "caught_negation", "caught_date"} <= set(
        metrics
    )
    for label in ("true", "mutated"):
        assert sum(
            metrics[f"{label}_{status}"]["value"] for status in ("passed", "review", "blocked")
        ) == pytest.approx(1, abs=0.002)
    assert metrics["caught_number"]["value"] > 0.9
    assert any("left out" in note for note in report["notes"])
    assert all({"operator", "text", "facts"} <= set(json.loads(line)) for line in misses.read_text().splitlines())
