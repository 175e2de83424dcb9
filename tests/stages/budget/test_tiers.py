"""Which step up is worth its cost."""

from dataclasses import replace

import pytest

from tailorbird.stages.budget.tiers import (
    TierOutcome,
    costs_per_person,
    judge_steps,
    lines_of_tier,
    tier_for_all,
)
from tailorbird.types.creative import Creative


def exact(n: int, mean: float, var: float, m: int, other: float, other_var: float) -> tuple[float, float, float]:
    """An interval of two standard errors."""
    reach = 2 * (var / n + other_var / m) ** 0.5
    return mean - other - reach, mean - other + reach, 0.0


NONE = TierOutcome("none", 10_000, 500, 1.0, 4.0, 0.0)
TEMPLATE = TierOutcome("template", 10_000, 600, 1.5, 4.0, 0.01)
SMALL = TierOutcome("small", 10_000, 650, 1.7, 4.0, 0.05)
LARGE = TierOutcome("large", 10_000, 660, 1.72, 4.0, 0.30)


def test_steps_are_taken_while_each_surely_brings_back_more_than_it_costs() -> None:
    steps = judge_steps([LARGE, SMALL, NONE, TEMPLATE], exact)
    assert [(s.below, s.tier, s.taken) for s in steps] == [
        ("none", "template", True), ("template", "small", True), ("small", "large", False),
    ]  # fmt: skip
    returned = steps[1].returned
    assert returned is not None
    assert returned[0] == pytest.approx(0.2 / 0.04)
    assert returned[1] == pytest.approx((0.2 - 2 * 8e-4**0.5) / 0.04)
    assert tier_for_all([NONE, TEMPLATE, SMALL, LARGE], steps) == "small"


def test_a_gain_that_is_not_sure_ends_the_way_up_even_if_the_next_step_looks_good() -> None:
    steps = judge_steps([NONE, replace(TEMPLATE, mean=1.02), replace(SMALL, mean=3.0)], exact)
    assert [s.taken for s in steps] == [False, False]
    assert steps[1].why == "the step before is not worth it"
    assert tier_for_all([NONE, TEMPLATE], steps) == "none"


def test_few_conversions_give_no_figure() -> None:
    (step,) = judge_steps([replace(NONE, conversions=99), TEMPLATE], exact)
    assert (step.gain, step.returned, step.taken) == (None, None, False)
    assert "99 in none" in step.why


def test_a_step_that_costs_nothing_more_has_no_return_and_needs_a_sure_gain() -> None:
    (step,) = judge_steps([TEMPLATE, replace(SMALL, cost=0.01)], exact)
    assert step.returned is None
    assert step.taken
    (step,) = judge_steps([TEMPLATE, replace(SMALL, cost=0.0, mean=1.5)], exact)
    assert not step.taken  # cheaper, but not surely better


def test_without_tiers_there_is_none_for_all() -> None:
    assert tier_for_all([], ()) is None
    assert judge_steps([TEMPLATE], exact) == ()


def line(name: str, rung: str, tier: str = "") -> Creative:
    return Creative(name, "b", "c", "subject", "en-GB", name, rung, "h", {"tier": tier} if tier else {})  # type: ignore[arg-type]


def test_each_tier_shows_peoples_lines_and_those_of_its_own_model() -> None:
    lines = [line("person", "approved"), line("frame", "template"), line("s", "model"), line("l", "model", "large")]
    shown = {
        tier: [one.creative_id for one in lines_of_tier(lines, tier)] for tier in ("", "template", "small", "large")
    }
    assert shown == {
        "": ["person", "frame", "s", "l"],
        "template": ["person", "frame"],
        "small": ["person", "frame", "s"],
        "large": ["person", "frame", "l"],
    }


def test_writing_is_shared_by_all_who_read_it() -> None:
    assert costs_per_person(0.01, {"small": 2.0, "large": 30.0}, 100) == {
        "none": 0.0, "template": 0.01, "small": pytest.approx(0.03), "large": pytest.approx(0.31),
    }  # fmt: skip
    assert costs_per_person(0.01, {"small": 2.0}, 0)["small"] == 0.01
