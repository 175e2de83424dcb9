"""What of the events was left out of a read-out's figures, or bent to fit, told in sentences."""

from datetime import datetime

from tailorbird.stages.measurement.outcomes_sql import quote, timestamp
from tailorbird.types.metric import MetricSpec

_DECISION = "json_extract_string(properties, '$.decision_id')"


def compile_data_checks(metric: MetricSpec, campaign: str, until: datetime) -> str:
    """One row: (outcomes that name no known decision, clicks before their decision, times an order was told again,
    orders with a negative total, and with one that is no amount). Needs `decisions`, and `orders` of the metric."""
    end = timestamp(until)
    return f"""SELECT
  (SELECT count(*) FROM events e WHERE e.event IN ('Email Link Clicked', 'Unsubscribed', 'Email Marked as Spam')
     AND json_extract_string(properties, '$.campaign') = {quote(campaign)} AND e."timestamp" <= {end}
     AND {_DECISION} NOT IN (SELECT decision_id FROM decisions)),
  (SELECT count(*) FROM events e JOIN decisions d ON d.decision_id = {_DECISION.replace("properties", "e.properties")}
     WHERE e.event = 'Email Link Clicked' AND e."timestamp" < d.decided_at AND e."timestamp" <= {end}),
  (SELECT count(*) FROM events WHERE event = {quote(metric.event)} AND "timestamp" <= {end})
    - (SELECT count(*) FROM orders),
  (SELECT count(*) FROM orders WHERE negative),
  (SELECT count(*) FROM orders WHERE unreadable)"""


def told(unknown: int, before: int, again: int, negative: int, unreadable: int) -> tuple[str, ...]:
    """The counts of `compile_data_checks` as sentences; none for what did not happen."""
    out = []
    if unknown:
        out.append(
            f"{_times(unknown, 'event names', 'events name')} a decision that nobody made here: left out, since nobody "
            "knows what was shown."
        )
    if before:
        out.append(
            f"{_times(before, 'click is', 'clicks are')} dated before the decision: a clock is wrong somewhere. They "
            "count as clicks of it; orders are counted by their own time."
        )
    if again:
        out.append(f"{_times(again, 'event tells', 'events tell')} once more of an order: each order counts once.")
    if negative:
        out.append(
            f"{_times(negative, 'order has', 'orders have')} a negative total: counted as orders, with no money. Send "
            "what is paid back as Order Refunded."
        )
    if unreadable:
        out.append(
            f"{_times(unreadable, 'order has', 'orders have')} a total that is no amount of money: counted as orders, "
            "with no money. Send it as a number."
        )
    return tuple(out)


def told_kept(converted: int, kept: int) -> tuple[str, ...]:
    """That some of the treated who converted sent everything back; nothing where none did."""
    if kept >= converted:
        return ()
    return (
        f"{converted - kept:,} of the {converted:,} treated people who converted sent everything back: the lift counts "
        "them, the decision does not.",
    )


def _times(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
