"""SQL of rewards: what each shown line earned, as it stands now, one row per treated decision and block.

Reads `decisions`, `slates` and `outcomes` as `outcomes_sql` makes them, and `events`, the view that holds no machine's
and no test's. An order is credited to its person's last decision before it, so none is counted for two steps. What
came late or was paid back revises the reward: the statements are run anew at every look, up to `until`, and an order
counts for what is left of it. A refund that names no order is of the person's last order before it; one that names no
amount is of the whole order. A negative total is no money: the order counts, its value is 0.
"""

from datetime import datetime

from tailorbird.stages.measurement.outcomes_sql import amount_sql, quote, timestamp, value_path
from tailorbird.types.metric import MetricSpec

RETURNED, COMPLAINED, UNSUBSCRIBED, TICKET = (
    "Order Refunded",
    "Email Marked as Spam",
    "Unsubscribed",
    "Support Ticket Opened",
)
"""Events of the long-run guardrails that every campaign is read for."""

REWARD_COLUMNS = (
    "decision_id",
    "person_id",
    "variant",
    "step",
    "subject",
    "locale",
    "decided_at",
    "block",
    "creative_id",
    "set_id",
    "propensity",
    "eligible",
    "shown",
    "converted",
    "value",
    "margin",
    "clicked",
    "returned",
    "unsubscribed",
    "complained",
    "ticket",
    "age_days",
    "mature",
)
"""Columns of `compile_reward_rows`, in order. `shown`, `converted`, `clicked`, the four guardrails and `mature` are 0
or 1; `value` and `margin` are money after refunds."""

_ORDER = "json_extract_string(properties, '$.order_id')"
_DECISION = "json_extract_string(properties, '$.decision_id')"


def margin_sql(metric: MetricSpec, value: str) -> str:
    """What is earned of the order's money: `value` itself where the metric says nothing of margin.

    Raises ValueError for what is no dotted path.
    """
    if metric.margin is None:
        return value
    if isinstance(metric.margin, str):
        return f"coalesce({amount_sql(value_path(MetricSpec('', '', value=metric.margin)))}, 0)"
    return f"{value} * {float(metric.margin)!r}"


def compile_orders(metric: MetricSpec, until: datetime) -> str:
    """A statement that makes table `orders`: (person_id, order_key, ordered_at, value, margin, kept, refunded).

    One row per order of the metric's event up to `until`, told once however many sources told of it. `kept` is the
    share of it that was not paid back (0 to 1), `value` and `margin` are as first told, `negative` marks a total
    below 0, `unreadable` one that is no amount of money.
    """
    end = timestamp(until)
    money = amount_sql(value_path(metric))
    return f"""CREATE OR REPLACE TEMP TABLE orders AS
WITH told AS (
  SELECT person_id, coalesce({_ORDER}, 'event ' || message_id) AS order_key, "timestamp" AS ordered_at,
         greatest(coalesce({money}, 0), 0) AS value, coalesce({money}, 0) < 0 AS negative,
         {money} IS NULL AND json_extract_string(properties, {quote(value_path(metric))}) IS NOT NULL AS unreadable,
         {margin_sql(metric, f"greatest(coalesce({money}, 0), 0)")} AS margin,
         row_number() OVER (PARTITION BY person_id, coalesce({_ORDER}, 'event ' || message_id)
                            ORDER BY "timestamp", message_id) AS copy
  FROM events WHERE event = {quote(metric.event)} AND "timestamp" <= {end}
),
said AS (
  SELECT DISTINCT person_id, {_ORDER} AS order_id, {money} AS amount,
         coalesce(json_extract_string(properties, '$.refund_id'), strftime("timestamp", '%Y-%m-%d')) AS told_as,
         CASE WHEN {_ORDER} IS NULL THEN "timestamp" END AS at
  FROM events WHERE event = {quote(RETURNED)} AND "timestamp" <= {end}
),
of_order AS (
  SELECT person_id, order_id AS order_key, amount FROM said WHERE order_id IS NOT NULL
  UNION ALL
  SELECT s.person_id, max_by(t.order_key, t.ordered_at) AS order_key, s.amount
  FROM said s JOIN told t ON t.person_id = s.person_id AND t.copy = 1 AND t.ordered_at <= s.at
  WHERE s.order_id IS NULL GROUP BY s.person_id, s.told_as, s.at, s.amount
),
back AS (
  SELECT person_id, order_key, count(*) AS refunds, count(*) - count(amount) AS whole, sum(abs(amount)) AS amount
  FROM of_order GROUP BY 1, 2
)
SELECT t.person_id, t.order_key, t.ordered_at, t.value, t.margin, t.negative, t.unreadable,
       CASE WHEN b.refunds IS NULL THEN 1.0
            WHEN b.whole > 0 OR t.value <= 0 THEN 0.0
            ELSE greatest(0.0, 1.0 - b.amount / t.value) END AS kept,
       b.refunds IS NOT NULL AS refunded
FROM told t LEFT JOIN back b ON b.person_id = t.person_id AND b.order_key = t.order_key
WHERE t.copy = 1"""


