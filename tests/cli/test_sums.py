"""Running sums on the command line."""

from pathlib import Path
from typing import Any

import pytest

from tailorbird.cli.sums import lines
from tailorbird.testing.comparisons import example_comparison
from tailorbird.types.day_sums import SumsReadout
from tailorbird.types.split_check import SplitCheck

NOT_IN_SUMS = "Not in sums: quantiles."


@pytest.mark.slow
def test_sums_are_counted_and_read(tailorbird: Any, ran: Any) -> None:
    root = ran.root
    told = tailorbird("sums", root, "win_back", "--json").json
    assert told["updated"]["people"] == told["people"] > 0
    again = tailorbird("sums", root, "win_back", "--no-update", "--json").json
    assert again["updated"] is None
    assert again["comparisons"] == told["comparisons"]
    (own,) = told["comparisons"]
    assert [one["role"] for one in own["results"]][:4] == ["success", "success", "guardrail", "guardrail"]
    out = tailorbird("sums", root, "win_back").out
    assert f"against the held out ({own['control_people']:,}): {own['verdict']['sentence']}" in out
    assert out.count("Not in sums, but in the report") == 1


@pytest.mark.slow
def test_a_campaign_that_has_not_run_is_one_clear_error(tailorbird: Any, filled: Path) -> None:
    assert "decided for nobody" in tailorbird("sums", filled, "win_back").error


def test_a_comparison_is_told_in_the_words_of_the_report() -> None:
    told = lines(SumsReadout(5180, (), (example_comparison(),), (), NOT_IN_SUMS), "GBP")
    assert told[0].startswith("everybody treated (2,600) against the held out (2,580): Ship: ordered again got better")
    assert told[1].startswith("  What next: go on with it")
    assert told[2] == "  ordered again: +3.70 points (+1.20 points to +6.20 points at every look): better"
    assert told[4] == "  support tickets: cannot be judged: an arm has too few people"
    assert any("planned" in line and "2.80 points or more" in line for line in told)
    assert "  The effect wears off: decide on the weeks after the first." in told
    assert told[-1] == NOT_IN_SUMS


def test_a_split_that_is_off_comes_first_and_a_note_before_what_is_not_in_sums() -> None:
    why = "5,000 people were decided for, and they are not held out or treated as planned."
    check = SplitCheck("arms", ("treatment", "holdout"), (1, 1), (1.0, 1.0), 1e-9, 1.0, 1.0, "", True, True, (), why)
    assert lines(SumsReadout(5000, (check,), (), ("A note.",), NOT_IN_SUMS), "") == [why, "A note.", NOT_IN_SUMS]
