"""Which tier each cell gets."""

import pytest

from tailorbird.stages.budget.cells import Cell, same_tier, tiers_by_cell
from tailorbird.types.tier_spec import Tier


def cell(label: str, people: int, writing: float, gains: dict[Tier, float | None]) -> Cell:
    return Cell(label, "en-GB", people, {"none": 0, "template": people * 0.01, "small": people * 0.01 + writing}, gains)


MUCH = cell("tea", 1000, 5.0, {"template": 0.5, "small": 0.6})
LITTLE = cell("pots", 100, 5.0, {"template": 0.5, "small": 0.51})
HARM = cell("mugs", 500, 5.0, {"template": -0.2, "small": -0.1})


def test_each_cell_gets_what_is_worth_it_with_its_people_and_no_message_where_that_does_harm() -> None:
    found = tiers_by_cell([MUCH, LITTLE, HARM], None)
    assert found.tiers == ("small", "template", "none")
    assert found.cost == pytest.approx(15 + 1)
    assert found.returned == pytest.approx(600 + 50)
    assert not found.short


def test_a_budget_goes_where_it_brings_most_and_is_never_exceeded() -> None:
    for budget in (0.0, 0.5, 3.0, 10.5, 12.0, 15.0, 16.0):
        assert tiers_by_cell([MUCH, LITTLE, HARM], budget).cost <= budget
    assert tiers_by_cell([MUCH, LITTLE, HARM], 11.0).tiers == ("template", "template", "none")
    assert tiers_by_cell([MUCH, LITTLE, HARM], 11.0).short


def test_treated_alike_everybody_has_the_tier_and_a_short_budget_first_gives_everybody_a_message() -> None:
    assert same_tier([MUCH, LITTLE, HARM], "small", None).tiers == ("small", "small", "small")
    # 16 for a message each; 5 more buys the copy that most people read.
    assert same_tier([MUCH, LITTLE, HARM], "small", 22.0).tiers == ("small", "template", "template")
    assert same_tier([MUCH, LITTLE, HARM], "none", None).tiers == ("none", "none", "none")


def test_what_comes_back_is_told_only_where_it_is_known() -> None:
    unknown = cell("?", 10, 1.0, {})
    assert same_tier([MUCH, unknown], "template", None).returned is None
    assert same_tier([MUCH, LITTLE], "template", None).returned == pytest.approx(550)


def test_no_cells_cost_nothing() -> None:
    assert tiers_by_cell([], 5.0).cost == 0
    assert same_tier([], "small", None).tiers == ()
