"""Running sums, replaced day by day."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from tailorbird.adapters.sql.database import reading
from tailorbird.adapters.sql.experiment_tables import metric_sums
from tailorbird.types.day_sums import DaySums

_CHUNK = 500
_ORDER = (metric_sums.c.day, metric_sums.c.arm, metric_sums.c.metric, metric_sums.c.stratum)


class SqlMetricSums:
    """`MetricSums` in the state database."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def replace(self, campaign: str, days: Sequence[str], rows: Sequence[DaySums]) -> None:
        """Put `rows` in the place of these days, in one transaction."""
        with self._engine.begin() as connection:
            for start in range(0, len(days), _CHUNK):
                connection.execute(
                    sa.delete(metric_sums).where(
                        metric_sums.c.campaign == campaign, metric_sums.c.day.in_(days[start : start + _CHUNK])
                    )
                )
            values = [
                {
                    "campaign": campaign,
                    "arm": one.arm,
                    "metric": one.metric,
                    "stratum": one.stratum,
                    "day": one.day,
                    "sums": list(one.sums),
                    "until": one.until,
                }
                for one in rows
            ]
            for start in range(0, len(values), _CHUNK):
                connection.execute(sa.insert(metric_sums), values[start : start + _CHUNK])

    def read(self, campaign: str) -> list[DaySums]:
        """All rows of a campaign."""
        query = sa.select(metric_sums).where(metric_sums.c.campaign == campaign).order_by(*_ORDER)
        with reading(self._engine) as connection:
            return [
                DaySums(row.arm, row.metric, row.stratum, row.day, tuple(row.sums), row.until)
                for row in connection.execute(query)
            ]

    def counted(self, campaign: str) -> Mapping[str, str]:
        """{day: the moment up to which its events are counted}."""
        query = (
            sa.select(metric_sums.c.day, sa.func.min(metric_sums.c.until))
            .where(metric_sums.c.campaign == campaign)
            .group_by(metric_sums.c.day)
        )
        with reading(self._engine) as connection:
            return {row[0]: row[1] for row in connection.execute(query)}
