"""What was learned of each arm: successes and exposures per creative.

Delayed feedback is kept simple: an exposure whose window is half over counts as half an exposure (n_eff is the sum of
min(1, age / window)), while a success counts as soon as it is seen. Early on this flatters every line of the same age
alike, so the choice between them is not tilted; once the window is over, counts are exact.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Literal

from tailorbird.types.readout import CountRow


def learn(rows: Iterable[CountRow], reward: Literal["conversion", "click"]) -> dict[str, tuple[float, float]]:
    """{creative_id: (successes, matured exposures)}; exposures are never fewer than successes.

    Successes are people who converted (or humanly clicked) after being shown the line.
    """
    arms: dict[str, tuple[float, float]] = {}
    for row in rows:
        successes = float(row.conversions if reward == "conversion" else row.clicks)
        old_successes, old_exposures = arms.get(row.key, (0.0, 0.0))
        arms[row.key] = (old_successes + successes, old_exposures + max(row.matured, successes))
    return arms


def policy_version(arms: Mapping[str, tuple[float, float]]) -> str:
    """A short hash of the counts: equal knowledge has an equal name; 'prior' where nothing is known."""
    if not arms:
        return "prior"
    canonical = json.dumps({key: [round(x, 6) for x in arms[key]] for key in sorted(arms)}, separators=(",", ":"))
    return "p-" + hashlib.sha256(canonical.encode()).hexdigest()[:12]
