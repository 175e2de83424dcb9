"""Planted effects: as large as asked, only among the treated, and the same every time."""

import pytest

from tailorbird.stages.measurement.planting import plant_lift
from tailorbird.stages.measurement.readout import read_out
from tailorbird.testing.readouts import UNTIL, example_campaign, example_outcomes


def test_the_readout_recovers_a_planted_lift_within_its_interval() -> None:
    outcomes = example_outcomes(435, 115, 435, 115)
    readout = read_out(example_campaign(), plant_lift(outcomes, 0.3, 14), UNTIL, "GBP")
    assert readout.verdict == "better"
    assert readout.effect is not None
    assert readout.effect.low <= 0.3 <= readout.effect.high


def test_only_treated_people_are_changed_and_nobody_is_taken_away() -> None:
    outcomes = example_outcomes(400, 40, 400, 40)
    planted = plant_lift(outcomes, 0.2, 14)
    assert planted["conversion_day"][400:] == outcomes["conversion_day"][400:]
    assert all(
        new == old for old, new in zip(outcomes["conversion_day"], planted["conversion_day"], strict=True) if old
    )
    assert all(day is None or 1 <= day <= 14 for day in planted["conversion_day"])


def test_planting_is_repeatable() -> None:
    outcomes = example_outcomes(400, 40, 400, 40)
    assert plant_lift(outcomes, 0.2, 14) == plant_lift(outcomes, 0.2, 14)


@pytest.mark.parametrize("lift", [0.0, -0.1, 0.95])
def test_a_lift_that_cannot_be_is_refused(lift: float) -> None:
    with pytest.raises(ValueError, match="planted lift must be above 0"):
        plant_lift(example_outcomes(400, 40, 400, 40), lift, 14)
