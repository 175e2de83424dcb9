"""The power of a campaign on the command line."""

from pathlib import Path
from typing import Any

import pytest

from tailorbird.cli.plan_power import power_lines
from tailorbird.types.power import ArmsPower, CampaignPower, PowerPlan


@pytest.mark.slow
def test_plan_says_what_the_people_can_show(tailorbird: Any, filled: Path) -> None:
    said = tailorbird("plan", filled, "win_back", "--power", "--effect", "0.3", "--per-day", "50").out
    for words in ("treatment against holdout", "is found 80% of the time", "To find", "Looked at once", "days"):
        assert words in said
    told = tailorbird("plan", filled, "win_back", "--power", "--json").json["power"]
    assert told["comparisons"][0]["plan"]["people"] > 0


def test_money_guardrails_and_a_covariate_are_told_in_words() -> None:
    plan = PowerPlan(1.5, 9000, 6000, 5000, 0.8, 0.05, 0.5, needs=(("effect", 4000), ("returns", 9000)))
    arms = ArmsPower("warm", "plain", 1200, 0.5, 2.25, plan)
    said = "\n".join(
        power_lines(CampaignPower("money", 14, "2026-05-01", 1100, 15.0, 0.7, (arms,), ("a note",)), "GBP", "value")
    )
    for words in ("2.25 GBP per person", "(15% of it)", "returns 9,000", "leaves 70% of the variance", "a note"):
        assert words in said


def test_what_cannot_be_planned_is_one_sentence() -> None:
    said = power_lines(CampaignPower("ordered", 14, "2026-05-01", 0, 0.0, 1.0, why="nobody did it"), "GBP", "share")
    assert said == ["Power cannot be planned: nobody did it."]
