"""SQL of running sums: people become ten sums per arm, stratum, day, locale and step, and are not looked at again."""

from datetime import datetime

from tailorbird.stages.measurement.metrics_sql import compile_metric_people
from tailorbird.types.metric import MetricSpec

PEOPLE = "#people"
"""Where a day's people are counted, by no metric: Σy are those whom a message reached."""
WEEKS_MAX = 52
_DAYS = 7
_DID = '"count" > 0'
_OUTCOMES = {
    "share": (_DID, "0.0", "count_before > 0", _DID),
    "value": ("value", "0.0", "value_before", _DID),
    "ratio": ("value", "per", "value_before", _DID),
    "returns": ("refunds", "per", "0.0", "per > 0"),
}
"""By kind of metric: outcome, denominator, covariate of a person, and whether the person did it."""


def week_name(week: int) -> str:
    """Where the people are counted who first did the campaign's own metric in that week after the decision."""
    return f"#week {week}"


def weeks_kept(metric: MetricSpec) -> int:
    """Whole weeks of the metric's window, WEEKS_MAX at most."""
    return min(metric.window_days // _DAYS, WEEKS_MAX)


def compile_sums(metric: MetricSpec, until: datetime, returns: bool = False) -> str:
    """(arm, stratum, day, locale, step, people who did it, the ten sums of `types/day_sums.py`), a row for each that
    has people; with `returns` those of returns per order.

    The arm is 'holdout', the variant, or 'treatment' without one; the day is that of the first decision. Needs `firsts`
    and `orders` of the metric. Raises ValueError for a quantile, which sums cannot tell.
    """
    kind = "returns" if returns else metric.kind
    if kind not in _OUTCOMES:
        raise ValueError(f"a {kind} metric has no running sums")
    y, b, x, did = _OUTCOMES[kind]
    return f"""SELECT arm, stratum, day, locale, step, sum(did), count(*), sum(y), sum(b), sum(x), sum(y * y),
       sum(b * b), sum(x * x), sum(y * b), sum(y * x), sum(b * x)
FROM ({_people("day")}, CAST({y} AS DOUBLE) AS y, CAST({b} AS DOUBLE) AS b, CAST({x} AS DOUBLE) AS x,
             CAST({did} AS DOUBLE) AS did
      FROM ({compile_metric_people(metric, until)}))
GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5"""


def compile_people(metric: MetricSpec, until: datetime) -> str:
    """(arm, stratum, day, locale, step, people, people whom a message reached, people who first did it in each of
    `weeks_kept`), like `compile_sums`."""
    weeks = "".join(
        f',\n       count(CASE WHEN "day" BETWEEN {_DAYS * week + 1} AND {_DAYS * (week + 1)} THEN 1 END)'
        for week in range(weeks_kept(metric))
    )
    return f"""SELECT arm, stratum, joined, locale, step, count(*), sum(exposed){weeks}
FROM ({_people("joined")}, exposed, "day"
      FROM ({compile_metric_people(metric, until)}))
GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5"""


def _people(day: str) -> str:
    return f"""SELECT CASE WHEN arm = 'holdout' THEN arm WHEN variant <> '' THEN variant ELSE 'treatment' END AS arm,
             coalesce(stratum, '') AS stratum, joined_day AS {day}, coalesce(locale, '') AS locale, step"""
