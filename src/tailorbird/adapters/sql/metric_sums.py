"""Running sums, replaced day by day."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from tailorbird.adapters.sql.database import reading
from tailorbird.adapters.sql.experiment_tables import metric_sums
from tailorbird.types.day_sums import SUMS, DaySums

_CHUNK = 500
_SUMS = [sa.func.sum(metric_sums.c[name]) for name in (*SUMS, "did")]


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
                    "locale": one.locale,
                    "step": one.step,
                    **dict(zip(SUMS, one.sums, strict=True)),
                    "did": one.did,
                    "until": one.until,
                }
                for one in rows
            ]
            for start in range(0, len(values), _CHUNK):
                connection.execute(sa.insert(metric_sums), values[start : start + _CHUNK])

    def read(self, campaign: str, by: Sequence[str] = ("stratum", "day")) -> list[DaySums]:
        """A campaign's sums by arm, metric, and what `by` names of stratum, day, locale and step; the database adds the
        others."""
        keys = [metric_sums.c[name] for name in ("arm", "metric", *by)]
        query = (
            sa.select(*keys, *_SUMS, sa.func.min(metric_sums.c.until))
            .where(metric_sums.c.campaign == campaign)
            .group_by(*keys)
            .order_by(*reversed(keys))
        )
        found = []
        with reading(self._engine) as connection:
            for arm, metric, *rest in connection.execute(query):
                told = {"stratum": "", "day": "", **dict(zip(by, rest, strict=False))}
                *sums, did, until = rest[len(by) :]
                found.append(DaySums(arm, metric, sums=tuple(sums), until=until, did=did, **told))
        return found

    def counted(self, campaign: str) -> Mapping[str, str]:
        """{day: the moment up to which its events are counted}."""
        query = (
            sa.select(metric_sums.c.day, sa.func.min(metric_sums.c.until))
            .where(metric_sums.c.campaign == campaign)
            .group_by(metric_sums.c.day)
        )
        with reading(self._engine) as connection:
            return {row[0]: row[1] for row in connection.execute(query)}
