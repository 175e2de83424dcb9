"""tailorbird plan --budget."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tailorbird.cli.app import app
from tailorbird.cli.plan_budget import step_sentence
from tests.conftest import Shop

RUN = CliRunner()
STEP = {"from": "none", "to": "template", "cost": 0.01, "gain": 0.5, "low": 0.2, "high": 0.8, "return": (50.0, 20.0, 80.0),
        "taken": True, "why": ""}  # fmt: skip


def ask(*words: str) -> Any:
    return RUN.invoke(app, ["plan", *words])


@pytest.mark.slow
def test_a_budget_is_planned_for_a_campaign_in_words_and_in_json(shop: Shop) -> None:
    told = ask(str(shop.root), "win_back", "--budget", "5")
    assert told.exit_code == 0, told.output
    assert "Budget: 5.00 GBP. Treat everybody alike: the campaign has decided for nobody yet." in told.output
    assert "what comes back is not known" in told.output
    found = json.loads(ask(str(shop.root), "win_back", "--budget", "5", "--json").output)["tiers"]
    assert found["mode"] == "alike"
    assert sum(found["people_by_tier"].values()) == sum(cell["people"] for cell in found["cells"])
    assert found["cost"] <= 5


def test_channels_need_no_project(tmp_path: Path) -> None:
    file = tmp_path / "spend.csv"
    rows = [f"email,{b},{500 * -math.expm1(-b / 60)}" for b in (10, 30, 60, 120)]
    file.write_text("\n".join(["channel,spend,margin", *rows]) + "\n")
    told = ask("--budget", "1000", "--channels", str(file))
    assert told.exit_code == 0, told.output
    assert "email: brings back about" in told.output
    assert "is not worth spending" in told.output
    assert json.loads(ask("--budget", "50", "--channels", str(file), "--json").output)["channels"][0]["budget"] == 50


@pytest.mark.slow
@pytest.mark.parametrize("words", [["--budget", "-1"], ["--budget", "nan"], ["--trees"], ["--channels", "x.csv"]])
def test_options_that_make_no_sense_are_refused(words: list[str], shop: Shop) -> None:
    told = ask(str(shop.root), "win_back", *words)
    assert told.exit_code != 0
    assert "--budget" in str(told.exception)


def test_a_step_is_told_with_its_return_or_with_why_there_is_none() -> None:
    assert step_sentence(STEP) == (
        "from no message to people's lines: gains +0.5000 a person (+0.2000 to +0.8000, always valid) for 0.010000 more, "
        "50.00 for each unit spent (20.00 to 80.00): worth it"
    )
    unknown = {**STEP, "gain": None, "why": "too few"}
    assert step_sentence(unknown) == "from no message to people's lines: too few"
    free = {**STEP, "return": None, "taken": False, "why": "not sure"}
    assert "costs no more" in step_sentence(free)
    assert step_sentence(free).endswith("not taken, not sure")
