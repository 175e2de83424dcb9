import numpy as np

from tailorbird.stages.decisions.neighbours import find_neighbours


def arrays(*pairs: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([p for p, _ in pairs], dtype=np.int64), np.array([i for _, i in pairs], dtype=np.int64)


def test_similarity_is_the_cosine_of_who_bought_what() -> None:
    people, items = arrays((0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 2), (0, 1))
    found = find_neighbours(people, items, 4)
    assert found.index[0, :2].tolist() == [1, 2]
    assert np.allclose(found.score[0, :2], [2 / np.sqrt(3 * 2), 1 / np.sqrt(3 * 1)])
    assert found.index[3, 0] == -1  # nobody bought item 3
    assert np.allclose(found.popularity, [3 / 6, 2 / 6, 1 / 6, 0])


def test_only_each_person_s_last_items_count() -> None:
    people, items = arrays((0, 0), (0, 1), (0, 2), (0, 3))
    found = find_neighbours(people, items, 4, per_person_max=2)
    assert found.index[3, 0] == 2 and found.index[0, 0] == -1


def test_it_agrees_with_the_textbook_matrix_product() -> None:
    generator = np.random.default_rng(3)
    people, items = generator.integers(0, 40, 600), generator.integers(0, 15, 600)
    matrix = np.zeros((40, 15))
    matrix[people, items] = 1
    together = matrix.T @ matrix
    size = np.sqrt(np.outer(np.diag(together), np.diag(together)))
    expected = together / size
    found = find_neighbours(people, items, 15, width=15)
    for item in range(15):
        for other, score in zip(found.index[item], found.score[item], strict=True):
            if other >= 0:
                assert np.isclose(score, expected[item, other])
    assert (found.index >= 0).sum() == (together > 0).sum() - 15


def test_no_purchases_give_no_neighbours() -> None:
    found = find_neighbours(*arrays(), 3)
    assert (found.index == -1).all() and (found.popularity == 0).all()
