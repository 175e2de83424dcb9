"""Channel budgets from a file."""

import math
from pathlib import Path

import pytest

from tailorbird.pipeline.budget.channels import ChannelsError, plan_channels


def spends(path: Path, rows: list[tuple[str, float, float]]) -> Path:
    path.write_text("channel,spend,margin\n" + "".join(f"{c},{s},{m}\n" for c, s, m in rows))
    return path


def curve(name: str, top: float, scale: float) -> list[tuple[str, float, float]]:
    return [(name, b, top * -math.expm1(-b / scale)) for b in (10.0, 30, 60, 120, 240)]


def test_a_budget_is_shared_and_a_channel_without_a_curve_is_left_out_with_the_reason(tmp_path: Path) -> None:
    rows = [*curve("email", 500, 60), *curve("ads", 900, 200), ("radio", 5.0, 1.0)]
    told = plan_channels(spends(tmp_path / "spend.csv", rows), 200).as_dict()
    budgets = {row["channel"]: row["budget"] for row in told["channels"]}
    assert budgets.keys() == {"email", "ads"}
    assert sum(budgets.values()) == pytest.approx(200, abs=0.02)
    assert "at least 4" in told["left_out"]["radio"]


def test_what_is_not_worth_spending_is_said(tmp_path: Path) -> None:
    told = plan_channels(spends(tmp_path / "spend.csv", curve("email", 500, 60)), 10_000).as_dict()
    assert told["not_worth_spending"] == pytest.approx(10_000 - 60 * math.log(500 / 60), abs=0.5)
    assert told["return_of_the_last_unit"] == 1.0


def test_files_that_cannot_be_used_are_refused_by_line_and_column(tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    with pytest.raises(ChannelsError, match="cannot be read"):
        plan_channels(bad, 1)
    bad.write_text("channel,spend\nads,1\n")
    with pytest.raises(ChannelsError, match="column margin is missing"):
        plan_channels(bad, 1)
    bad.write_text("channel,spend,margin\nads,1,x\n")
    with pytest.raises(ChannelsError, match="line 2: margin must be a number"):
        plan_channels(bad, 1)
    with pytest.raises(ChannelsError, match="no channel's curve"):
        plan_channels(spends(bad, [("ads", 1.0, -1.0)]), 1)
