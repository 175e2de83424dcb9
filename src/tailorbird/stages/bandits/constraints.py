"""Guardrails as constraints: an arm that surely hurts is out, whatever it earns."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tailorbird.stages.bandits.choosing import generator_of

EVENTS_MIN = 5
_DRAWS = 4000


def barred(
    arms: Sequence[str],
    exposed: NDArray[np.float64],
    hurt: NDArray[np.float64],
    blocks: Mapping[str, Collection[str]],
    margin: float,
    alpha: float,
    seed: str,
) -> tuple[str, ...]:
    """Arms of which the share of `hurt` exposures is above that of the block's others by more than `margin` (relative)
    with a probability of at least 1 − alpha / K, K being all arms of all blocks; of none with fewer than EVENTS_MIN.
    Not all of a block: the arm with the least stays. `exposed` says what each exposure counts.

    The posteriors are gamma distributions with Jeffreys' prior, of events per exposure.
    """
    names = np.asarray(arms, dtype=object).astype(str)
    found, place = np.unique(names, return_inverse=True)
    n, events = np.zeros(len(found)), np.zeros(len(found))
    np.add.at(n, place, exposed)
    np.add.at(events, place, hurt)
    at = {name: i for i, name in enumerate(found.tolist())}
    part = alpha / max(sum(arm in at for arms_here in blocks.values() for arm in arms_here), 1)
    out: list[str] = []
    for block in sorted(blocks):
        mine = [at[arm] for arm in sorted(blocks[block]) if arm in at]
        bad = [k for k in mine if _hurts(k, mine, n, events, margin, part, f"{seed}|{block}")]
        if bad and len(bad) == len(mine):
            bad.remove(min(bad, key=lambda k: float((events[k] + 0.5) / max(float(n[k]), 1e-9))))
        out += [str(found[k]) for k in bad]
    return tuple(sorted(out))


def _hurts(
    k: int,
    mine: Sequence[int],
    n: NDArray[np.float64],
    events: NDArray[np.float64],
    margin: float,
    alpha: float,
    seed: str,
) -> bool:
    others = [j for j in mine if j != k]
    rest_n, rest = float(n[others].sum()), float(events[others].sum())
    if not others or events[k] < EVENTS_MIN or rest_n <= 0 or n[k] <= 0:
        return False
    generator = generator_of(f"{seed}|{k}")
    here = generator.gamma(events[k] + 0.5, 1 / n[k], _DRAWS)
    there = generator.gamma(rest + 0.5, 1 / rest_n, _DRAWS)
    return bool((here <= (1 + margin) * there).mean() < alpha)
