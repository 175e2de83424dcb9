"""Nobody's data stands in a text, but what the brand and the facts say themselves may."""

import pytest

from tailorbird.pipeline.validation.personal_data import PersonalDataCheck
from tailorbird.stages.privacy.masking import Masker, MaskingRules
from tailorbird.types.candidate import Candidate
from tailorbird.types.fact import Entity, Fact, Facts
from tailorbird.types.policy import Policy

BRAND = Entity(
    "wren", ("Wren", "Robin Hedge"), (Fact("e-mail", "help@wren.example"), Fact("telephone", "+44 20 7946 0018"))
)
FACTS = Facts((BRAND,), (Entity("other", ("Rival",), (Fact("e-mail", "sales@rival.example"),)),))


def kinds(
    text: str, facts: Facts = FACTS, masker: Masker | None = None, locale: str = "en-GB"
) -> list[tuple[str, str]]:
    found = PersonalDataCheck(masker).check(Candidate(text, facts, Policy(), locale))
    return [(one.type, one.severity) for one in found]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("email", "Anna (anna.berg@mail.example) loved it."),
        ("email", "Ask sales@rival.example"),
        ("phone", "Ring her on 020 7946 0991."),
        ("iban", "Pay to GB82 WEST 1234 5698 7654 32."),
        ("card", "Card 4111 1111 1111 1111 was charged."),
        ("address", "It went to 17 Elm Road, Littlecote, AB1 2CD."),
    ],
)
def test_what_is_somebodys_stops_a_text(kind: str, text: str) -> None:
    assert (kind, "error") in kinds(text)


@pytest.mark.parametrize(
    "text",
    ["Write to help@wren.example.", "Call 020 7946 0018 or +44 20 7946 0018.", "The kettle holds 1.8 litres and costs £48.",
     "EAN 4006381333931", "Back on 12 June 2026."],
)  # fmt: skip
def test_the_brands_own_facts_and_figures_of_products_pass(text: str) -> None:
    assert kinds(text) == []


def test_the_rules_of_a_project_say_what_is_its_own_and_what_never_passes() -> None:
    masker = Masker(MaskingRules(allowed=("post@wren.example",), private=("Project Nightjar",), regions=("GB",)))
    assert kinds("post@wren.example", Facts(), masker) == []
    assert kinds("Project Nightjar begins", Facts(), masker) == [("private", "error")]


def test_numbers_are_read_as_those_of_the_locales_country() -> None:
    assert kinds("Rufen Sie 030 23125 014 an", Facts(), locale="de-DE") == [("phone", "error")]


def test_the_finding_is_at_the_character() -> None:
    text = "Hi \u200bask ana@mail.example now"
    (found,) = PersonalDataCheck().check(Candidate(text, Facts(), Policy(), "en"))
    assert text[slice(*found.span)] == "ana@mail.example" == found.evidence
