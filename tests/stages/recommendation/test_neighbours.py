from typing import Any

import numpy as np

from tailorbird.stages.recommendation.neighbours import find_neighbours

Rows = list[tuple[int, int, float]]


def columns(rows: Rows) -> tuple[Any, Any, Any]:
    people, items, days = zip(*rows, strict=True) if rows else ((), (), ())
    return np.array(people, dtype=np.int64), np.array(items, dtype=np.int64), np.array(days, dtype=np.float64)


def score(rows: Rows, source: int, target: int, n_items: int = 4, **options: Any) -> float:
    found = find_neighbours(*columns(rows), n_items, **options)
    return float(found.score[source][found.index[source] == target].sum())


def test_a_score_is_the_formula_on_a_basket_of_two() -> None:
    basket = [(0, 0, 5.0), (0, 1, 5.0), (1, 0, 6.0)]
    assert np.isclose(score(basket, 0, 1), 2**-0.5 / (2**0.4 * 1**0.5))
    assert np.isclose(score(basket, 1, 0), 2**-0.5 / (1**0.4 * 2**0.5))


def test_what_was_bought_after_leads_on_and_what_was_bought_before_less() -> None:
    sequence = [(0, 0, 1.0), (0, 1, 9.0)]
    assert np.isclose(score(sequence, 1, 0), 0.5 * score(sequence, 0, 1))
    assert score(sequence, 1, 0, earlier=0.0) == 0.0
    assert score([(0, 0, 1.0), (0, 1, 1.0)], 1, 0) == score([(0, 0, 1.0), (0, 1, 1.0)], 0, 1)


def test_what_is_bought_less_now_comes_after_what_is_bought_more() -> None:
    together = [(0, 0, 1.0), (0, 1, 1.0), (0, 2, 1.0)]
    found = find_neighbours(*columns(together), 3, boost=np.array([1.0, 0.1, 2.0]))
    assert found.index[0][:2].tolist() == [2, 1]


def test_only_the_last_distinct_items_of_a_person_count() -> None:
    rows = [(0, 3, 0.0), *((0, item, 1.0 + item) for item in (0, 1, 0, 2))]
    found = find_neighbours(*columns(rows), 4, per_person_max=3)
    assert (found.index[3] == -1).all()
    assert set(found.index[0].tolist()) == {1, 2, -1}


def test_equal_neighbours_come_by_their_number_and_no_more_than_asked_for() -> None:
    rows = [(0, item, 1.0) for item in range(6)]
    found = find_neighbours(*columns(rows), 6, width=3)
    assert found.index[5].tolist() == [0, 1, 2]
    assert (found.score[5] == found.score[5][0]).all()


def test_no_purchases_give_no_neighbours() -> None:
    found = find_neighbours(*columns([]), 3)
    assert (found.index == -1).all() and (found.score == 0).all()


def test_a_purchase_told_twice_changes_nothing() -> None:
    rows = [(0, 0, 1.0), (0, 1, 2.0), (1, 1, 3.0), (1, 2, 3.0)]
    once, twice = (find_neighbours(*columns(sorted(r, key=lambda x: x[2])), 3) for r in (rows, rows + rows))
    assert (once.index == twice.index).all() and np.allclose(once.score, twice.score)
