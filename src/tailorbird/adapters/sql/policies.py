"""What policies have learned."""

from dataclasses import asdict, fields

import sqlalchemy as sa

from tailorbird.adapters.sql.database import reading
from tailorbird.adapters.sql.experiment_tables import policies
from tailorbird.types.stored_policy import StoredPolicy


class SqlPolicyStore:
    """`PolicyStore` in the state database."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def read(self, campaign: str, variant: str = "") -> StoredPolicy | None:
        """The state that was published last."""
        query = sa.select(policies).where(policies.c.campaign == campaign, policies.c.variant == variant)
        with reading(self._engine) as connection:
            row = connection.execute(query).mappings().one_or_none()
        return StoredPolicy(**{each.name: row[each.name] for each in fields(StoredPolicy)}) if row else None

    def replace(self, policy: StoredPolicy) -> None:
        """Publish a state in the place of the last, at once."""
        mine = sa.and_(policies.c.campaign == policy.campaign, policies.c.variant == policy.variant)
        with self._engine.begin() as connection:
            connection.execute(sa.delete(policies).where(mine))
            connection.execute(sa.insert(policies), [asdict(policy)])
