import numpy as np

from tailorbird.stages.recommendation.history import RECENT_MAX, History
from tailorbird.types.recommendation import Bought


def history(people: list[int], items: list[int], n_people: int = 3) -> History:
    days = np.arange(len(people), dtype=np.float64)
    cells = np.array([5, -1, 7])[:n_people]
    bought = Bought(np.array(people, dtype=np.int64), np.array(items, dtype=np.int64), days, cells)
    return History.build(bought, n_people, cells, as_of=10.0)


def test_the_newest_purchase_comes_first_with_its_age_and_repeats_stay() -> None:
    found = history([0, 2, 0, 0], [4, 9, 6, 4]).shoppers([0, 1, 2])
    assert found.recent.tolist() == [[4, 6, 4], [-1, -1, -1], [9, -1, -1]]
    assert found.ages.tolist() == [[7, 8, 10], [0, 0, 0], [9, 0, 0]]
    assert found.cells.tolist() == [5, -1, 7]


def test_only_the_last_purchases_count() -> None:
    found = history([0] * (RECENT_MAX + 5), list(range(RECENT_MAX + 5))).shoppers([0])
    assert found.recent[0].tolist() == list(range(RECENT_MAX + 4, 4, -1))


def test_the_last_item_is_known_of_those_who_bought() -> None:
    assert history([0, 2, 0], [4, 9, 6]).last_items([2, 1, 0]).tolist() == [9, -1, 6]
    assert history([], []).last_items([0, 1]).tolist() == [-1, -1]
    assert (history([], []).shoppers([0, 1]).recent == -1).all()
