"""Telephone numbers in one spelling."""

import subprocess
import sys

import pytest

from tailorbird.stages.identity.phone_number import phone_of, read_phone


@pytest.mark.parametrize(
    ("written", "country"),
    [
        ("020 7946 0018", "GB"),
        ("(020) 7946-0018 ext. 3", "gb"),
        ("+44 20 7946 0018", None),
        ("+44 20 7946 0018", "DE"),
        ("0044 20 7946 0018", "DE"),
        ("tel:+44-20-7946-0018", None),
        ("０２０ ７９４６ ００１８", "GB"),
    ],
)
def test_the_spellings_of_one_number_are_one(written: str, country: str | None) -> None:
    assert read_phone(written, country) == ("+442079460018", "")


@pytest.mark.parametrize(
    ("written", "country", "why"),
    [
        ("020 7946 0018", None, "no country code"),
        ("020 7946 0018", "Atlantis", "no country code"),
        ("12", "GB", "no numbers of GB"),
        ("+999123456", "GB", "no telephone number"),
        ("call me", "GB", "no telephone number"),
        ("", "GB", "there is no number"),
        (None, "GB", "there is no number"),
        (442079460018, "GB", "there is no number"),
        ("0" * 10_000, "GB", "10,000 characters"),
    ],
)
def test_what_is_no_number_is_none_with_a_reason(written: object, country: str | None, why: str) -> None:
    number, reason = read_phone(written, country)
    assert number is None and why in reason


def test_a_persons_country_comes_from_the_traits() -> None:
    assert phone_of({"phone": "020 7946 0018", "country": "GB"}) == "+442079460018"
    assert phone_of({"phone": "020 7946 0018", "address": {"country": "GB"}}) == "+442079460018"
    assert phone_of({"phone": "020 7946 0018", "country": 44}) is None
    assert phone_of({}) is None


def test_the_plans_of_all_countries_are_loaded_only_for_a_number() -> None:
    code = "import sys, tailorbird.stages.identity.phone_number as p; p.read_phone(None); print('phonenumbers' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
