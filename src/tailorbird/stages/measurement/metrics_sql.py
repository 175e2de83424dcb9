"""SQL of metrics: what each person did before and after the campaign's first decision for them, for any metric.

Reads `decisions`, `events`, and `orders` as `rewards_sql.compile_orders` makes it of the metric's event. People are the
unit: each counts once, in the arm of the first decision. What they did in the same number of days before it is the
covariate that the estimate is adjusted by; no campaign can have changed that.
"""

from datetime import datetime

from tailorbird.stages.measurement.outcomes_sql import quote, timestamp
from tailorbird.types.metric import MetricSpec

FIRST_COLUMNS = ("arm", "variant", "locale", "joined_day", "exposed", "stratum", "person_id")
METRIC_COLUMNS = ("count", "value", "per", "refunds", "count_before", "value_before", "day", "age_days")
"""Columns of `compile_metric_rows`, in order. `day` is the day of the first event after the decision, 1 for the first
24 hours, 0 for none; money is after refunds."""
HISTORY_COLUMNS = ("count_ever", "value_ever", "days_since")
"""Columns of `compile_history_rows`, in order: all that is known from before the decision; `days_since` the last event,
NEVER_DAYS without one."""
NEVER_DAYS = 3650


def compile_firsts(until: datetime) -> str:
    """A statement that makes table `firsts`: each person's first decision; needs `outcomes` for who was reached."""
    return f"""CREATE OR REPLACE TEMP TABLE firsts AS
SELECT d.person_id, d.decision_id, d.step, d.arm, d.variant, d.locale, d.decided_at, d.stratum, o.exposed,
       greatest(0, CAST(floor(date_diff('second', d.decided_at, {timestamp(until)}) / 86400.0) AS INTEGER)) AS age_days
FROM decisions d JOIN outcomes o ON o.decision_id = d.decision_id WHERE o.first = 1"""


def compile_variant_firsts(until: datetime) -> str:
    """`compile_firsts`, of each person's first decision in a variant: who was written to before an experiment began is
    in it from its first step on."""
    age = f"date_diff('second', decided_at, {timestamp(until)})"
    return f"""CREATE OR REPLACE TEMP TABLE firsts AS
SELECT person_id, decision_id, step, arm, variant, locale, decided_at, stratum, exposed,
       greatest(0, CAST(floor({age} / 86400.0) AS INTEGER)) AS age_days
FROM (SELECT d.*, o.exposed, row_number() OVER (PARTITION BY d.person_id ORDER BY d.decided_at, d.decision_id) AS place
      FROM decisions d JOIN outcomes o ON o.decision_id = d.decision_id WHERE d.variant <> '')
WHERE place = 1"""


def compile_first_rows() -> str:
    """One row per person in the columns of `FIRST_COLUMNS`, by person id; `joined_day` is a date as text."""
    return """SELECT arm, variant, locale, strftime(decided_at, '%Y-%m-%d'), exposed, stratum, person_id FROM firsts
ORDER BY person_id"""


def compile_history_rows() -> str:
    """One row per person in the columns of `HISTORY_COLUMNS`, by person id; needs `firsts` and `orders`."""
    return f"""SELECT count(o.ordered_at), coalesce(sum(o.value), 0),
       coalesce(date_diff('day', max(o.ordered_at), f.decided_at), {NEVER_DAYS})
FROM firsts f LEFT JOIN orders o ON o.person_id = f.person_id AND o.ordered_at <= f.decided_at
GROUP BY f.person_id, f.decided_at ORDER BY f.person_id"""


def compile_metric_rows(metric: MetricSpec, until: datetime) -> str:
    """One row per person in the columns of `METRIC_COLUMNS`, by person id. Needs `firsts`, and `orders` of `metric`."""
    columns = ", ".join(f'"{name}"' for name in METRIC_COLUMNS)
    return f"SELECT {columns} FROM ({compile_metric_people(metric, until)}) ORDER BY person_id"


