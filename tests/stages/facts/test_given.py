"""Facts in JSON as people write them."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from tailorbird.stages.facts.given import FACTS_MAX, FactsError, parse_facts, read_facts

KETTLE = {
    "name": "Hobbin kettle",
    "price": ["48.00 GBP", "55.00 EUR"],
    "weight": "1.1 kg",
    "dishwasher safe": False,
    "colour": ["red", "blue"],
    "capacity": {"value": 1.8, "unit": "l"},
    "delivery": "2-4 days",
    "offer ends": "2026-12-01",
    "warranty": None,
}


def test_one_thing_in_the_flat_form() -> None:
    found = parse_facts(json.dumps(KETTLE), "kettle.json")
    (kettle,) = found.facts.subjects
    assert (kettle.entity_id, kettle.names) == ("Hobbin kettle", ("Hobbin kettle",))
    values = [(fact.name, fact.value, fact.unit) for fact in kettle.facts]
    assert values == [
        ("price", Decimal("48.00"), "GBP"),
        ("price", Decimal("55.00"), "EUR"),
        ("weight", Decimal("1.1"), "kg"),
        ("dishwasher safe", False, ""),
        ("colour", "red", ""),
        ("colour", "blue", ""),
        ("capacity", Decimal("1.8"), "l"),
        ("delivery", Decimal(2), "days"),
        ("offer ends", date(2026, 12, 1), ""),
    ]
    assert kettle.facts[0].source == "kettle.json: price"
    assert [(one.where, one.reason[:7]) for one in found.unusable] == [("warranty", "is null")]


def test_the_full_form_has_everything_that_a_text_is_held_against() -> None:
    found = read_facts({
        "subjects": [{"id": 7, "names": ["Hobbin whistling kettle", "Hobbin"], "family": "kettles",
                      "facts": [{"name": "price", "value": 48, "unit": "GBP", "source": "feed"}]}],
        "others": {"name": "Pellow", "weight (g)": 900, "height": None},
        "vocabularies": {"colour": ["red", "blue"], "material": {"steel": ["stainless steel"]}},
        "required": ["notice"],
        "evidence": {"lab-7": "reports/lab-7.pdf"},
        "as_of": "2026-11-26T09:00",
        "zone": "Europe/Berlin",
    })  # fmt: skip
    facts = found.facts
    assert facts.subjects[0].entity_id == "7" and facts.subjects[0].facts[0].source == "feed"
    weight = facts.others[0].facts[0]
    assert (weight.name, weight.value, weight.unit) == ("weight", Decimal(900), "g")
    assert facts.vocabularies == {
        "colour": {"red": (), "blue": ()},
        "material": {"steel": ("stainless steel",)},
    }
    assert facts.required == {"notice"} and facts.evidence == {"lab-7": "reports/lab-7.pdf"}
    assert facts.as_of == datetime(2026, 11, 26, 8, tzinfo=UTC) and facts.zone == "Europe/Berlin"
    assert found.unusable[0].where == "others[0].height"


def test_digits_are_kept_as_they_were_written() -> None:
    (subject,) = parse_facts('{"price": {"value": 19.990, "unit": "GBP"}, "n": 1e2}').facts.subjects
    assert [str(fact.value) for fact in subject.facts] == ["19.990", "1E+2"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"price": 48,\n "weight" 2}', "facts is not valid JSON: line 2, column 11: Expecting ':' delimiter"),
        ("", "line 1, column 1"),
        ('{"price": NaN}', "NaN is no value of JSON"),
        ('{"price": 1, "price": 2}', "'price' is named twice: write its values as one list"),
        ("[" * 100_000, "nested too deeply"),
        ("[]", "must be an object"),
        ('{"subjects": [], "colour": "red"}', "unknown key 'colour' beside \"subjects\""),
        ('{"subjects": 3}', "subjects must be a list of objects"),
        ('{"subjects": ["kettle"]}', r"subjects\[0\] must be an object"),
        ('{"facts": {"a": 1}, "colour": "red"}', 'colour stands beside "facts"'),
        ('{"facts": [1]}', r"facts\[0\] must be an object with a name"),
        ('{"facts": 1}', "facts must be an object"),
        ('{"subjects": [], "vocabularies": {"colour": 1}}', r"vocabularies\.colour must be a list of texts"),
        ('{"subjects": [], "vocabularies": 1}', "vocabularies must be an object"),
        ('{"subjects": [], "required": "notice"}', "required must be a list of texts"),
        ('{"subjects": [], "evidence": {"a": 1}}', "evidence must map ids"),
        ('{"subjects": [], "as_of": "soon"}', "as_of 'soon' is no moment"),
        ('{"subjects": [], "zone": "Mars/Olympus"}', "zone 'Mars/Olympus' is no IANA time zone"),
        ('{"subjects": [], "zone": "../etc"}', "is no IANA time zone"),
        ('{"subjects": [], "zone": 3}', "is no IANA time zone"),
    ],
)
def test_facts_of_a_wrong_form_are_one_error_that_says_where(text: str, why: str) -> None:
    with pytest.raises(FactsError, match=why):
        parse_facts(text)


def test_names_that_are_none_are_told_and_left_out() -> None:
    found = read_facts({"name": ["Hobbin", 3.5, ""], "": 1, "a\nb": 2, "c" * 201: 3, 4: 5})
    assert found.facts.subjects[0].names == ("Hobbin",) and found.facts.subjects[0].facts == ()
    assert len(found.unusable) == 6 and all(one.where.isprintable() for one in found.unusable)


def test_a_price_without_a_currency_is_told_since_no_amount_agrees_with_it() -> None:
    found = read_facts({"price": 48, "Preis (EUR)": 55, "was price": "60", "size": 42})
    assert [one.where for one in found.unusable] == ["price", "was price"]
    assert found.unusable[0].reason == "has no currency, so no amount of money agrees with it: write '48 GBP'"
    assert len(found.facts.subjects[0].facts) == 4


@pytest.mark.slow
def test_more_facts_than_can_be_held_are_refused() -> None:
    with pytest.raises(FactsError, match="more than 50,000 facts"):
        read_facts({"a": [1] * (FACTS_MAX + 1)})


def test_a_document_without_facts_is_one_without_facts() -> None:
    assert parse_facts("{}").facts.subjects[0].facts == ()


def use(document: Any) -> bool:
    try:
        read_facts(document)
    except FactsError:
        return False
    return True


def test_python_floats_keep_their_shortest_digits() -> None:
    (fact,) = read_facts({"price": {"value": 19.99, "unit": "GBP"}}).facts.subjects[0].facts
    assert fact.value == Decimal("19.99") and use({"x": 1}) and not use("x")
