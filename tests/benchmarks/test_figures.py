import json
from typing import Any

import pytest


@pytest.fixture
def figures(load: Any) -> Any:
    return load("figures")


def test_the_interval_of_equal_rounds_has_no_width(figures: Any) -> None:
    assert figures.interval([2.0, 2.0, 2.0]) == (2.0, 2.0)


def test_the_interval_is_students(figures: Any) -> None:
    low, high = figures.interval([1.0, 2.0, 3.0])  # mean 2, standard error 1/√3, t of two degrees of freedom 4.303
    assert (low, high) == pytest.approx((2 - 4.303 / 3**0.5, 2 + 4.303 / 3**0.5))


def test_a_ratio_is_the_mean_over_pairs_of_rounds(figures: Any) -> None:
    found = figures.metric("m", "x", [10, 30], "ratio >= 5", "peer", [5, 5])
    assert (found["value"], found["peer_value"], found["ratio"], found["met"]) == (20, 5, 4.0, False)


def test_one_round_has_no_interval(figures: Any) -> None:
    assert "low" not in figures.metric("m", "x", [1])


def test_a_median_metric_gives_the_range(figures: Any) -> None:
    found = figures.median_metric("m", "s", [1, 2, 9], "value <= 2")
    assert (found["value"], found["low"], found["high"], found["met"]) == (2, 1, 9, True)


@pytest.mark.parametrize(("goal", "met"), [("value >= 3", True), ("value >= 4", False), ("value <= 3", True)])
def test_a_goal_is_judged_by_its_comparison(figures: Any, goal: str, met: bool) -> None:
    assert figures.judged({"value": 3}, goal) == {"value": 3, "goal": goal, "met": met}


@pytest.mark.slow
def test_the_sides_take_turns_and_change_who_is_first(figures: Any) -> None:
    order: list[tuple[str, int]] = []

    def side(name: str) -> Any:
        def measured(turn: int) -> float:
            order.append((name, turn))
            return float(len(order))

        return measured

    found = figures.in_turns(side("a"), side("b"), rounds=2)
    assert order == [("a", 0), ("b", 0), ("b", 1), ("a", 1)]
    assert found == [[1.0, 4.0], [2.0, 3.0]]


def test_a_goal_that_is_not_met_is_printed_as_not_met(figures: Any, capsys: pytest.CaptureFixture[str]) -> None:
    metrics = [figures.metric("slow", "s", [9], "value <= 1"), figures.metric("quick", "s", [1], "value <= 1")]
    found = figures.report("b", "data", 1, 7, ["tailorbird"], metrics, ["a note"])
    figures.show(found, False)
    slow, quick = capsys.readouterr().out.splitlines()[-2:]
    assert slow.endswith("NOT met")
    assert quick.endswith("<= 1: met")


def test_the_object_is_one_line_of_json(figures: Any, capsys: pytest.CaptureFixture[str]) -> None:
    figures.show(figures.report("b", "data", 1, 7, [], [figures.metric("m", "s", [1])]), True)
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["metrics"] == [{"name": "m", "value": 1, "unit": "s"}]
