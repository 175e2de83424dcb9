"""Channel budgets from a file of past spends: a saturation curve per channel, and the budget shared by them."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tailorbird.stages.budget.saturation import ChannelPlan, Curve, SaturationError, fit_curve, share_budget
from tailorbird.types.errors import TailorbirdError

COLUMNS = ("channel", "spend", "margin")


class ChannelsError(TailorbirdError):
    """A file of spends that cannot be used; the message names the row or the channel, and the mend."""


@dataclass(frozen=True)
class ChannelBudgets:
    """The plan over the channels whose curve could be fitted, and why others have none."""

    curves: Mapping[str, Curve]
    plan: ChannelPlan
    refused: Mapping[str, str]

    def as_dict(self) -> dict[str, Any]:
        """For --json."""
        return {
            "channels": [
                {
                    "channel": name,
                    "budget": round(self.plan.spends[name], 2),
                    "expected_margin": round(curve.returned(self.plan.spends[name]), 2),
                    "most_it_can_bring": round(curve.top, 2),
                    "beyond_what_was_tried": self.plan.spends[name] > curve.spent_max,
                }
                for name, curve in self.curves.items()
            ],
            "expected_margin": round(self.plan.returned, 2),
            "return_of_the_last_unit": round(self.plan.price, 4),
            "not_worth_spending": round(self.plan.unspent, 2),
            "left_out": dict(self.refused),
        }


def plan_channels(path: Path, budget: float) -> ChannelBudgets:
    """Share a budget between the channels of a CSV with columns channel, spend and margin, a row per period.

    `margin` is what came back, as earned money: with it as revenue too much is spent. Raises ChannelsError.
    """
    spends = _read(path)
    curves: dict[str, Curve] = {}
    refused: dict[str, str] = {}
    for name, (spend, margin) in spends.items():
        try:
            curves[name] = fit_curve(spend, margin)
        except SaturationError as error:
            refused[name] = str(error)
    if not curves:
        told = "; ".join(f"{name}: {why}" for name, why in refused.items()) or "the file has no rows"
        raise ChannelsError(f"{path}: no channel's curve can be fitted ({told})")
    try:
        return ChannelBudgets(curves, share_budget(curves, budget), refused)
    except SaturationError as error:
        raise ChannelsError(f"--budget: {error}") from None


def _read(path: Path) -> dict[str, tuple[list[float], list[float]]]:
    found: dict[str, tuple[list[float], list[float]]] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if missing := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
                raise ChannelsError(f"{path}: column {missing[0]} is missing; it needs {', '.join(COLUMNS)}")
            for number, row in enumerate(rows, 2):
                spend, margin = found.setdefault((row["channel"] or "").strip(), ([], []))
                for column, values in (("spend", spend), ("margin", margin)):
                    values.append(_number(path, number, column, row[column]))
    except (OSError, UnicodeDecodeError) as error:
        raise ChannelsError(f"{path} cannot be read: {error}") from None
    return found


def _number(path: Path, line: int, column: str, text: str | None) -> float:
    try:
        return float(text or "")
    except ValueError:
        raise ChannelsError(f"{path}, line {line}: {column} must be a number (found {text!r})") from None
