"""Data-driven credit: what each touch adds to the rate of ordering, by two rules that are computed, not chosen.

*Removal effect* (Anderl, Becker, von Wangenheim and Schumann, "Mapping the customer journey", 2016): touches are the
states of a first-order Markov chain from the start of a path to an order or to nothing; the effect of a touch is the
share of orders that are lost when every path that reaches it ends there. *Shapley value*: the rate of ordering of
people who met only touches of a set is the set's worth, and a touch's value is what it adds to a set, averaged over
all orders in which the touches could have come. Both describe who ordered; neither says what a message changed.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np

SHAPLEY_MAX = 12
"""Labels for which the Shapley value is computed: it looks at every set of them, 4,096 at most."""
_LEAST = 1e-9


def removal_effects(steps: Iterable[tuple[str, str, float]], start: str, ordered: str) -> dict[str, float]:
    """{label: the share of orders, 0 to 1, that would be lost without it} from (from, to, times) of all paths.

    States that lead nowhere end without an order. No orders at all: every effect is 0.
    """
    counts: dict[str, dict[str, float]] = {}
    for origin, to, times in steps:
        if times > 0:
            counts.setdefault(origin, {})[to] = counts.get(origin, {}).get(to, 0.0) + float(times)
    labels = sorted(origin for origin in counts if origin != start)
    reached = _orders_from_start(counts, labels, start, ordered)
    if reached <= 0:
        return dict.fromkeys(labels, 0.0)
    effects = {}
    for gone in labels:
        rest = [label for label in labels if label != gone]
        effects[gone] = min(max(1.0 - _orders_from_start(counts, rest, start, ordered) / reached, 0.0), 1.0)
    return effects


def _orders_from_start(
    counts: Mapping[str, Mapping[str, float]], labels: Sequence[str], start: str, ordered: str
) -> float:
    """The probability that a path from the start ends in an order, when it may pass through `labels` only."""
    states = [start, *labels]
    place = {state: i for i, state in enumerate(states)}
    moves, ends = np.zeros((len(states), len(states))), np.zeros(len(states))
    for state, i in place.items():
        row = counts.get(state, {})
        total = sum(row.values())
        for to, times in row.items():
            if to == ordered:
                ends[i] = times / total
            elif to in place:
                moves[i, place[to]] = times / total
    return float(np.linalg.solve(np.eye(len(states)) - moves, ends)[0])


def shapley_values(sets: Iterable[tuple[Sequence[str], float, float]]) -> dict[str, float] | None:
    """{label: what it adds to the rate of ordering} from (labels, paths, orders) of every set that was met.

    The worth of a set is the rate of the paths that met only labels of it; of a set that nobody met, that of its
    part that was. None for more than SHAPLEY_MAX labels.
    """
    met = [(frozenset(labels), float(paths), float(orders)) for labels, paths, orders in sets]
    labels = sorted(set().union(*(one for one, _, _ in met))) if met else []
    if len(labels) > SHAPLEY_MAX:
        return None
    bit = {label: 1 << i for i, label in enumerate(labels)}
    paths, orders = np.zeros(1 << len(labels)), np.zeros(1 << len(labels))
    for one, n, bought in met:
        mask = sum(bit[label] for label in one)
        paths[mask] += n
        orders[mask] += bought
    for flag in bit.values():  # sums over all subsets, one label after the other
        high = np.flatnonzero(np.arange(len(paths)) & flag)
        paths[high] += paths[high ^ flag]
        orders[high] += orders[high ^ flag]
    worth = np.divide(orders, paths, out=np.zeros_like(orders), where=paths > 0)
    values = {}
    for label, flag in bit.items():
        others = [other for other in labels if other != label]
        value = 0.0
        for size in range(len(labels)):
            weight = 1.0 / (len(labels) * math.comb(len(labels) - 1, size))
            for chosen in combinations(others, size):
                mask = sum(bit[other] for other in chosen)
                value += weight * float(worth[mask | flag] - worth[mask])
        values[label] = value
    return values


def weights(effects: Mapping[str, float]) -> dict[str, float]:
    """Effects as weights by which the touches of one order share it: never below 0, never all of them 0."""
    top = max(effects.values(), default=0.0)
    floor = _LEAST if top > 0 else 1.0
    return {label: max(effect, floor) for label, effect in effects.items()}
