import numpy as np

from tailorbird.stages.recommendation.popularity import count_buyers, popularity_by_cell, trend


def test_a_buyer_counts_once_and_half_as_much_after_a_half_life() -> None:
    people, items = np.array([0, 0, 1]), np.array([2, 2, 2])
    buyers, lately = count_buyers(people, items, 3, np.array([0.0, 86.0, 100.0]), 100.0, half_life=14.0)
    assert buyers.tolist() == [0, 0, 2]
    assert np.allclose(lately, [0, 0, 1.5])


def test_what_everybody_bought_last_winter_is_on_its_way_down() -> None:
    gone, new = trend(np.array([400.0, 20.0]), np.array([0.0, 18.0]))
    assert gone < 0.01 < 0.5 < new


def test_a_cell_has_its_own_favourites_once_it_has_bought_enough() -> None:
    cells = np.array([0] * 400 + [1] * 400 + [2])
    items = np.array([0] * 400 + [1] * 400 + [0])
    shares = popularity_by_cell(cells, items, np.zeros(801), 0.0, 3)
    assert shares[0].argmax() == 0 and shares[1].argmax() == 1
    # One purchase in cell 2: it thinks as everybody does.
    assert np.allclose(shares[2], shares[3], atol=0.02)
    assert np.allclose(shares.sum(axis=1), 1) and (shares > 0).all()


def test_people_of_no_known_cell_see_what_everybody_buys() -> None:
    shares = popularity_by_cell(np.array([-1, -1, 0]), np.array([1, 1, 0]), np.zeros(3), 0.0, 2)
    assert shares[-1].argmax() == 1


def test_without_purchases_all_items_are_equal() -> None:
    nothing = np.empty(0, dtype=np.int64)
    assert np.allclose(popularity_by_cell(nothing, nothing, np.empty(0), 0.0, 4), 0.25)
