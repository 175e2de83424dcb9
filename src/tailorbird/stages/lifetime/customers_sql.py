"""SQL of customers: how often, how lately and for how much each person bought, as the lifetime models read it.

Reads `orders` as `rewards_sql.compile_orders` makes it. Several orders of one day are one purchase; what was paid back
whole is none. Times are in weeks, up to `until`.
"""

from datetime import UTC, datetime

CUSTOMER_COLUMNS = ("person_id", "repeats", "recency", "age", "mean_value", "margin_share")
"""Columns of `compile_customers`, in order: purchases after the first day, weeks from the first to the last and to now,
the mean of those after the first (0: none), and what was earned of all money."""


def compile_customers(until: datetime) -> str:
    """One row per person who ever bought, in the columns of `CUSTOMER_COLUMNS`, by person id."""
    end = f"TIMESTAMP '{until.astimezone(UTC).replace(tzinfo=None).isoformat(sep=' ', timespec='seconds')}'"
    return f"""WITH days AS (
  SELECT person_id, date_trunc('day', ordered_at) AS day, sum(value * kept) AS value, sum(margin * kept) AS margin
  FROM orders WHERE kept > 0 AND ordered_at <= {end} GROUP BY 1, 2
),
numbered AS (SELECT *, row_number() OVER (PARTITION BY person_id ORDER BY day) AS place FROM days)
SELECT person_id, count(*) - 1, date_diff('day', min(day), max(day)) / 7.0,
       date_diff('day', min(day), date_trunc('day', {end})) / 7.0,
       coalesce(avg(CASE WHEN place > 1 THEN value END), 0),
       CASE WHEN sum(value) > 0 THEN sum(margin) / sum(value) ELSE 0 END
FROM numbered GROUP BY 1 ORDER BY 1"""
