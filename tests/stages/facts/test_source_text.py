"""Facts of a source in free text."""

from decimal import Decimal

import pytest

from tailorbird.stages.facts.check import FactCheck
from tailorbird.stages.facts.source_text import facts_from_text
from tailorbird.types.candidate import Candidate
from tailorbird.types.fact import Facts
from tailorbird.types.policy import Policy

SOURCE = "The Tarn kettle holds 1.7 litres and weighs 950 g. It is made of copper in Leeds since 2 May 2024."
CHECK = FactCheck(lambda language: frozenset())


def kinds(response: str, attended: bool = False) -> list[str]:
    candidate = Candidate(response, facts_from_text(SOURCE, "en-GB"), Policy(attended=attended), "en-GB")
    return [found.type for found in CHECK.check(candidate)]


def test_numbers_are_facts_named_by_the_words_they_are_read_with() -> None:
    numbers = {f.name: (f.value, f.unit) for f in facts_from_text(SOURCE, "en").subjects[0].facts if f.unit}
    assert (Decimal("950"), "g") in numbers.values() and any("weight" in name for name in numbers)


@pytest.mark.parametrize(
    ("response", "found"),
    [
        ("A copper kettle, 950 g, 1.7 litres, since May 2024.", []),
        ("It weighs 0.95 kg.", []),
        ("It holds 1.9 litres.", ["number"]),
        ("It weighs 590 g.", ["contradiction"]),
        ("Made since 3 May 2024.", ["date"]),
        ("It is made in Sheffield.", ["unknown_name"]),
        ("A kettle of brass.", ["unsupported_value"]),
    ],
)
def test_a_response_is_held_against_the_source(response: str, found: list[str]) -> None:
    assert kinds(response) == found


def test_a_source_in_an_unknown_language_gives_no_facts() -> None:
    assert facts_from_text("Une bouilloire de 1,7 litre.", "fr-FR") == Facts()


def test_lines_of_names_and_values_are_those_facts_and_a_former_price_gives_the_discount() -> None:
    source = "Tarn kettle\nprice: 30.00 GBP\nwas price: 40.00 GBP\ncordless: yes\nweight: 950 g"
    facts = facts_from_text(source, "en-GB")
    judged = [
        [found.type for found in CHECK.check(Candidate(text, facts, Policy(), "en-GB"))]
        for text in ("Cordless, 950 g, 25% off.", "Not cordless.", "It weighs 900 g.", "Was £40.00, now £30.00.")
    ]
    assert judged == [[], ["contradiction"], ["contradiction"], []]
