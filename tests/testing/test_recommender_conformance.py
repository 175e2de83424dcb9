"""The conformance suite of recommenders: the built-in ones pass, and broken ones do not."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from tailorbird.ports.recommender import ItemScorer, Recommender
from tailorbird.stages.recommendation.recommenders import RECOMMENDERS
from tailorbird.testing.recommender_conformance import (
    CHECKS,
    MakeRecommender,
    check_a_person_alone_has_the_scores_that_the_person_has_among_others,
    check_scores_are_numbers,
)
from tailorbird.types.recommendation import Bought, ItemTraits, Shoppers


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("name", sorted(RECOMMENDERS))
def test_the_built_in_recommenders_conform(name: str, check: Callable[[MakeRecommender], None]) -> None:
    check(lambda: RECOMMENDERS[name])


@dataclass(frozen=True)
class Broken:
    """Scores by what is handed in: a NaN, or the place in the batch."""

    nan: bool
    name: str = "broken"

    def fit(self, bought: Bought, traits: ItemTraits, as_of: float) -> ItemScorer:
        return self

    def score_many(self, shoppers: Shoppers) -> np.ndarray:
        found = np.repeat(np.arange(float(len(shoppers.recent)))[:, None], 30, axis=1)
        found[-1:, 0] = np.nan if self.nan else found[-1:, 0]
        return found


@pytest.mark.parametrize(
    ("nan", "check"),
    [
        (True, check_scores_are_numbers),
        (False, check_a_person_alone_has_the_scores_that_the_person_has_among_others),
    ],
)
def test_a_broken_recommender_is_told(nan: bool, check: Callable[[MakeRecommender], None]) -> None:
    def make() -> Recommender:
        return Broken(nan)

    with pytest.raises(AssertionError):
        check(make)
