"""SQL of running sums: people become ten sums per arm, stratum and day, and are not looked at again."""

from datetime import datetime

from tailorbird.stages.measurement.metrics_sql import compile_metric_people
from tailorbird.types.metric import MetricSpec

_OUTCOMES = {
    "share": ('CASE WHEN "count" > 0 THEN 1.0 ELSE 0.0 END', "0.0", "CASE WHEN count_before > 0 THEN 1.0 ELSE 0.0 END"),
    "value": ("value", "CASE WHEN value > 0 THEN 1.0 ELSE 0.0 END", "value_before"),
    "ratio": ("value", "per", "value_before"),
}
"""By kind of metric: outcome, denominator (of money: whether the person brought any), covariate of a person."""


def compile_sums(metric: MetricSpec, until: datetime) -> str:
    """(arm, stratum, day, the ten sums of `types/day_sums.py`), a row for each that has people.

    The arm is 'holdout', the variant, or 'treatment' without one; the stratum is the locale, the day that of the first
    decision. Needs `firsts` and `orders` of the metric. Raises ValueError for a quantile, which sums cannot tell.
    """
    if metric.kind not in _OUTCOMES:
        raise ValueError(f"a {metric.kind} metric has no running sums")
    y, b, x = _OUTCOMES[metric.kind]
    arm = "CASE WHEN arm = 'holdout' THEN arm WHEN variant <> '' THEN variant ELSE 'treatment' END"
    return f"""SELECT arm, stratum, day, count(*), sum(y), sum(b), sum(x), sum(y * y), sum(b * b), sum(x * x),
       sum(y * b), sum(y * x), sum(b * x)
FROM (SELECT {arm} AS arm, coalesce(locale, '') AS stratum, joined_day AS day,
             CAST({y} AS DOUBLE) AS y, CAST({b} AS DOUBLE) AS b, CAST({x} AS DOUBLE) AS x
      FROM ({compile_metric_people(metric, until)}))
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""
