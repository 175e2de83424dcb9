import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tailorbird.stages.decisions.hashing import person_hashes
from tailorbird.stages.decisions.item_choice import ItemChoice, choose_items
from tailorbird.stages.decisions.neighbours import Neighbours, find_neighbours

GENERATOR = np.random.default_rng(1)
N_ITEMS = 12
NEIGHBOURS = find_neighbours(GENERATOR.integers(0, 30, 300), GENERATOR.integers(0, N_ITEMS, 300), N_ITEMS)
STOCK = np.array([True] * 10 + [False] * 2)
NOTHING = np.empty((0, 2), dtype=np.int64)


def choose(
    people: list[str], recent: np.ndarray, excluded: np.ndarray, forced: np.ndarray, n: Neighbours = NEIGHBOURS
) -> ItemChoice:
    return choose_items(person_hashes(people, "s"), recent, excluded, forced, STOCK, n, 3, 6, 0.5)


def none(people: int, width: int) -> np.ndarray:
    return np.full((people, width), -1, dtype=np.int64)


def test_nothing_sold_out_just_bought_or_twice_is_shown() -> None:
    people = [str(i) for i in range(200)]
    excluded = np.stack([np.arange(200), np.arange(200) % N_ITEMS], axis=1)
    found = choose(people, none(200, 2), excluded, none(200, 1)[:, 0])
    assert not np.isin(found.items, [10, 11]).any()
    assert not (found.items == excluded[:, 1:]).any()
    assert all(len(set(row)) == 3 for row in found.items.tolist())
    assert ((found.propensity > 0) & (found.propensity <= 1)).all()


def test_what_a_person_must_not_see_is_told_apart_in_a_batch_of_any_size() -> None:
    size = 4_500
    people = [str(i) for i in range(size)]
    excluded = np.array([[i, item] for i in range(size) for item in range(N_ITEMS) if item != i % 10])
    found = choose(people, none(size, 1), excluded, none(size, 1)[:, 0])
    assert (found.items[:, 0] == np.arange(size) % 10).all() and (found.items[:, 1:] == -1).all()


def test_a_forced_item_comes_first_with_propensity_one_and_is_not_repeated() -> None:
    people = [str(i) for i in range(50)]
    found = choose(people, none(50, 1), NOTHING, np.full(50, 4))
    assert (found.items[:, 0] == 4).all() and (found.propensity[:, 0] == 1).all()
    assert not (found.items[:, 1:] == 4).any()


def test_the_logged_propensities_are_the_shares_that_come_out() -> None:
    people = [str(i) for i in range(20_000)]
    recent = np.tile(np.array([[2, 5]]), (20_000, 1))
    found = choose(people, recent, NOTHING, none(20_000, 1)[:, 0])
    for item in np.unique(found.items[:, 0]):
        mine = found.items[:, 0] == item
        expected = found.propensity[mine, 0]
        assert np.allclose(expected, expected[0])
        assert abs(mine.mean() - expected[0]) < 4 * np.sqrt(expected[0] / 20_000)


def test_everything_excluded_leaves_empty_places_instead_of_an_error() -> None:
    excluded = np.array([[0, item] for item in range(N_ITEMS)])
    found = choose(["ana"], none(1, 1), excluded, none(1, 1)[:, 0])
    assert (found.items == -1).all() and (found.propensity == 0).all()


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_person_gets_the_same_items_alone_and_in_a_batch(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 12))
    item = st.integers(-1, N_ITEMS - 1)
    recent = np.array(data.draw(st.lists(st.lists(item, min_size=3, max_size=3), min_size=size, max_size=size)))
    pair = st.tuples(st.integers(0, size - 1), st.integers(0, N_ITEMS - 1))
    excluded = np.array(sorted(data.draw(st.sets(pair))), dtype=np.int64).reshape(-1, 2)
    forced = np.array(data.draw(st.lists(item, min_size=size, max_size=size)))
    people = [f"p{i}" for i in range(size)]
    many = choose(people, recent, excluded, forced)
    for i in range(size):
        own = excluded[excluded[:, 0] == i] - [i, 0]
        one = choose([people[i]], recent[i : i + 1], own, forced[i : i + 1])
        assert (one.items == many.items[i]).all() and (one.propensity == many.propensity[i]).all()


def test_the_family_bought_last_is_avoided_unless_nothing_else_is_left() -> None:
    people = [str(i) for i in range(60)]
    families = np.arange(N_ITEMS) % 3
    avoid = np.full(60, 1)
    found = choose_items(
        person_hashes(people, "s"),
        none(60, 1),
        NOTHING,
        none(60, 1)[:, 0],
        STOCK,
        NEIGHBOURS,
        3,
        6,
        0.5,
        families,
        avoid,
    )
    assert not (families[found.items] == 1).any()
    alone = choose_items(
        person_hashes(people, "s"), none(60, 1), NOTHING, none(60, 1)[:, 0], STOCK, NEIGHBOURS, 3, 6, 0.5,
        np.ones(N_ITEMS, dtype=np.int64), avoid,
    )  # fmt: skip
    assert (alone.items >= 0).all()
