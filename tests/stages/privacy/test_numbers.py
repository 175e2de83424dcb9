"""Runs of digits: whose they are, or nobody's."""

import pytest

from tailorbird.stages.privacy.masking import Masker, MaskingRules
from tailorbird.stages.privacy.numbers import find_numbers


def kinds(text: str, *regions: str) -> list[tuple[str, str]]:
    found = Masker(MaskingRules(regions=regions or ("GB", "DE"))).find(text)
    return [(one.kind, text[one.start : one.end]) for one in found]


@pytest.mark.parametrize(
    "number",
    [
        "+44 20 7946 0018", "+49 (0)30 1234567", "0044 20 7946 0018", "020 7946 0018", "0171/1234567", "(905) 674-3793",
        "905-674-3793", "+1-984-182-0190", "07700 900 123", "01.42.68.53.00", "345-899-3560x4587", "02079460018",
    ],
)  # fmt: skip
def test_telephone_numbers_are_found_whole(number: str) -> None:
    assert kinds(f"Ask on {number}, please.") == [("phone", number)]


def test_a_word_before_it_makes_a_bare_number_a_telephone_number() -> None:
    assert kinds("call 4079460018 today") == [("phone", "4079460018")]
    assert kinds("batch 4079460018 today") == []


def test_the_country_tells_how_numbers_are_written_without_its_code() -> None:
    assert kinds("Ask on 699 956 915.", "ES") == [("phone", "699 956 915")]
    assert kinds("Ask on 699 956 915.", "GB") == []


@pytest.mark.parametrize(
    "text",
    [
        "30 x 40 x 50 cm", "100-200-300 mm", "1 000 000 sold", "EAN 4006381333931", "ISBN 978-3-16-148410-0",
        "2026-06-01 12:30:45", "£1,299.00", "1.234.567", "Core 2 P8400 (2.26GHz, 1066MHz)", "10/100/1000 Mbit",
        "1939-1945", "12/05/1980", "part 78.6969.9463.7", "sizes 100 200 300", "ratings 4 5 3 5 1 2 4", "order 12345678",
    ],
)  # fmt: skip
def test_measures_dates_prices_and_product_numbers_are_nobody_s(text: str) -> None:
    assert kinds(text) == []


def test_cards_are_found_with_and_without_spaces() -> None:
    for card in ("4111 1111 1111 1111", "5500-0000-0000-0004", "340000000000009"):
        assert kinds(f"pay by {card} now") == [("card", card)]
    assert kinds("my card is 4111 1111 1111 1112") == [("card", "4111 1111 1111 1112")]  # mistyped, and typed
    assert kinds("lot 4111111111111112") == []


@pytest.mark.parametrize(
    "number",
    [
        "460-89-9847", "86095742719", "44051401359", "2 55 08 14 168 025 38", "529.982.247-25", "756.9217.0769.85",
        "811218-9876", "93.05.18-223.61",
    ],
)  # fmt: skip
def test_identity_numbers_are_found(number: str) -> None:
    assert kinds(f"that is {number}.") == [("national_id", number)]


def test_a_number_of_nine_digits_is_an_identity_number_only_where_a_word_says_so() -> None:
    assert kinds("BSN 111222333") == [("national_id", "111222333")]
    assert kinds("lot 111222333") == []


def test_a_run_holds_several_numbers() -> None:
    text = "020 7946 0018 24/7"
    assert list(find_numbers(text, 0, len(text), ("GB",))) == [(0, 13, "phone")]
