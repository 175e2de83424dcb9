"""The simulated lift of a plan."""

from pathlib import Path
from typing import Any

import pytest

from tailorbird.cli.plan_simulated import simulated_json, simulated_lines
from tailorbird.types.simulated_lift import SimulatedLift

FOUND = SimulatedLift(0.012, -0.002, 0.026, 7, slope=0.9, sign_right=6 / 7)


def test_a_simulated_lift_never_stands_without_its_label() -> None:
    first, *others = simulated_lines(FOUND, 10_000)
    assert first.startswith("  SIMULATION, NOT EVIDENCE: lift +1.20 points (nine in ten: -0.20 to +2.60)")
    assert "+120 conversions (-20 to +260)" in first
    assert any("at most 20% of a budget" in line for line in others)
    assert simulated_json(FOUND)["label"] == "simulation, not evidence"
    assert simulated_json(FOUND)["budget_share_at_most"] == 0.2


def test_of_a_budget_a_fifth_may_rest_on_it() -> None:
    assert any("(200.00 of 1,000.00 GBP)" in line for line in simulated_lines(FOUND, 100, 1_000, "GBP"))
    assert simulated_json(FOUND, 1_000)["budget_at_most"] == 200
    assert simulated_json(FOUND)["budget_at_most"] is None


def test_where_people_say_nothing_the_mean_past_lift_is_named() -> None:
    told = simulated_lines(SimulatedLift(0.01, 0.0, 0.02, 7, slope=0.0, sign_right=1.0), 100)
    assert any("nothing beyond the mean past lift" in line for line in told)


@pytest.mark.slow
def test_a_project_without_past_campaigns_is_told_why_there_is_no_number(tailorbird: Any, filled: Path) -> None:
    said = tailorbird("plan", filled, "win_back", "--no-model", "--simulate")
    assert "SIMULATION, NOT EVIDENCE: no simulated lift: 0 past campaigns" in said.out
    told = tailorbird("plan", filled, "win_back", "--no-model", "--simulate", "--json").json["simulated_lift"]
    assert (told["lift"], told["label"]) == (None, "simulation, not evidence")
