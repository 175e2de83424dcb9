import numpy as np

from tailorbird.stages.recommendation.ranking_metrics import mean_interval, rank_items


def test_the_best_order_has_ndcg_one_and_a_miss_none() -> None:
    score = np.array([[3.0, 2.0, 1.0], [3.0, 2.0, 1.0], [3.0, 2.0, 1.0]])
    bought = np.array([[True, True, False], [False, False, True], [False, True, False]])
    found = rank_items(score, bought, k=2)
    assert np.allclose(found.ndcg, [1.0, 0.0, 1 / np.log2(3)])
    assert found.hits.tolist() == [1, 0, 1]
    assert found.shown.tolist() == [0, 1]


def test_what_must_not_be_shown_is_not_listed() -> None:
    found = rank_items(np.array([[-np.inf, 1.0, -np.inf]]), np.array([[True, False, False]]))
    assert found.hits.tolist() == [0] and found.shown.tolist() == [1]


def test_the_interval_holds_the_mean_and_nobody_is_no_error() -> None:
    mean, low, high = mean_interval(np.array([0.0, 1.0, 1.0, 0.0]))
    assert low < mean == 0.5 < high
    assert mean_interval(np.empty(0)) == (0.0, 0.0, 0.0)
