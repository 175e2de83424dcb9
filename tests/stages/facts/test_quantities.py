"""Numbers with their units, ranges and bounds."""

import pytest

from tailorbird.stages.facts.languages import language_of
from tailorbird.stages.facts.quantities import find_quantities, share_units
from tailorbird.stages.facts.tokens import tokenise


def read(text: str, code: str = "en") -> list[tuple[str, str, str, str]]:
    language = language_of(code)
    assert language is not None
    tokens = tokenise(text)
    found = share_units(tokens, find_quantities(tokens, language, [False] * len(tokens)))
    return [
        (str(q.readings[0][0]), str(q.readings[0][1]), q.unit.name if q.unit else "", q.bound) for q in found
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "low", "high", "unit", "bound"),
    [
        ("33.6 mm", "33.6", "33.6", "mm", "exact"), ("33.6mm", "33.6", "33.6", "mm", "exact"),
        ("a 17-inch display", "17", "17", "in", "exact"), ('17" wide', "17", "17", "in", "exact"),
        ("£48.00", "48.00", "48.00", "GBP", "exact"), ("EUR 48", "48", "48", "EUR", "exact"),
        ("20-25 cm", "20", "25", "cm", "exact"), ("between 20 and 25 cm", "20", "25", "cm", "exact"),
        ("-5 to 45 °C", "-5", "45", "°C", "exact"), ("up to 23,000 pages", "23000", "23000", "", "up_to"),
        ("nearly fifty", "50", "50", "", "nearly"), ("no less than 3 kg", "3", "3", "kg", "at_least"),
        ("20 % off", "20", "20", "%", "exact"), ("1½ litres", "1.5", "1.5", "l", "exact"),
        ("120 km/h", "120", "120", "km/h", "exact"), ("30 m² of room", "30", "30", "m2", "exact"),
        ("5 in a box", "5", "5", "", "exact"), ("99p", "99", "99", "GBP minor", "exact"),
    ],
)  # fmt: skip
def test_a_quantity_has_its_unit_range_and_bound(text: str, low: str, high: str, unit: str, bound: str) -> None:
    assert read(text) == [(low, high, unit, bound)]


def test_german_quantities() -> None:
    assert read("Für 48,00 £.", "de") == [("48.00", "48.00", "GBP", "exact")]
    assert read("mindestens 1,5 Liter", "de") == [("1.5", "1.5", "l", "at_least")]
    assert read("von 20 bis 25 cm, ab 48,00 €", "de") == [
        ("20", "25", "cm", "from"), ("48.00", "48.00", "EUR", "from"),
    ]  # fmt: skip


def test_numbers_joined_by_a_times_sign_share_the_last_unit() -> None:
    assert [one[2] for one in read("251 x 66 x 226 mm")] == ["mm", "mm", "mm"]
    assert [one[2] for one in read("2 with 226 mm")] == ["", "mm"]
