"""The words of the page."""

import pytest

from tailorbird.types.consent import CHANNELS
from tailorbird.types.settings import PurposeSettings
from tailorbird.web.preferences.words import LANGUAGES, PAGE_WORDS, choose_language, mask_address, purpose_words


def test_every_language_says_the_same_things_and_every_channel() -> None:
    assert set(PAGE_WORDS) == set(LANGUAGES)
    assert PAGE_WORDS["en"].keys() == PAGE_WORDS["de"].keys() >= set(CHANNELS)


@pytest.mark.parametrize(
    ("wishes", "language"),
    [
        (("de-DE", "en"), "de"),
        (("fr", "de-CH, en;q=0.3"), "de"),
        (("", "en;q=0.2, de;q=0.9"), "de"),
        (("", "fr, en;q=0.5"), "en"),
        (("", "de;q=0"), "en"),
        (("de_AT",), "de"),
        (("", "*;q=x, ,;;"), "en"),
        ((), "en"),
    ],
)
def test_the_first_wish_that_the_page_speaks_is_taken(wishes: tuple[str, ...], language: str) -> None:
    assert choose_language(*wishes) == language


def test_the_project_s_words_come_first_then_ours_then_the_name() -> None:
    told = PurposeSettings(labels={"en": "Letters", "de-AT": "Post"}, explanations={"en": "Twice a month."})
    assert purpose_words("email_marketing", told, "en-GB", "en") == ("Letters", "Twice a month.")
    assert purpose_words("email_marketing", told, "de-DE", "de") == ("Post", "")
    assert purpose_words("email_marketing", PurposeSettings(), "de-DE", "de")[0] == "Neues und Angebote"
    assert purpose_words("price_alerts", PurposeSettings(), "en", "en") == ("Price alerts", "")
    assert purpose_words("price_alerts", PurposeSettings(labels={"fr": "Prix"}), "en", "en") == ("Prix", "")


@pytest.mark.parametrize(
    ("address", "masked"), [("ana@shop.example", "a…@shop.example"), ("", ""), ("ana", ""), ("@x", ""), ("a@", "")]
)
def test_an_address_is_masked(address: str, masked: str) -> None:
    assert mask_address(address) == masked
