"""The law's rules for silence."""

from datetime import date

import pytest

from tailorbird.stages.consent.jurisdictions import RULES, STRICTEST, country_code, find_rule


@pytest.mark.parametrize(
    ("country", "use", "channel", "regime"),
    [
        ("GB", "marketing", "email", "opt_in"),
        ("UK", "marketing", "sms", "opt_in"),
        ("de", "marketing", "email", "opt_in"),
        ("FR", "pixel", "", "opt_in"),
        ("DE", "pixel", "", "opt_in"),
        ("US", "marketing", "email", "opt_out"),
        ("US", "marketing", "sms", "opt_in"),
        ("US", "marketing", "", "opt_in"),
        ("US", "sale", "", "opt_out"),
        ("CA", "marketing", "email", "implied"),
        ("CA", "pixel", "", "opt_in"),
        ("BR", "marketing", "email", "opt_in"),
        ("United Kingdom", "marketing", "email", "opt_in"),
        (None, "sale", "", "opt_in"),
    ],
)  # fmt: skip
def test_the_regime_of_a_country(country: str | None, use: object, channel: str, regime: str) -> None:
    assert find_rule(country, use, channel).regime == regime  # type: ignore[arg-type]


def test_an_unknown_country_gets_the_strictest_rule() -> None:
    assert find_rule("XX", "marketing", "email") is STRICTEST
    assert find_rule("", "marketing", "email") is STRICTEST
    assert not STRICTEST.soft_opt_in


def test_the_soft_opt_in_is_for_mail_and_texts_of_europe_and_britain() -> None:
    assert find_rule("GB", "marketing", "email").soft_opt_in and find_rule("FR", "marketing", "sms").soft_opt_in
    assert not find_rule("GB", "marketing", "phone").soft_opt_in
    assert not find_rule("US", "marketing", "email").soft_opt_in


def test_every_rule_names_its_law_its_source_and_the_day_it_was_checked() -> None:
    for rule in RULES:
        assert rule.law and rule.source.startswith("https://")
        assert date.fromisoformat(rule.checked_on) <= date(2100, 1, 1)
        assert (rule.implied_months > 0) == (rule.regime == "implied")


@pytest.mark.parametrize(
    ("said", "code"), [(" gb ", "GB"), ("UK", "GB"), ("Germany", ""), ("", ""), (None, ""), ("1Z", "")]
)
def test_a_country_is_two_letters_or_unknown(said: str | None, code: str) -> None:
    assert country_code(said) == code
