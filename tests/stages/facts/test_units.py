"""Units and currencies."""

from decimal import Decimal

import pytest

from tailorbird.stages.facts.units import is_money, unit_of


@pytest.mark.parametrize(
    ("value", "spelling", "base"),
    [("1.1", "kg", "1.1"), ("1100", "Gramm", "1.1"), ("10", "inches", "0.254"), ("20", "°c", "293.15"),
     ("68", "°f", "293.15"), ("2", "TB", "2000000000000"), ("99", "pence", "0.99")],
)  # fmt: skip
def test_a_value_comes_to_its_dimension_s_base_unit(value: str, spelling: str, base: str) -> None:
    unit = unit_of(spelling)
    assert unit is not None and abs(unit.base(Decimal(value)) - Decimal(base)) < Decimal("1e-9")


def test_currencies_are_dimensions_of_their_own_and_unknown_spellings_no_units() -> None:
    pound, euro = unit_of("£"), unit_of("EUR")
    assert pound and euro and is_money(pound) and pound.dimension != euro.dimension
    assert unit_of("kettles") is None
