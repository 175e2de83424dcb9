"""Planning on the command line."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tailorbird import bootstrap

pytestmark = pytest.mark.slow


def test_a_plan_says_who_how_many_and_what_it_costs_and_does_nothing(tailorbird: Any, filled: Path) -> None:
    said = tailorbird("plan", filled, "win_back")
    assert said.code == 0
    for words in ("people match audience lapsed", "are held out", "model calls", "GBP", "Nothing has been generated"):
        assert words in said.out
    assert not (filled / ".tailorbird" / "outbox").exists()
    told = tailorbird("plan", filled, "win_back", "--json").json
    assert told["campaign"] == "win_back" and told["audience"]["treated"] > 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--as-of", "2020-01-01"], "matches none of"),
        (["--as-of", "yesterday"], "no ISO date"),
    ],
)
def test_an_audience_of_nobody_and_a_wrong_date_are_one_clear_error(
    tailorbird: Any, filled: Path, words: list[str], told: str
) -> None:
    assert told in tailorbird("plan", filled, "win_back", *words).error


def test_a_plan_for_a_step_that_has_run_says_that_its_decisions_stand(tailorbird: Any, ran_root: Path) -> None:
    said = tailorbird("plan", ran_root, "win_back", "--no-model").out
    assert "Step 1 was decided already" in said and "about 0 model calls" in said
    assert "Nothing has been generated" in tailorbird("plan", ran_root, "win_back", "--step", "next").out


EXPERIMENT = """
experiment:
  layer: mail
  strata: [last_family]
  control: plain
  variants:
    plain: {}
    more: {weight: 2, items: {slots: 2}}
"""


def test_an_experiment_is_planned_run_and_reported_with_layer_strata_and_the_holdout_of_all(
    tailorbird: Any, shop: Any
) -> None:
    """From files to a second step: who is where is what the plan said, and nobody moves."""
    campaign, settings = shop.root / "campaigns" / "win_back.yaml", shop.root / "tailorbird.yaml"
    campaign.write_text(campaign.read_text() + EXPERIMENT)
    layers = "  layers:\n    mail: {shares: {win_back: 0.9}}\n"
    settings.write_text(settings.read_text() + f"experiments:\n  global_holdout: 0.1\n{layers}")
    said = tailorbird("plan", shop.root, "win_back", "--no-model").out
    for words in ("in variant plain, the control", "in variant more", "evenly within last_family",
                  "no other campaign of layer mail", "left out: global holdout", "left out: other experiment"):  # fmt: skip
        assert words in said
    audience = tailorbird("plan", shop.root, "win_back", "--no-model", "--json").json["audience"]
    assert tailorbird("run", shop.root, "win_back", "--no-model").code == 0
    state = bootstrap.open_state(shop.project)
    first = state.decisions.find("win_back", "1")
    assert Counter(d.variant for d in first if d.arm == "treatment") == audience["variants"]
    assert Counter(d.held for d in first if d.arm == "holdout") == {
        "campaign": audience["holdout"], "global": audience["excluded"]["global_holdout"],
    }  # fmt: skip
    assert all(d.stratum for d in first if d.held != "global")
    again = ("--step", "2", "--as-of", "2026-06-20")
    assert tailorbird("run", shop.root, "win_back", "--no-model", *again).code == 0
    before = {d.person_id: (d.arm, d.variant, d.held) for d in first}
    second = {d.person_id: (d.arm, d.variant, d.held) for d in state.decisions.find("win_back", "2")}
    both = before.keys() & second.keys()
    assert len(both) > 50 and all(before[p] == second[p] for p in both)
    told = tailorbird("report", shop.root, "win_back", "--json")
    assert told.code == 0
