"""What every recommender must do: run each of CHECKS with a function that makes a recommender, such as its class.

One that breaks these shows people items by chance, or by who else is asked for.
"""

from collections.abc import Callable

import numpy as np

from tailorbird.ports.recommender import ItemScorer, Recommender
from tailorbird.types.recommendation import Bought, ItemTraits, Shoppers

MakeRecommender = Callable[[], Recommender]
N_PEOPLE, N_ITEMS, N_CELLS, AS_OF = 200, 30, 3, 20_000.0
_SEED = 11
TRAITS = ItemTraits(
    [f"{colour} {thing} {n}" for n, thing in enumerate(("kettle", "cup", "tray") * 5) for colour in ("red", "blue")],
    ["kettles", "kettles", "cups", "cups", "trays", "trays"] * 5,
)


def make_bought(purchases: int = 1_500) -> Bought:
    """Purchases of two groups of people, each with items of its own; the last three items are bought by nobody."""
    generator = np.random.default_rng(_SEED)
    people = generator.integers(0, N_PEOPLE, purchases)
    items = (generator.integers(0, 13, purchases) * 2 + people % 2).astype(np.int64)
    days = np.sort(AS_OF - generator.uniform(0, 300, purchases))
    return Bought(people, items, days, people % N_CELLS)


def make_shoppers(people: int = 50) -> Shoppers:
    """People with up to five purchases; some have none, some are of no known cell, or of one that nobody bought in."""
    generator = np.random.default_rng(_SEED + 1)
    recent = generator.integers(0, N_ITEMS, (people, 5))
    recent[np.arange(5)[None, :] >= generator.integers(0, 6, people)[:, None]] = -1
    ages = np.where(recent >= 0, np.sort(generator.uniform(0, 300, (people, 5)), axis=1), 0.0)
    return Shoppers(recent, ages, generator.integers(-1, N_CELLS + 1, people))


def scores(scorer: ItemScorer, shoppers: Shoppers) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    """The scores, as an array of the right shape."""
    found = np.asarray(scorer.score_many(shoppers))
    assert found.shape == (len(shoppers.recent), N_ITEMS) and found.dtype == np.float64
    return found


def check_the_name_is_set(make: MakeRecommender) -> None:
    """Campaigns call it by its name: short, printable, the same each time."""
    name = make().name
    assert isinstance(name, str) and 0 < len(name) <= 80 and name.isprintable() and name == make().name


def check_scores_are_numbers(make: MakeRecommender) -> None:
    """No NaN and no +inf: -inf is 'never'. Somebody gets something."""
    found = scores(make().fit(make_bought(), TRAITS, AS_OF), make_shoppers())
    assert not np.isnan(found).any() and not np.isposinf(found).any()
    assert np.isfinite(found).any(axis=1).all()


def check_a_person_alone_has_the_scores_that_the_person_has_among_others(make: MakeRecommender) -> None:
    """Exactly: whom a message is built with must not change what it shows."""
    scorer, many = make().fit(make_bought(), TRAITS, AS_OF), make_shoppers()
    found = scores(scorer, many)
    for at in range(0, len(found), 7):
        alone = Shoppers(many.recent[at : at + 1], many.ages[at : at + 1], many.cells[at : at + 1])
        assert (scores(scorer, alone)[0] == found[at]).all()


def check_the_same_purchases_give_the_same_scores(make: MakeRecommender) -> None:
    """A second run of a step decides as the first did."""
    first, again = (scores(make().fit(make_bought(), TRAITS, AS_OF), make_shoppers()) for _ in range(2))
    assert (first == again).all()


def check_no_purchases_are_no_error(make: MakeRecommender) -> None:
    """The first day of a shop: everything has a score, whatever it is."""
    nothing = np.empty(0, dtype=np.int64)
    scorer = make().fit(Bought(nothing, nothing, np.empty(0), nothing), TRAITS, AS_OF)
    assert not np.isnan(scores(scorer, make_shoppers())).any()
    assert len(scores(scorer, make_shoppers(0))) == 0


def check_what_it_is_given_stays_as_it_was(make: MakeRecommender) -> None:
    """The arrays are read by others too."""
    bought, shoppers = make_bought(), make_shoppers()
    scores(make().fit(bought, TRAITS, AS_OF), shoppers)
    fresh, asked = make_bought(), make_shoppers()
    for name in ("people", "items", "days", "cells"):
        assert (getattr(bought, name) == getattr(fresh, name)).all()
    for name in ("recent", "ages", "cells"):
        assert (getattr(shoppers, name) == getattr(asked, name)).all()


CHECKS: tuple[Callable[[MakeRecommender], None], ...] = (
    check_the_name_is_set,
    check_scores_are_numbers,
    check_a_person_alone_has_the_scores_that_the_person_has_among_others,
    check_the_same_purchases_give_the_same_scores,
    check_no_purchases_are_no_error,
    check_what_it_is_given_stays_as_it_was,
)
