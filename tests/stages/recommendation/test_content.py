import numpy as np

from tailorbird.stages.recommendation.content import with_cold_items, word_vectors
from tailorbird.stages.recommendation.neighbours import find_neighbours

TEXTS = ["red kettle", "red kettle large", "blue cup", "blue cup small", "blue cup new"]


def purchases(n: int = 12) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Kettles are bought with kettles, cups with cups, by `n` people each; item 4 by nobody."""
    people = np.repeat(np.arange(2 * n), 2)
    items = np.array([0, 1] * n + [2, 3] * n)
    return people, items, np.zeros(len(items))


def test_a_new_item_comes_to_those_who_bought_what_is_alike() -> None:
    people, items, days = purchases()
    found = with_cold_items(
        find_neighbours(people, items, days, 5), TEXTS, np.bincount(items, minlength=5).astype(float)
    )
    assert 4 in found.index[2] and 4 in found.index[3]
    assert 4 not in found.index[0]
    # It stands with the neighbours, not above those that were really bought together.
    best = found.score[2][found.index[2] == 3].sum()
    assert 0 < found.score[2][found.index[2] == 4].sum() <= best


def test_a_warm_item_needs_no_words() -> None:
    people, items, days = purchases()
    warm = find_neighbours(people, items, days, 5)
    assert with_cold_items(warm, TEXTS, np.full(5, 9.0)) is warm


def test_where_nothing_is_warm_likeness_has_no_worth() -> None:
    people, items, days = purchases(1)
    cold = find_neighbours(people, items, days, 5)
    assert with_cold_items(cold, TEXTS, np.bincount(items, minlength=5).astype(float)) is cold


def test_texts_without_words_are_like_nothing() -> None:
    vectors = word_vectors(["", "—", "red kettle", "red pot"])
    assert (vectors[:2] == 0).all()
    assert np.isclose(float(vectors[2] @ vectors[3]), 1.0)  # 'red' is all that links anything
    assert word_vectors([]).shape[0] == 0
