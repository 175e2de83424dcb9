"""How many arms may compete, and which are out: more than the traffic can tell apart teach nothing.

To see a difference between two rates p takes some 200/p people an arm: so many arms are admitted as the traffic has
room for. Hundreds of lines are halved as their turn comes (asynchronous successive halving: Li and others, 2020): of
the arms that have had the quota of a round, the lower half is out once there are twice as many as there is room for,
and the quota of the next round is twice as high.
"""

from collections.abc import Collection, Mapping

from tailorbird.stages.bandits.counts import Counts

SUCCESSES_PER_ARM = 200
_QUOTA = 50.0
"""Expected successes of an arm in the first round."""


def arms_that_fit(traffic: float, rate: float, arms_max: int) -> int:
    """How many arms `traffic` people at `rate` can tell apart: at least 2, at most `arms_max`; that, where traffic or
    rate are not known (0)."""
    if traffic <= 0 or rate <= 0:
        return arms_max
    return max(min(2, arms_max), min(arms_max, int(traffic * rate / SUCCESSES_PER_ARM)))


def halved(counts: Counts, blocks: Mapping[str, Collection[str]], room: int) -> tuple[str, ...]:
    """The arms that halving has taken out, of those that were tried in each block; `room` arms at least are left.

    An arm's rate is shrunk to the block's by the quota, so that the luckiest of many are not taken for the best.
    """
    out: list[str] = []
    for arms in blocks.values():
        tried = {arm: counts[arm] for arm in arms if counts.get(arm, (0.0, 0.0))[1] > 0}
        won, shown = sum(c for c, _ in tried.values()), sum(n for _, n in tried.values())
        if won <= 0:
            continue
        quota, mean = _QUOTA * shown / won, won / shown
        left = sorted(arm for arm in tried if tried[arm][1] >= quota)
        while len(left) >= 2 * max(room, 2):
            order = sorted(left, key=lambda a: (-(tried[a][0] + quota * mean) / (tried[a][1] + quota), a))
            keep = max(room, 2, (len(left) + 1) // 2)
            out += order[keep:]
            quota *= 2
            left = [arm for arm in order[:keep] if tried[arm][1] >= quota]
    return tuple(sorted(out))
