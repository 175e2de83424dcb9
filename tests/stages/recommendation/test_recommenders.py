import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tailorbird.stages.recommendation.recommenders import NeighbourRecommender, PopularRecommender
from tailorbird.testing.recommender_conformance import AS_OF, N_CELLS, N_ITEMS, TRAITS, make_bought, make_shoppers
from tailorbird.types.recommendation import Bought, Shoppers

SCORER = NeighbourRecommender().fit(make_bought(), TRAITS, AS_OF)


def test_people_are_recommended_what_people_like_them_buy() -> None:
    shoppers = Shoppers(np.array([[2], [3]]), np.zeros((2, 1)), np.array([-1, -1]))
    best = np.argsort(-SCORER.score_many(shoppers), axis=1)[:, :5]
    assert (best[0] % 2 == 0).all() and (best[1] % 2 == 1).all()


def test_people_without_purchases_see_what_is_popular_in_their_cell() -> None:
    cells = np.repeat([0, 1], 300)
    items = np.repeat([4, 5], 300)
    bought = Bought(np.arange(600), items, np.full(600, AS_OF), cells)
    nobody = Shoppers(np.full((2, 1), -1), np.zeros((2, 1)), np.array([0, 1]))
    for recommender in (NeighbourRecommender(), PopularRecommender()):
        assert recommender.fit(bought, TRAITS, AS_OF).score_many(nobody).argmax(axis=1).tolist() == [4, 5]


def test_what_a_person_buys_again_and_again_is_recommended_again_unless_that_is_turned_off() -> None:
    shoppers = Shoppers(np.array([[7, 7, 7, 3]]), np.zeros((1, 4)), np.array([-1]))
    assert SCORER.score_many(shoppers).argmax() == 7
    never = NeighbourRecommender(again=0.0).fit(make_bought(), TRAITS, AS_OF).score_many(shoppers)
    assert never[0, 7] < SCORER.score_many(shoppers)[0, 7]


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 40), st.data())
def test_one_person_and_many_have_the_same_scores(size: int, data: st.DataObject) -> None:
    many = make_shoppers(size)
    at = data.draw(st.integers(0, size - 1))
    alone = Shoppers(many.recent[at : at + 1], many.ages[at : at + 1], many.cells[at : at + 1])
    assert (SCORER.score_many(alone)[0] == SCORER.score_many(many)[at]).all()
    assert SCORER.score_many(many).shape == (size, N_ITEMS) and N_CELLS == 3
