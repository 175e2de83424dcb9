"""The fact check as a whole: true texts pass, and what is not so is found where it stands."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tailorbird.types.candidate import Candidate
from tailorbird.types.fact import Facts
from tailorbird.types.policy import Policy

from .kettle import CHECK, FACTS, KETTLE, fact, findings, kinds

TRUE = [
    "The Hobbin kettle: 1.8 litres of enamelled steel in moss green, now £48.00 instead of £60.00.",
    "The Hobbin kettle weighs 1,100 g and is 220 mm wide. Save 20%, that is £12.",
    "Made in Poland. Not dishwasher safe, but RoHS compliant, with a card reader.",
    "Six per pack, with four USB 2.0 ports and a 1.8m cable.",
    "Nearly £50, over 1 kg, and about 22 cm across.",
    "For temperatures from -5 to 45 °C. Packed it weighs 1.4 kg. Not in copper.",
    "Released on 10 November 2026; the offer ends on Sunday.",
    "In stock now, with a warranty of two years. HK-220b by Wren.",
    "A resolution of 1440 x 900, in sage.",
]
TRUE_GERMAN = [
    "Der Hobbin kettle wiegt 1,1 kg, fasst 1,8 Liter und ist 22 cm breit.",
    "Seit dem 10. November 2026, mit vier USB 2.0 ports. Nicht aus copper.",
    "Sechs Stück in der Packung. Auf Lager.",
]


@pytest.mark.parametrize("text", TRUE)
def test_a_true_text_has_no_findings(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize("text", TRUE_GERMAN)
def test_a_true_german_text_has_no_findings(text: str) -> None:
    assert kinds(text, "de-DE") == []


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("It weighs 1.2 kg.", "contradiction", "1.2 kg"),
        ("It weighs 1.1 g.", "contradiction", "1.1 g"),
        ("It weighs 22 kg.", "contradiction", "22 kg"),
        ("It is 22 cm deep.", "number", "22 cm"),
        ("Yours for £84.00.", "number", "£84.00"),
        ("Yours for €48.00.", "number", "€48.00"),
        ("Save 25%.", "contradiction", "25%"),
        ("With five USB 2.0 ports.", "contradiction", "five"),
        ("In black.", "contradiction", "black"),
        ("From Portugal.", "contradiction", "Portugal"),
        ("By Tarn.", "contradiction", "Tarn"),
        ("It is dishwasher safe.", "contradiction", "dishwasher safe"),
        ("Without a card reader.", "contradiction", "card reader"),
        ("It is not moss green.", "denied_fact", "moss green"),
        ("Released on 11 November 2026.", "date", "11 November 2026"),
        ("The offer ends on Monday.", "date", "Monday"),
        ("Better than the Pellow stovetop kettle.", "other_name", "Pellow stovetop kettle"),
        ("The HK-230b.", "code", "230b"),
        ("The finest kettle.", "superlative", "The finest"),
        ("It is sold out.", "contradiction", "sold out"),
        ("It is waterproof.", "property", "waterproof"),
        ("Over 1.1 kg.", "number", "1.1 kg"),
        ("Up to 2 litres.", "number", "2 litres"),
    ],
)
def test_what_is_not_so_is_found_at_its_words(text: str, kind: str, words: str) -> None:
    assert (kind, words) in kinds(text)


def test_evidence_names_the_attribute_its_value_and_its_source_and_the_repair_is_the_true_literal() -> None:
    (found,) = findings("It weighs 1.2 kg.")
    assert (found.evidence, found.source, found.repair) == ("weight: 1.1 kg", "catalog: weight", "1.1 kg")
    (colour,) = findings("In black.")
    assert (colour.evidence, colour.repair) == ("colour: moss green", "moss green")


def test_facts_that_must_be_stated_and_are_not_are_named() -> None:
    missing = findings("In moss green.", required=frozenset({"colour", "weight", "stock"}))
    assert [(found.type, found.evidence) for found in missing] == [
        ("missing_fact", "stock: 34"), ("missing_fact", "weight: 1.1 kg"),
    ]  # fmt: skip


def test_a_fact_that_has_expired_supports_nothing() -> None:
    until = replace(fact("deal", "40 GBP"), until=datetime(2026, 11, 25, tzinfo=UTC))
    entity = replace(KETTLE, facts=(*KETTLE.facts, until))
    assert kinds("Now £40.", subjects=(entity,)) == [("number", "£40")]
    later = replace(entity, facts=(*KETTLE.facts, replace(until, until=datetime(2026, 11, 27, tzinfo=UTC))))
    assert kinds("Now £40.", subjects=(later,)) == []


def test_a_proof_allows_a_claim_of_its_kind() -> None:
    assert kinds("The finest kettle.", evidence={"superlative:award-2026": "legal/award.pdf"}) == []


@pytest.mark.parametrize(
    "text", ["", "שלום 48 £", "e\u0301" * 50, "٤٨ £", "<b>48</b>", "x" * 20_000, "1" * 5_000, "no no no not", "£", "%"]
)
def test_odd_texts_are_read_without_an_error(text: str) -> None:
    assert isinstance(findings(text), list)


def test_numbers_in_other_scripts_are_read() -> None:
    assert kinds("It weighs ١.١ kg.") == []
    assert kinds("It weighs ١.٢ kg.") == [("contradiction", "١.٢ kg")]


def test_a_language_without_word_lists_finds_nothing_and_the_validator_says_so() -> None:
    assert list(CHECK.check(Candidate("1.2 kg", FACTS, Policy(), "fr-FR"))) == [] and "fr" not in CHECK.languages


def test_without_facts_every_figure_is_unfounded() -> None:
    assert [found.type for found in CHECK.check(Candidate("Only £48.", Facts(), Policy(), "en"))] == ["number"]
