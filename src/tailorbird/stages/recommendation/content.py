"""Items that are alike by their words: for those that hardly anybody bought yet."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tailorbird.stages.recommendation.best import best_columns
from tailorbird.stages.recommendation.neighbours import Neighbours

COLD_BUYERS = 5
_WORD = re.compile(r"[^\W_]+")
_COLUMNS = 4096
_ROWS_AT_ONCE = 1000
_SAMPLE = 250


def word_vectors(texts: Sequence[str]) -> NDArray[np.float32]:
    """(texts × columns) TF-IDF of the words, rows of length 1 (0 without words): (1 + ln tf) · ln(1 + n / df).

    The words that stand in one text only link nothing and are left out; of the others the 4,096 most frequent count.
    """
    found = [_WORD.findall(text.lower()) for text in texts]
    frequency: dict[str, int] = {}
    for words in found:
        for word in set(words):
            frequency[word] = frequency.get(word, 0) + 1
    shared = sorted((word for word, n in frequency.items() if n > 1), key=lambda word: (-frequency[word], word))
    column = {word: at for at, word in enumerate(shared[:_COLUMNS])}
    vectors = np.zeros((len(texts), len(column)), dtype=np.float32)
    for row, words in enumerate(found):
        for word in words:
            if word in column:
                vectors[row, column[word]] += 1
    vectors = np.where(vectors > 0, 1 + np.log(np.maximum(vectors, 1)), 0).astype(np.float32)
    rare = np.array([len(texts) / frequency[word] for word in column], dtype=np.float64)
    vectors *= np.log(1 + rare).astype(np.float32)
    length = np.sqrt((vectors**2).sum(axis=1, keepdims=True))
    result: NDArray[np.float32] = (vectors / np.maximum(length, 1e-12)).astype(np.float32)
    return result


def with_cold_items(
    neighbours: Neighbours, texts: Sequence[str], buyers: NDArray[np.float64], width: int = 5
) -> Neighbours:
    """The neighbours and, for every item that was bought, the `width` cold items that are most alike.

    An item is cold with fewer than 5 buyers, and the fewer it has, the more its words count. Likeness is worth what it
    is worth in this shop: the mean score of warm items for each unit of it. Where that cannot be told (no warm items),
    and where no words are shared, nothing is added.
    """
    cold, warm = np.flatnonzero(buyers < COLD_BUYERS), np.flatnonzero(buyers >= COLD_BUYERS)
    if len(cold) == 0 or len(warm) == 0:
        return neighbours
    vectors = word_vectors(texts)
    worth = _worth(neighbours, vectors, warm, width)
    coldness = 1.0 - buyers[cold] / COLD_BUYERS
    index = np.full((len(buyers), width), -1, dtype=np.int64)
    score = np.zeros((len(buyers), width))
    bought = np.flatnonzero(buyers > 0)
    for at in range(0, len(bought), _ROWS_AT_ONCE):
        rows = bought[at : at + _ROWS_AT_ONCE]
        alike = (vectors[rows] @ vectors[cold].T).astype(np.float64) * coldness[None, :]
        alike[rows[:, None] == cold[None, :]] = 0.0
        near = best_columns(alike, width)
        value = np.take_along_axis(alike, near, axis=1) * worth
        index[rows, : near.shape[1]] = np.where(value > 0, cold[near], -1)
        score[rows, : near.shape[1]] = value
    return Neighbours(
        np.concatenate([neighbours.index, index], axis=1), np.concatenate([neighbours.score, score], axis=1)
    )


def _worth(neighbours: Neighbours, vectors: NDArray[np.float32], warm: NDArray[np.int64], width: int) -> float:
    """The mean score, as neighbours, of the warm items that are most alike, for each unit of likeness."""
    rows = warm[:: max(1, len(warm) // _SAMPLE)]
    alike = (vectors[rows] @ vectors[warm].T).astype(np.float64)
    alike[rows[:, None] == warm[None, :]] = 0.0
    near = best_columns(alike, width)
    total = float(np.take_along_axis(alike, near, axis=1).sum())
    hit = neighbours.index[rows][:, None, :] == warm[near][:, :, None]
    score = float((hit * neighbours.score[rows][:, None, :]).sum())
    return score / total if total > 0 else 0.0
