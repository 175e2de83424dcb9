from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tailorbird.cli.replay_text import replay_json, replay_lines, sentence
from tailorbird.pipeline.off_policy.other_policies import OtherPolicy
from tailorbird.pipeline.off_policy.replay_policy import Replay, ReplayedPolicy
from tailorbird.stages.off_policy.estimators import Estimate
from tailorbird.stages.off_policy.evaluation import Evaluation
from tailorbird.stages.off_policy.overlap import Overlap

OVERLAP = Overlap(2_000, 1_500.0, 60.0, 3.0, 1.0, 0.02, 0.0, 0.4, "")


def replayed(name: str, low: float, high: float, why: str = "") -> ReplayedPolicy:
    estimates = {"dr": Estimate(0.05, 0.04, 0.06, (low + high) / 2, low, high)}
    evaluation = Evaluation(0.05, 0.045, 0.055, estimates, replace(OVERLAP, why=why))
    return ReplayedPolicy(OtherPolicy(name, "uniform"), evaluation, 0.4)


def replay(*policies: ReplayedPolicy, **more: Any) -> Replay:
    found = Replay(
        "winback", "conversion", "", None, "", "others", datetime(2026, 9, 20, tzinfo=UTC), 2_000, 2_000, 0, False, 0,
        policies, ("body", "subject"),
    )  # fmt: skip
    return replace(found, **more)


BETTER, WORSE, SAME = replayed("warm", 0.01, 0.02), replayed("cold", -0.02, -0.01), replayed("even", -0.01, 0.01)
THIN = replayed("rare", 0.1, 0.2, why="12 effective draws are like it; 1,000 are needed")


@pytest.mark.parametrize(
    ("policies", "said"),
    [
        ((BETTER, SAME), "Warm would have earned more than what was done."),
        ((BETTER, replayed("bold", 0.01, 0.02), WORSE), "Warm and bold would have earned more than what was done."),
        ((WORSE,), "Cold would have earned less than what was done."),
        ((WORSE, SAME), "Cold would have earned less than what was done; the others cannot be told from it."),
        ((SAME, THIN), "No difference can be told between what was done and the policies that could be judged."),
        ((THIN,), "The past of this campaign says too little of any of these policies."),
    ],
)
def test_the_answer_is_one_sentence(policies: tuple[ReplayedPolicy, ...], said: str) -> None:
    assert sentence(replay(*policies)) == said


def test_a_refused_policy_has_no_number_anywhere_but_under_estimates() -> None:
    found = replay(THIN)
    assert any("no answer: 12 effective draws" in line for line in replay_lines(found))
    assert not any("+15" in line or "0.15" in line for line in replay_lines(found))
    told = replay_json(found)["policies"][0]
    assert told["answer"] is None
    assert told["why"].startswith("12 effective draws")


def test_shares_are_told_per_hundred_and_money_as_money() -> None:
    assert any("5.00 (4.50 to 5.50)" in line for line in replay_lines(replay(SAME)))
    lines = replay_lines(replay(SAME, reward="value", currency="GBP", cap=40.0))
    assert any("money per person in GBP" in line for line in lines)
    assert any("2.00 (1.80 to 2.20)" in line for line in lines)
    assert "one person's money counts up to 40.00 GBP" in lines


def test_what_was_left_out_and_what_is_still_open_is_said() -> None:
    lines = replay_lines(replay(SAME, open_windows=7, unkept=3))
    assert "left out: 7 decisions whose window is still open" in lines
    assert "left out: 3 decisions of which nobody kept what they were drawn from" in lines
    assert any("no window is over yet" in line for line in replay_lines(replay(SAME, open_windows=7, so_far=True)))


def test_a_whole_message_that_cannot_be_judged_points_to_its_blocks() -> None:
    assert any("--block: body, subject" in line for line in replay_lines(replay(THIN)))
    assert not any("--block" in line for line in replay_lines(replay(THIN, block="body")))


def test_where_all_earned_the_same_no_interval_is_told() -> None:
    nothing = replace(THIN, evaluation=replace(THIN.evaluation, earned=0.0, earned_low=0.0, earned_high=0.0))
    (line,) = [line for line in replay_lines(replay(nothing)) if "what was done" in line]
    assert line.endswith("0.00 (all the same: no interval)")
