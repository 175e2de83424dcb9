"""SQL of a baseline: what the people whom a campaign would have meant a while ago did since then, and before.

Reads `selected` (person_id), `events`, and `orders` as `rewards_sql.compile_orders` makes it of the metric's event.
"""

from datetime import datetime, timedelta

from tailorbird.stages.measurement.outcomes_sql import quote, timestamp
from tailorbird.types.metric import MetricSpec


def compile_baseline(metric: MetricSpec, start: datetime) -> str:
    """The ten sums of `types/day_sums.py` over people: y in the window after `start`, x in as many days before it.

    A share counts people with an order that was kept; `value` adds up their money after refunds, before `start` as it
    was first told. Raises ValueError for a kind of metric that sums cannot tell.
    """
    if metric.kind not in ("share", "value"):
        raise ValueError(f"a {metric.kind} metric cannot be planned from sums of people")
    middle, days = timestamp(start), timedelta(days=metric.window_days)
    after = f"o.ordered_at > {middle} AND o.ordered_at <= {timestamp(start + days)}"
    before = f"o.ordered_at <= {middle} AND o.ordered_at > {timestamp(start - days)}"
    if metric.kind == "share":
        y, x = (f"max(CASE WHEN {when} THEN 1.0 ELSE 0.0 END)" for when in (f"{after} AND o.kept > 0", before))
    else:
        y = f"sum(CASE WHEN {after} THEN o.value * o.kept ELSE 0.0 END)"
        x = f"sum(CASE WHEN {before} THEN o.value ELSE 0.0 END)"
    return f"""WITH did AS (
  SELECT s.person_id, {y} AS y, {x} AS x FROM selected s LEFT JOIN orders o ON o.person_id = s.person_id GROUP BY 1
)
SELECT count(*), sum(y), 0, sum(x), sum(y * y), 0, sum(x * x), 0, sum(y * x), 0 FROM did"""


def compile_event_share(event: str, window_days: int, start: datetime) -> str:
    """How many of `selected` have such an event in the window after `start`."""
    end = timestamp(start + timedelta(days=window_days))
    return f"""SELECT count(DISTINCT e.person_id) FROM events e JOIN selected s ON s.person_id = e.person_id
WHERE e.event = {quote(event)} AND e."timestamp" > {timestamp(start)} AND e."timestamp" <= {end}"""
