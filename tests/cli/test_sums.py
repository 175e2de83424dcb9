"""Running sums on the command line."""

from pathlib import Path
from typing import Any

import pytest

from tailorbird.cli.sums import line
from tailorbird.types.day_sums import SumsEffect
from tailorbird.types.effect import Effect


@pytest.mark.slow
def test_sums_are_counted_and_read(tailorbird: Any, ran: Any) -> None:
    root = ran.root
    told = tailorbird("sums", root, "win_back", "--json").json
    assert told["updated"]["people"] > 0
    again = tailorbird("sums", root, "win_back", "--no-update", "--json").json
    assert again["updated"] is None
    assert again["effects"] == told["effects"]
    assert "against holdout" in tailorbird("sums", root, "win_back").out


@pytest.mark.slow
def test_a_campaign_that_has_not_run_is_one_clear_error(tailorbird: Any, filled: Path) -> None:
    assert "decided for nobody" in tailorbird("sums", filled, "win_back").error


def test_shares_are_told_in_points_and_money_as_it_is() -> None:
    effect = Effect(0.021, -0.004, 0.046, 0.2)
    assert "+2.10 points (-0.40 to +4.60 at every look)" in line(
        SumsEffect("ordered", "share", "treatment", "holdout", 900, 100, effect)
    )
    assert "+0.02 GBP (" in line(SumsEffect("money", "value", "treatment", "holdout", 900, 100, effect), "GBP")