def compile_metric_people(metric: MetricSpec, until: datetime) -> str:
    """A query of people: arm, variant, stratum, locale, step, the day they joined, whether a message reached them, and
    the columns of `METRIC_COLUMNS`.

    An order counts in the window after the decision, and in as many days before it.
    """
    days = int(metric.window_days)
    after = f"o.ordered_at > f.decided_at AND o.ordered_at <= f.decided_at + INTERVAL {days} DAY"
    before = f"o.ordered_at <= f.decided_at AND o.ordered_at > f.decided_at - INTERVAL {days} DAY"
    if metric.per and metric.per != metric.event:
        per = f"""SELECT f.person_id, count(*) AS per FROM firsts f JOIN events e ON e.person_id = f.person_id
  WHERE e.event = {quote(metric.per)} AND e."timestamp" > f.decided_at AND e."timestamp" <= {timestamp(until)}
    AND e."timestamp" <= f.decided_at + INTERVAL {days} DAY GROUP BY 1"""
    else:
        per = f"""SELECT f.person_id, count(*) AS per FROM firsts f JOIN orders o ON o.person_id = f.person_id
  WHERE {after} GROUP BY 1"""
    return f"""WITH did AS (
  SELECT f.person_id,
         count(CASE WHEN {after} AND o.kept > 0 THEN 1 END) AS "count",
         sum(CASE WHEN {after} THEN o.value * o.kept ELSE 0 END) AS value,
         count(CASE WHEN {after} AND o.refunded THEN 1 END) AS refunds,
         count(CASE WHEN {before} THEN 1 END) AS count_before,
         sum(CASE WHEN {before} THEN o.value ELSE 0 END) AS value_before,
         min(CASE WHEN {after} AND o.kept > 0 THEN o.ordered_at END) AS first_at
  FROM firsts f JOIN orders o ON o.person_id = f.person_id
   AND o.ordered_at > f.decided_at - INTERVAL {days} DAY AND o.ordered_at <= f.decided_at + INTERVAL {days} DAY
  GROUP BY 1
),
per AS ({per})
SELECT f.person_id, f.arm, f.variant, f.stratum, f.locale, f.step, f.exposed,
       strftime(f.decided_at, '%Y-%m-%d') AS joined_day,
       coalesce(d."count", 0) AS "count", coalesce(d.value, 0) AS value, coalesce(p.per, 0) AS per,
       coalesce(d.refunds, 0) AS refunds, coalesce(d.count_before, 0) AS count_before,
       coalesce(d.value_before, 0) AS value_before,
       CASE WHEN d.first_at IS NULL THEN 0
            ELSE greatest(1, CAST(ceil(date_diff('second', f.decided_at, d.first_at) / 86400.0) AS INTEGER)) END AS day,
       f.age_days
FROM firsts f LEFT JOIN did d ON d.person_id = f.person_id LEFT JOIN per p ON p.person_id = f.person_id"""


def compile_known(event: str, until: datetime) -> str:
    """How many such events the log knows."""
    return f'SELECT count(*) FROM events WHERE event = {quote(event)} AND "timestamp" <= {timestamp(until)}'


def compile_brought(metric: MetricSpec) -> str:
    """A statement that makes table `brought`: (decision_id, converted, value, margin), what every first decision's
    person did in its whole window, after refunds, whatever steps came after. Needs `firsts` and the metric's `orders`.
    """
    return f"""CREATE OR REPLACE TEMP TABLE brought AS
SELECT f.decision_id, coalesce(max(CASE WHEN o.kept > 0 THEN 1 ELSE 0 END), 0) AS converted,
       coalesce(sum(o.value * o.kept), 0) AS value, coalesce(sum(o.margin * o.kept), 0) AS margin
FROM firsts f LEFT JOIN orders o ON o.person_id = f.person_id AND o.ordered_at > f.decided_at
 AND o.ordered_at <= f.decided_at + INTERVAL {int(metric.window_days)} DAY
GROUP BY f.decision_id"""


def compile_worth() -> str:
    """(decision_id, person_id, arm, variant, money, margin) of every first decision, after refunds; needs `brought`."""
    return """SELECT f.decision_id, f.person_id, f.arm, f.variant, b.value, b.margin
FROM firsts f JOIN brought b ON b.decision_id = f.decision_id ORDER BY f.decision_id"""


def compile_kept() -> str:
    """How many of the treated have an order left after refunds; needs `brought`."""
    return """SELECT sum(b.converted) FROM firsts f JOIN brought b ON b.decision_id = f.decision_id
WHERE f.arm = 'treatment'"""
