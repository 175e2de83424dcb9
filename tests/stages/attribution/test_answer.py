"""Credit beside the holdout's answer."""

import pytest

from tailorbird.stages.attribution.answer import answer
from tailorbird.types.attribution import AttributionSettings, CreditRow
from tailorbird.types.effect import Effect

OWN = CreditRow("win_back", 300, 120, 90, 80, 1200, 900, 480, 360, own=True)
SETTINGS = AttributionSettings()


def test_the_holdout_rules_and_calibrates_the_credit() -> None:
    found = answer([OWN], "win_back", 400, 100, SETTINGS, Effect(38, 5, 71, 0.02))
    assert found.calibration == pytest.approx(38 / 120)
    assert found.sentence.endswith("brought 38, between 5 and 71. The holdout rules.")
    assert (found.orders, found.untouched, found.click_days) == (400, 100, 30)


def test_an_answer_that_may_be_none_calibrates_nothing() -> None:
    found = answer([OWN], "win_back", 400, 100, SETTINGS, Effect(10, -20, 40, 0.5))
    assert found.calibration is None and "may have brought none" in found.sentence


def test_without_a_holdout_credit_is_no_proof() -> None:
    found = answer([OWN], "win_back", 400, 100, SETTINGS, None, "nobody was held out")
    assert (found.changed, found.why) == (None, "nobody was held out")
    assert "no proof" in found.sentence


def test_a_campaign_that_nobody_touched_has_no_credit() -> None:
    assert "0 orders" in answer([], "win_back", 400, 400, SETTINGS, Effect(10, 1, 20, 0.01)).sentence
