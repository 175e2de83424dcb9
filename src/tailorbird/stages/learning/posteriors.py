"""What was learned of each arm: successes and exposures per creative, comparable across cells and steps.

A line's successes count against those that other lines had among the same people. Its exposures are therefore given
in people of average response: the successes that were expected of it, over the mean rate of its block. A line that was
written for a cell that buys a lot gets no credit for the cell, and an exposure whose outcome is still to come weighs
as much as the outcomes that its step has seen so far.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Literal

from tailorbird.types.readout import RateRow


def learn(rows: Iterable[RateRow], reward: Literal["conversion", "click"]) -> dict[str, tuple[float, float]]:
    """{creative_id: (successes, exposures)}; exposures are never fewer than successes.

    Successes are people who converted (or humanly clicked) after being shown the line. A line that nothing can be
    compared with has nothing to teach and is left out.
    """
    arms: dict[str, tuple[float, float]] = {}
    for row in rows:
        rate = row.conversions if reward == "conversion" else row.clicks
        if rate.expected <= 0 or rate.mean <= 0:
            continue
        successes, exposures = arms.get(row.counts.key, (0.0, 0.0))
        shown = max(rate.expected / rate.mean, rate.observed)
        arms[row.counts.key] = (successes + rate.observed, exposures + shown)
    return arms


def policy_version(arms: Mapping[str, tuple[float, float]]) -> str:
    """A short hash of the counts: equal knowledge has an equal name; 'prior' where nothing is known."""
    if not arms:
        return "prior"
    canonical = json.dumps({key: [round(x, 6) for x in arms[key]] for key in sorted(arms)}, separators=(",", ":"))
    return "p-" + hashlib.sha256(canonical.encode()).hexdigest()[:12]