def compile_rewards(metric: MetricSpec, until: datetime) -> str:
    """A statement that makes table `rewards`, one row per decision: orders of its turn after refunds, and guardrails.

    A decision's turn ends with its window or with the person's next decision. Needs `orders`. Complaints and tickets
    that name no decision belong to the turn that they fall in.
    """
    end, days = timestamp(until), int(metric.window_days)
    return f"""CREATE OR REPLACE TEMP TABLE rewards AS
WITH turns AS (
  SELECT decision_id, person_id, decided_at,
         least(decided_at + INTERVAL {days} DAY,
               coalesce(lead(decided_at) OVER (PARTITION BY person_id ORDER BY decided_at, decision_id),
                        decided_at + INTERVAL {days} DAY)) AS ends_at
  FROM decisions
),
earned AS (
  SELECT t.decision_id, max(CASE WHEN o.kept > 0 THEN 1 ELSE 0 END) AS converted, sum(o.value * o.kept) AS value,
         sum(o.margin * o.kept) AS margin, max(CASE WHEN o.refunded THEN 1 ELSE 0 END) AS returned
  FROM turns t JOIN orders o
    ON o.person_id = t.person_id AND o.ordered_at > t.decided_at AND o.ordered_at <= t.ends_at
  GROUP BY 1
),
words AS (
  SELECT person_id, event, "timestamp" AS at, {_DECISION} AS decision_id FROM events
  WHERE event IN ({quote(COMPLAINED)}, {quote(TICKET)}) AND "timestamp" <= {end}
),
heard AS (
  SELECT decision_id, event FROM words WHERE decision_id IS NOT NULL
  UNION ALL
  SELECT t.decision_id, w.event FROM words w
  JOIN turns t ON t.person_id = w.person_id AND w.at > t.decided_at AND w.at <= t.ends_at
  WHERE w.decision_id IS NULL
),
said AS (
  SELECT decision_id, max(CASE WHEN event = {quote(COMPLAINED)} THEN 1 ELSE 0 END) AS complained,
         max(CASE WHEN event = {quote(TICKET)} THEN 1 ELSE 0 END) AS ticket
  FROM heard GROUP BY 1
)
SELECT t.decision_id, coalesce(e.converted, 0) AS converted, coalesce(e.value, 0) AS value,
       coalesce(e.margin, 0) AS margin, coalesce(e.returned, 0) AS returned,
       coalesce(s.complained, 0) AS complained, coalesce(s.ticket, 0) AS ticket
FROM turns t LEFT JOIN earned e ON e.decision_id = t.decision_id LEFT JOIN said s ON s.decision_id = t.decision_id"""


def compile_reward_rows(all_exposed: bool = False) -> str:
    """One row per treated decision and block with a line, in the columns of `REWARD_COLUMNS`.

    `shown` is 0 where the message did not leave, or another line stood in it. `all_exposed` takes every message as
    sent: for channels that report no sends.
    """
    seen = "TRUE" if all_exposed else "o.exposed = 1"
    shown = "json_extract_string(o.lines, '$.\"' || s.block || '\"')"
    return f"""SELECT s.decision_id, o.person_id, d.variant, o.step, o.subject, o.locale, d.decided_at, s.block,
       s.creative_id, s.among, s.propensity, s.eligible,
       CASE WHEN {seen} AND (o.lines IS NULL OR {shown} = s.creative_id) THEN 1 ELSE 0 END,
       r.converted, r.value, r.margin, o.clicked, r.returned, o.unsubscribed, r.complained, r.ticket, o.age_days,
       1 - o.open_window
FROM (SELECT DISTINCT decision_id, block, creative_id, among, propensity, eligible FROM slates) s
JOIN outcomes o ON o.decision_id = s.decision_id
JOIN decisions d ON d.decision_id = s.decision_id
JOIN rewards r ON r.decision_id = s.decision_id
WHERE o.arm = 'treatment'
ORDER BY s.decision_id, s.block, s.creative_id"""
