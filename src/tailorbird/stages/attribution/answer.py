"""Credit beside the experiment's answer, and which of the two rules."""

from collections.abc import Sequence

from tailorbird.types.attribution import Attribution, AttributionSettings, CreditRow
from tailorbird.types.effect import Effect


def answer(
    rows: Sequence[CreditRow],
    campaign: str,
    orders: int,
    untouched: int,
    settings: AttributionSettings,
    changed: Effect | None,
    why: str = "",
) -> Attribution:
    """The credit of all touches with the experiment's answer for `campaign`, in orders.

    Where the holdout answers, it rules: credit counts people who would have ordered anyway. The calibration is given
    only where the answer surely lies above zero and there is credit to compare with.
    """
    own = next((row for row in rows if row.label == campaign), None)
    last = own.last_touch if own else 0.0
    calibration = changed.difference / last if changed is not None and changed.low > 0 and last > 0 else None
    return Attribution(
        tuple(rows),
        orders,
        max(untouched, 0),
        settings.click_days,
        settings.sent_days,
        changed.difference if changed else None,
        changed.low if changed else None,
        changed.high if changed else None,
        calibration,
        why if changed is None else "",
        _sentence(last, changed, why),
    )


def _sentence(last: float, changed: Effect | None, why: str) -> str:
    credited = f"Last touch credits the campaign with {_orders(last)}"
    if changed is None:
        reason = f" ({why})" if why else ""
        return f"{credited}; what it changed is not known{reason}. Credit is no proof: it counts who would have come."
    brought = f"the holdout says that it brought {changed.difference:,.0f}, between {changed.low:,.0f} and "
    brought += f"{changed.high:,.0f}"
    if changed.low <= 0 <= changed.high:
        return f"{credited}; {brought}, so it may have brought none. The holdout rules."
    return f"{credited}; {brought}. The holdout rules."


def _orders(number: float) -> str:
    return f"{number:,.0f} {'order' if round(number) == 1 else 'orders'}"
