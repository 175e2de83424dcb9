"""What a vendor may be told, by what is on record."""

import pytest

from tailorbird.stages.privacy.terms import categories_of, refuse_prompt
from tailorbird.types.settings import TermsSettings

FULL = TermsSettings("EU", 30, False, "dpa-7")


def test_slots_tell_the_kinds_of_text() -> None:
    slots = ("item.name", "item.care_washing", "person.first_name", "brand.name")
    assert categories_of(slots, {"item.care_washing"}) == ("brand", "campaign", "catalog", "invented", "knowledge")
    assert categories_of((), ()) == ("brand", "campaign")


def test_a_vendor_with_an_agreement_that_does_not_train_may_be_told_everything_masked() -> None:
    assert refuse_prompt(FULL, (), ("catalog", "knowledge"), {"email": 1}) == ""


@pytest.mark.parametrize("terms", [TermsSettings(), TermsSettings(dpa="d"), TermsSettings(dpa="d", trains=True)])
def test_any_other_vendor_gets_facts_of_the_catalog_only(terms: TermsSettings) -> None:
    assert refuse_prompt(terms, (), ("brand", "campaign", "catalog", "invented"), {}) == ""
    assert "knowledge table" in refuse_prompt(terms, (), ("catalog", "knowledge"), {})
    assert "masked in it (email, phone)" in refuse_prompt(terms, (), ("catalog",), {"phone": 1, "email": 2})


def test_the_reason_says_what_is_missing() -> None:
    assert "generator.terms.dpa" in refuse_prompt(TermsSettings(), (), ("knowledge",), {})
    assert "generator.terms.trains" in refuse_prompt(TermsSettings(dpa="d"), (), ("knowledge",), {})


def test_a_region_that_is_not_allowed_gets_nothing() -> None:
    assert refuse_prompt(FULL, ("EU", "GB"), ("catalog",), {}) == ""
    assert "is in region EU" in refuse_prompt(FULL, ("GB",), ("catalog",), {})
    assert "has no region on record" in refuse_prompt(TermsSettings(dpa="d", trains=False), ("GB",), ("catalog",), {})
