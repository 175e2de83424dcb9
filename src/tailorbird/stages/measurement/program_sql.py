"""SQL of the program's read-out: what each admitted person did in a calendar period, and before they were admitted.

Reads `admitted` (person_id, admitted_at as UTC without zone), `events`, and `orders` as `rewards_sql.compile_orders`
makes it. A person counts from the beginning of the period, or from the moment they were admitted, if that is later.
Orders of the time before that moment explain a part of the outcome: no message after it can have changed them.
"""

from datetime import datetime

from tailorbird.stages.measurement.metrics_sql import NEVER_DAYS
from tailorbird.stages.measurement.outcomes_sql import quote, timestamp
from tailorbird.stages.measurement.rewards_sql import COMPLAINED, UNSUBSCRIBED

PERIOD_COLUMNS = (
    "orders",
    "revenue",
    "margin",
    "unsubscribed",
    "complained",
    "sent",
    "exposure_days",
    "count_before",
    "value_before",
    "count_ever",
    "value_ever",
    "days_since",
)
"""Columns of `compile_period_rows`, in order. Orders and money are after refunds; `exposure_days` is how long a person
counts; the last five are of the time before they were admitted, the first two of them of as many days as the period
has."""

_SENT = "Email Sent"


def compile_period_rows(since: datetime, until: datetime) -> str:
    """One row per admitted person in the columns of `PERIOD_COLUMNS`, by person id."""
    start, end = timestamp(since), timestamp(until)
    seconds = max(int((until - since).total_seconds()), 86_400)
    after = f"o.ordered_at > greatest(a.admitted_at, {start}) AND o.ordered_at <= {end}"
    before = "o.ordered_at <= a.admitted_at"
    lately = f"{before} AND o.ordered_at > a.admitted_at - INTERVAL {seconds} SECOND"

    def said(event: str) -> str:
        return f"max(CASE WHEN e.event = {quote(event)} THEN 1 ELSE 0 END)"

    return f"""WITH did AS (
  SELECT a.person_id,
         count(CASE WHEN {after} AND o.kept > 0 THEN 1 END) AS orders,
         sum(CASE WHEN {after} THEN o.value * o.kept ELSE 0 END) AS revenue,
         sum(CASE WHEN {after} THEN o.margin * o.kept ELSE 0 END) AS margin,
         count(CASE WHEN {lately} THEN 1 END) AS count_before,
         sum(CASE WHEN {lately} THEN o.value ELSE 0 END) AS value_before,
         count(CASE WHEN {before} THEN 1 END) AS count_ever,
         sum(CASE WHEN {before} THEN o.value ELSE 0 END) AS value_ever,
         date_diff('day', max(CASE WHEN {before} THEN o.ordered_at END), max(a.admitted_at)) AS days_since
  FROM admitted a JOIN orders o ON o.person_id = a.person_id GROUP BY 1
),
said AS (
  SELECT a.person_id, {said(UNSUBSCRIBED)} AS unsubscribed, {said(COMPLAINED)} AS complained, {said(_SENT)} AS sent
  FROM admitted a JOIN events e ON e.person_id = a.person_id
   AND e.event IN ({quote(UNSUBSCRIBED)}, {quote(COMPLAINED)}, {quote(_SENT)})
   AND e."timestamp" >= greatest(a.admitted_at, {start}) AND e."timestamp" <= {end}
  GROUP BY 1
)
SELECT coalesce(d.orders, 0), coalesce(d.revenue, 0), coalesce(d.margin, 0), coalesce(s.unsubscribed, 0),
       coalesce(s.complained, 0), coalesce(s.sent, 0),
       date_diff('second', greatest(a.admitted_at, {start}), {end}) / 86400.0,
       coalesce(d.count_before, 0), coalesce(d.value_before, 0), coalesce(d.count_ever, 0), coalesce(d.value_ever, 0),
       coalesce(d.days_since, {NEVER_DAYS})
FROM admitted a LEFT JOIN did d ON d.person_id = a.person_id LEFT JOIN said s ON s.person_id = a.person_id
ORDER BY a.person_id"""
