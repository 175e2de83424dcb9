"""Which items to show: what people who bought the same things bought, in stock, not just bought."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tailorbird.stages.decisions.hashing import uniforms
from tailorbird.stages.decisions.neighbours import Neighbours

_CHUNK = 2000
_GUMBEL_STREAM = 1_000


@dataclass(frozen=True)
class ItemChoice:
    """Chosen items, position by position: `items` (people × slots; -1 where nothing was left), the `propensity` of
    each given those before it, and how many were `eligible` at that position."""

    items: NDArray[np.int64]
    propensity: NDArray[np.float64]
    eligible: NDArray[np.int64]


def choose_items(
    hashes: NDArray[np.uint64],
    recent: NDArray[np.int64],
    excluded: NDArray[np.int64],
    forced: NDArray[np.int64],
    in_stock: NDArray[np.bool_],
    neighbours: Neighbours,
    slots: int,
    candidates: int,
    temperature: float,
    families: NDArray[np.int64] | None = None,
    avoid: NDArray[np.int64] | None = None,
) -> ItemChoice:
    """Choose `slots` different items per person, in Plackett-Luce order, with propensities.

    hashes (people,): from `person_hashes`. recent (people × r): item indices last bought or viewed, newest first, -1
    for none. excluded (pairs × 2): (person, item) that is not to be shown, by person; any number for each.
    forced (people,): the item that the first place must show (propensity 1), -1 for none. The score of an item is the
    summed similarity to `recent`, newer ones weighing more; people without history see what is popular. families
    (items,) and avoid (people,): items of the family `avoid` are not shown (-1: none), unless nothing else is left.
    The best `candidates` compete by softmax(score rank / temperature).
    """
    parts = [
        _choose_chunk(
            hashes[at : at + _CHUNK],
            recent[at : at + _CHUNK],
            excluded[slice(*np.searchsorted(excluded[:, 0], [at, at + _CHUNK]))] - np.array([at, 0]),
            forced[at : at + _CHUNK],
            in_stock,
            neighbours,
            slots,
            candidates,
            temperature,
            families,
            None if avoid is None else avoid[at : at + _CHUNK],
        )
        for at in range(0, max(len(hashes), 1), _CHUNK)
    ]
    return ItemChoice(
        np.concatenate([p.items for p in parts]),
        np.concatenate([p.propensity for p in parts]),
        np.concatenate([p.eligible for p in parts]),
    )


def _scores(recent: NDArray[np.int64], neighbours: Neighbours) -> NDArray[np.float64]:
    people, n_items = len(recent), len(neighbours.popularity)
    weight = 0.8 ** np.arange(recent.shape[1])
    near = np.where(recent[..., None] >= 0, neighbours.index[recent], -1)
    score = neighbours.score[recent] * weight[None, :, None]
    row = np.broadcast_to(np.arange(people)[:, None, None], near.shape)
    there = near >= 0
    flat = np.bincount(row[there] * n_items + near[there], weights=score[there], minlength=people * n_items)
    # Popularity breaks ties and serves people without history; it is scaled below the least similarity that counts.
    total: NDArray[np.float64] = flat.reshape(people, n_items) + 1e-3 * neighbours.popularity[None, :]
    return total


def _without_family(
    score: NDArray[np.float64], families: NDArray[np.int64], avoid: NDArray[np.int64]
) -> NDArray[np.float64]:
    unwanted = np.equal(families[None, :], avoid[:, None]) & np.greater_equal(avoid[:, None], 0)
    reduced = np.where(unwanted, -np.inf, score)
    left = np.isfinite(reduced).any(axis=1)
    result: NDArray[np.float64] = np.where(np.reshape(left, (-1, 1)), reduced, score)
    return result


def _choose_chunk(
    hashes: NDArray[np.uint64],
    recent: NDArray[np.int64],
    excluded: NDArray[np.int64],
    forced: NDArray[np.int64],
    in_stock: NDArray[np.bool_],
    neighbours: Neighbours,
    slots: int,
    candidates: int,
    temperature: float,
    families: NDArray[np.int64] | None,
    avoid: NDArray[np.int64] | None,
) -> ItemChoice:
    people = len(hashes)
    rows = np.arange(people)
    score = _scores(recent, neighbours)
    score[:, ~in_stock] = -np.inf
    score[excluded[:, 0], excluded[:, 1]] = -np.inf
    hit = forced >= 0
    score[rows[hit], forced[hit]] = -np.inf
    if families is not None and avoid is not None:
        score = _without_family(score, families, avoid)
    width = min(candidates, score.shape[1])
    # A stable sort makes equal scores resolve by item index, so that a batch and a single person agree.
    best = np.argsort(-score, axis=1, kind="stable")[:, :width]
    there = np.isfinite(np.take_along_axis(score, best, axis=1))
    logit = np.where(there, -np.arange(width)[None, :] / (temperature * 4.0), -np.inf)
    weight = np.exp(logit)
    noise = uniforms(hashes[:, None], np.arange(width, dtype=np.uint64)[None, :] + np.uint64(_GUMBEL_STREAM))
    drawn = np.argsort(-(logit - np.log(-np.log(noise))), axis=1, kind="stable")
    chosen = np.take_along_axis(best, drawn, axis=1)
    weight = np.take_along_axis(weight, drawn, axis=1)
    left = weight[:, ::-1].cumsum(axis=1)[:, ::-1]
    propensity = np.divide(weight, left, out=np.zeros_like(weight), where=left > 0)
    chosen = np.where(weight > 0, chosen, -1)
    eligible = np.maximum(there.sum(axis=1)[:, None] - np.arange(width)[None, :], 0)
    return _with_forced(forced, chosen, propensity, eligible, slots)


def _with_forced(
    forced: NDArray[np.int64],
    chosen: NDArray[np.int64],
    propensity: NDArray[np.float64],
    eligible: NDArray[np.int64],
    slots: int,
) -> ItemChoice:
    people = len(forced)
    pad = max(slots - chosen.shape[1], 0)
    chosen = np.pad(chosen, ((0, 0), (0, pad)), constant_values=-1)
    propensity, eligible = np.pad(propensity, ((0, 0), (0, pad))), np.pad(eligible, ((0, 0), (0, pad)))
    has = (forced >= 0)[:, None]
    ones = np.ones((people, 1))
    shifted = np.concatenate([forced[:, None], chosen[:, : slots - 1]], axis=1)
    shifted_p = np.concatenate([ones, propensity[:, : slots - 1]], axis=1)
    shifted_e = np.concatenate([ones.astype(np.int64), eligible[:, : slots - 1]], axis=1)
    return ItemChoice(
        np.where(has, shifted, chosen[:, :slots]),
        np.where(has, shifted_p, propensity[:, :slots]),
        np.where(has, shifted_e, eligible[:, :slots]),
    )
