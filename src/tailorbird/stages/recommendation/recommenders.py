"""The recommenders that are built in: neighbours (the default), and what is popular."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tailorbird.stages.recommendation.content import with_cold_items
from tailorbird.stages.recommendation.neighbours import Neighbours, find_neighbours
from tailorbird.stages.recommendation.popularity import count_buyers, popularity_by_cell, trend
from tailorbird.types.recommendation import Bought, ItemTraits, Shoppers

HISTORY_HALF_LIFE_DAYS = 120.0
_POPULARITY = 1e-3
"""Popularity serves people without history and breaks ties: it is scaled below the least score that counts."""


@dataclass(frozen=True)
class PopularScorer:
    """Everybody of a cell sees what the cell bought lately."""

    shares: NDArray[np.float64]

    def score_many(self, shoppers: Shoppers) -> NDArray[np.float64]:
        """(people × items) The items' shares in each person's cell."""
        cells = np.where(shoppers.cells < len(self.shares) - 1, shoppers.cells, -1)
        result: NDArray[np.float64] = self.shares[cells]
        return result


@dataclass(frozen=True)
class NeighbourScorer:
    """A person's last purchases vote for their neighbours, newer ones with more weight."""

    neighbours: Neighbours
    popular: PopularScorer
    half_life: float | None

    def score_many(self, shoppers: Shoppers) -> NDArray[np.float64]:
        """(people × items) Summed scores of the neighbours of what was bought, and a little popularity."""
        n_items = self.popular.shares.shape[1]
        row, at = np.nonzero(shoppers.recent >= 0)
        item = shoppers.recent[row, at]
        weight = np.ones(len(row)) if self.half_life is None else 0.5 ** (shoppers.ages[row, at] / self.half_life)
        near, score = self.neighbours.index[item], self.neighbours.score[item] * weight[:, None]
        there = near >= 0
        codes = (row[:, None] * n_items + near)[there]
        people = len(shoppers.recent)
        total = np.bincount(codes, weights=score[there], minlength=people * n_items).reshape(people, n_items)
        result: NDArray[np.float64] = total + _POPULARITY * self.popular.score_many(shoppers)
        return result


@dataclass(frozen=True)
class NeighbourRecommender:
    """What people who bought the same bought with it and after it, as far as it is bought now; what is alike, where
    hardly anybody bought it yet; what the person buys again and again (`again`); what is popular in the person's cell.
    """

    again: float = 1.0
    name: str = "neighbours"

    def fit(self, bought: Bought, traits: ItemTraits, as_of: float) -> NeighbourScorer:
        """Learn from purchases. The constants were chosen on windows of the UCI Online Retail set that end four weeks
        before its last day, the last four weeks unseen."""
        n_items = len(traits.texts)
        buyers, lately = count_buyers(bought.people, bought.items, n_items, bought.days, as_of)
        boost = trend(buyers, lately)
        found = find_neighbours(bought.people, bought.items, bought.days, n_items, boost)
        found = with_cold_items(found, traits.texts, buyers)
        own = np.where(buyers > 0, self.again * np.maximum(buyers, 1.0) ** 0.1 * boost, 0.0)
        itself = np.where(own > 0, np.arange(n_items), -1)
        table = Neighbours(
            np.concatenate([found.index, itself[:, None]], axis=1),
            np.concatenate([found.score, own[:, None]], axis=1),
        )
        return NeighbourScorer(table, _popular(bought, n_items, as_of), HISTORY_HALF_LIFE_DAYS)


@dataclass(frozen=True)
class PopularRecommender:
    """What the person's cell bought lately."""

    name: str = "popular"

    def fit(self, bought: Bought, traits: ItemTraits, as_of: float) -> PopularScorer:
        """Count."""
        return _popular(bought, len(traits.texts), as_of)


def _popular(bought: Bought, n_items: int, as_of: float) -> PopularScorer:
    return PopularScorer(popularity_by_cell(bought.cells, bought.items, bought.days, as_of, n_items))


RECOMMENDERS = {each.name: each for each in (NeighbourRecommender(), PopularRecommender())}
"""The built-in recommenders by name."""
