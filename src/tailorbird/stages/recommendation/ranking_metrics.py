"""How good a ranking is: hit rate, NDCG and coverage at k, per person, with intervals."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tailorbird.stages.recommendation.best import best_columns


@dataclass(frozen=True)
class Ranked:
    """Per person: `hits` (1 where something of the list was bought, else 0), `ndcg`; and all items `shown`."""

    hits: NDArray[np.float64]
    ndcg: NDArray[np.float64]
    shown: NDArray[np.int64]


def rank_items(score: NDArray[np.float64], bought: NDArray[np.bool_], k: int = 10) -> Ranked:
    """Judge the best `k` items of each row of `score` by what was bought (both people × items).

    NDCG has gain 1 for each item that was bought and discount 1 / log2(place + 1), over the best order that was
    possible (Järvelin and Kekäläinen 2002). Items of score -inf are not listed. Everybody bought something.
    """
    best = best_columns(score, k)
    listed = np.isfinite(np.take_along_axis(score, best, axis=1))
    hit = np.take_along_axis(bought, best, axis=1) & listed
    discount = 1.0 / np.log2(np.arange(best.shape[1]) + 2.0)
    possible = np.concatenate([[0.0], np.cumsum(discount)])[np.minimum(bought.sum(axis=1), best.shape[1])]
    gained = (hit * discount[None, :]).sum(axis=1)
    ndcg: NDArray[np.float64] = np.asarray(gained / np.where(possible > 0, possible, 1.0))
    hits: NDArray[np.float64] = np.asarray(hit.any(axis=1), dtype=np.float64)
    return Ranked(hits, ndcg, np.unique(best[listed]))


def mean_interval(values: NDArray[np.float64]) -> tuple[float, float, float]:
    """(mean, low, high): the mean over people and its 95 % interval by the normal approximation; all 0 of nobody."""
    if len(values) == 0:
        return 0.0, 0.0, 0.0
    mean = float(values.mean())
    reach = 1.96 * float(values.std(ddof=1)) / len(values) ** 0.5 if len(values) > 1 else 0.0
    return mean, mean - reach, mean + reach
