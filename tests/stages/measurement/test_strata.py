"""Lines against the others that the same people could have got."""

import numpy as np
import pytest

from tailorbird.stages.measurement.strata import LineStratum, block_rates, standardise


def cell(key: str, stratum: str, people: int, orders: int) -> LineStratum:
    return LineStratum("headline", key, (stratum,), people, 2 * orders, orders)


def test_a_line_of_a_cell_that_buys_a_lot_gets_no_credit_for_the_cell() -> None:
    rows = [cell("own", "rich", 500, 60), cell("all", "rich", 500, 70), cell("all", "poor", 1000, 40)]
    found = standardise(rows, "conversion")
    assert found["headline", "own"].expected == pytest.approx(65)
    assert found["headline", "own"].observed < found["headline", "own"].expected
    # 'all' was alone among the poor: what it reached there is compared with nothing.
    assert (found["headline", "all"].observed, found["headline", "all"].expected) == (70, pytest.approx(65))


def test_what_one_line_has_beyond_expectation_the_others_lack() -> None:
    rows = [cell("a", "x", 300, 30), cell("b", "x", 200, 10), cell("a", "y", 50, 9), cell("b", "y", 400, 60)]
    found = standardise(rows, "conversion")
    beyond = [line.observed - line.expected for line in found.values()]
    assert sum(beyond) == pytest.approx(0)
    assert found["headline", "a"].variance == pytest.approx(found["headline", "b"].variance)


@pytest.mark.slow
def test_the_variance_is_that_of_drawing_without_replacement() -> None:
    """Against 20,000 random divisions of the same people."""
    people = np.array([1] * 40 + [0] * 260)
    rng = np.random.default_rng(3)
    drawn = [int(rng.permutation(people)[:90].sum()) for _ in range(20_000)]
    (a, _) = standardise([cell("a", "x", 90, 14), cell("b", "x", 210, 26)], "conversion").values()
    assert a.expected == pytest.approx(np.mean(drawn), rel=0.02)
    assert a.variance == pytest.approx(np.var(drawn), rel=0.03)


def test_clicks_are_counted_where_clicks_are_asked_for() -> None:
    rows = [cell("a", "x", 100, 10), cell("b", "x", 100, 20)]
    assert standardise(rows, "click")["headline", "a"].observed == 20
    assert block_rates(rows, "click") == {"headline": pytest.approx(0.3)}
    assert block_rates([cell("a", "x", 0, 0)], "conversion") == {"headline": 0.0}


def test_a_line_that_is_alone_everywhere_is_compared_with_nothing() -> None:
    assert standardise([cell("a", "x", 10, 5)], "conversion")["headline", "a"].expected == 0
