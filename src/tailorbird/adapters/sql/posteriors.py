"""What has been learned of each arm."""

from collections.abc import Mapping

import sqlalchemy as sa

from tailorbird.adapters.sql.database import reading
from tailorbird.adapters.sql.tables import posteriors


class SqlPosteriorStore:
    """`PosteriorStore` in the state database."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def read(self, campaign: str) -> tuple[str, Mapping[str, tuple[float, float]]]:
        """(policy version, {creative_id: (successes, exposures)}); ('prior', {}) before the first learning."""
        query = sa.select(posteriors).where(posteriors.c.campaign == campaign)
        with reading(self._engine) as connection:
            rows = connection.execute(query).mappings().all()
        if not rows:
            return "prior", {}
        return rows[0]["version"], {row["creative_id"]: (row["successes"], row["exposures"]) for row in rows}

    def replace(self, campaign: str, version: str, arms: Mapping[str, tuple[float, float]]) -> None:
        """Publish new counts under a new version, all at once."""
        rows = [
            {"campaign": campaign, "version": version, "creative_id": arm, "successes": s, "exposures": n}
            for arm, (s, n) in arms.items()
        ]
        with self._engine.begin() as connection:
            connection.execute(sa.delete(posteriors).where(posteriors.c.campaign == campaign))
            if rows:
                connection.execute(sa.insert(posteriors), rows)
