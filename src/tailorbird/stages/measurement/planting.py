"""A planted effect: outcomes changed on purpose and labelled, to see whether the read-out finds what is there."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any


def plant_lift(outcomes: Mapping[str, Sequence[Any]], lift: float, window_days: int) -> dict[str, list[Any]]:
    """The outcome columns with conversions added to the treated, so that their rate rises by `lift` (absolute).

    Treated people who did not convert do so with probability lift / (1 − rate), by a hash of the row; the day is
    spread over the window. Raises ValueError unless 0 < lift ≤ 1 − rate.
    """
    arms, days = outcomes["arm"], list(outcomes["conversion_day"])
    treated = [row for row, arm in enumerate(arms) if arm == "treatment"]
    rate = sum(days[row] is not None for row in treated) / max(len(treated), 1)
    if not 0 < lift <= 1 - rate:
        raise ValueError(f"a planted lift must be above 0 and at most {1 - rate:.3f}, the share that did not convert")
    share = lift / (1 - rate)
    for row in treated:
        if days[row] is None:
            digest = hashlib.sha256(f"0|{row}".encode()).digest()
            if int.from_bytes(digest[:8], "big") / 2**64 < share:
                age = outcomes["age_days"][row] or window_days
                days[row] = 1 + digest[8] % max(1, min(window_days, int(age)))
    return {**{name: list(values) for name, values in outcomes.items()}, "conversion_day": days}
