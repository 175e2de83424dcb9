"""Planning on the command line."""

from pathlib import Path
from typing import Any

import pytest


def test_a_plan_says_who_how_many_and_what_it_costs_and_does_nothing(tailorbird: Any, filled: Path) -> None:
    said = tailorbird("plan", filled, "win_back")
    assert said.code == 0
    for words in ("people match audience lapsed", "are held out", "model calls", "GBP", "Nothing has been generated"):
        assert words in said.out
    assert not (filled / ".tailorbird" / "outbox").exists()
    told = tailorbird("plan", filled, "win_back", "--json").json
    assert told["campaign"] == "win_back" and told["audience"]["treated"] > 0


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_plan_for_a_step_that_has_run_says_that_its_decisions_stand(tailorbird: Any, ran_root: Path) -> None:
    said = tailorbird("plan", ran_root, "win_back", "--no-model").out
    assert "Step 1 was decided already" in said and "about 0 model calls" in said
    assert "Nothing has been generated" in tailorbird("plan", ran_root, "win_back", "--step", "next").out
