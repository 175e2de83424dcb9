from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailorbird.stages.decisions.hashing import person_hashes, uniforms
from tailorbird.stages.recommendation.item_choice import ChoiceRules, choose_items
from tailorbird.types.recommendation import ItemChoice

N_ITEMS = 12
STOCK = np.array([True] * 10 + [False] * 2)
NOTHING = np.empty((0, 2), dtype=np.int64)
FAMILIES = np.arange(N_ITEMS) % 3


def rules(**changed: Any) -> ChoiceRules:
    plain = {"allowed": STOCK, "lift": np.ones(N_ITEMS), "families": np.full(N_ITEMS, -1), "slots": 3, "candidates": 6,
             "temperature": 0.5}  # fmt: skip
    return ChoiceRules(**{**plain, **changed})


def choose(
    people: list[str], excluded: np.ndarray = NOTHING, forced: np.ndarray | None = None,
    score: np.ndarray | None = None, avoid: np.ndarray | None = None, **changed: Any,
) -> ItemChoice:  # fmt: skip
    hashes, by = person_hashes(people, "s"), rules(**changed)
    told = np.tile(np.arange(N_ITEMS, 0.0, -1), (len(people), 1)) if score is None else score
    return choose_items(
        lambda start, end: uniforms(hashes[start:end, None], np.arange(by.candidates, dtype=np.uint64)[None, :]),
        lambda start, end: told[start:end].copy(),
        excluded,
        np.full(len(people), -1) if forced is None else forced,
        by,
        avoid,
    )


def people(count: int) -> list[str]:
    return [str(i) for i in range(count)]


def test_nothing_sold_out_just_bought_or_twice_is_shown() -> None:
    excluded = np.stack([np.arange(200), np.arange(200) % N_ITEMS], axis=1)
    found = choose(people(200), excluded)
    assert not np.isin(found.items, [10, 11]).any()
    assert not (found.items == excluded[:, 1:]).any()
    assert all(len(set(row)) == 3 for row in found.items.tolist())
    assert ((found.propensity > 0) & (found.propensity <= 1)).all()


def test_what_a_person_must_not_see_is_told_apart_in_a_batch_of_any_size() -> None:
    size = 4_500
    excluded = np.array([[i, item] for i in range(size) for item in range(N_ITEMS) if item != i % 10])
    found = choose(people(size), excluded)
    assert (found.items[:, 0] == np.arange(size) % 10).all() and (found.items[:, 1:] == -1).all()


def test_a_forced_item_comes_first_with_propensity_one_and_is_not_repeated() -> None:
    found = choose(people(50), forced=np.full(50, 4))
    assert (found.items[:, 0] == 4).all() and (found.propensity[:, 0] == 1).all() and (found.eligible[:, 0] == 1).all()
    assert not (found.items[:, 1:] == 4).any() and (found.items[:, 1:] >= 0).all()


@pytest.mark.slow
@pytest.mark.parametrize("per_family", [0, 1])
def test_the_logged_propensities_are_the_shares_that_come_out_at_every_place(per_family: int) -> None:
    found = choose(people(30_000), families=FAMILIES, per_family=per_family, slots=2)
    for first in np.unique(found.items[:, 0]):
        mine = found.items[:, 0] == first
        assert np.allclose(found.propensity[mine, 0], found.propensity[mine, 0][0])
        expected = found.propensity[mine, 0][0]
        assert abs(mine.mean() - expected) < 4 * np.sqrt(expected / len(mine))
        for second in np.unique(found.items[mine, 1]):
            then = found.items[mine, 1] == second
            expected = found.propensity[mine, 1][then][0]
            assert abs(then.mean() - expected) < 4.5 * np.sqrt(expected * (1 - expected) / mine.sum())


def test_everything_excluded_leaves_empty_places_instead_of_an_error() -> None:
    found = choose(["ana"], np.array([[0, item] for item in range(N_ITEMS)]))
    assert (found.items == -1).all() and (found.propensity == 0).all() and (found.eligible == 0).all()


def test_scores_that_are_no_numbers_are_never_shown() -> None:
    score = np.full((40, N_ITEMS), np.nan)
    score[:, 3], score[:, 4] = 1.0, -np.inf
    found = choose(people(40), score=score)
    assert (found.items[:, 0] == 3).all() and (found.items[:, 1:] == -1).all()


def test_a_message_shows_no_more_of_a_family_than_the_rule_says_and_still_fills_its_places() -> None:
    families = np.array([0] * 9 + [1, 2, 2])
    found = choose(people(300), families=families, per_family=1, allowed=np.ones(N_ITEMS, dtype=bool))
    assert all(sorted(row) == [0, 1, 2] for row in families[found.items].tolist())
    forced = choose(people(300), families=families, per_family=1, forced=np.full(300, 2))
    assert (families[forced.items[:, 1:]] != 0).all()


def test_items_without_a_family_are_not_limited() -> None:
    found = choose(people(20), families=np.full(N_ITEMS, -1), per_family=1)
    assert (found.items >= 0).all()


def test_margin_decides_between_items_that_suit_equally() -> None:
    lift = np.ones(N_ITEMS)
    lift[7] = 1.5
    found = choose(people(2_000), score=np.ones((2_000, N_ITEMS)), lift=lift, candidates=3)
    assert (found.items == 7).any(axis=1).all()


def test_the_family_bought_last_is_avoided_unless_nothing_else_is_left() -> None:
    found = choose(people(60), families=FAMILIES, avoid=np.full(60, 1))
    assert not (FAMILIES[found.items] == 1).any()
    alone = choose(people(60), families=np.ones(N_ITEMS, dtype=np.int64), avoid=np.full(60, 1))
    assert (alone.items >= 0).all()


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_person_gets_the_same_items_alone_and_in_a_batch(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 12))
    score = np.random.default_rng(data.draw(st.integers(0, 99))).integers(0, 4, (size, N_ITEMS)).astype(float)
    pair = st.tuples(st.integers(0, size - 1), st.integers(0, N_ITEMS - 1))
    excluded = np.array(sorted(data.draw(st.sets(pair))), dtype=np.int64).reshape(-1, 2)
    forced = np.array(data.draw(st.lists(st.integers(-1, N_ITEMS - 1), min_size=size, max_size=size)))
    limits: dict[str, Any] = {"families": FAMILIES, "per_family": data.draw(st.integers(0, 2))}
    names = [f"p{i}" for i in range(size)]
    many = choose(names, excluded, forced, score, **limits)
    for i in range(size):
        own = excluded[excluded[:, 0] == i] - [i, 0]
        one = choose([names[i]], own, forced[i : i + 1], score[i : i + 1], **limits)
        assert (one.items == many.items[i]).all() and (one.propensity == many.propensity[i]).all()
