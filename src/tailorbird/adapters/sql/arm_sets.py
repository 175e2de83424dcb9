"""Arm sets, written once."""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from tailorbird.adapters.sql.database import insert_new, reading
from tailorbird.adapters.sql.experiment_tables import arm_sets
from tailorbird.types.arm_set import ArmSet

_CHUNK = 500


class SqlArmSets:
    """`ArmSets` in the state database."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def save(self, sets: Iterable[ArmSet]) -> None:
        """Insert sets; existing ones stay."""
        rows = [
            {
                "set_id": one.set_id,
                "block": one.block,
                "policy_version": one.policy_version,
                "arms": list(one.arms),
                "propensities": list(one.propensities),
            }
            for one in sets
        ]
        with self._engine.begin() as connection:
            for start in range(0, len(rows), _CHUNK):
                insert_new(connection, arm_sets, rows[start : start + _CHUNK])

    def find(self, set_ids: Iterable[str]) -> Mapping[str, ArmSet]:
        """The sets with these ids."""
        wanted, found = sorted(set(set_ids)), {}
        with reading(self._engine) as connection:
            for start in range(0, len(wanted), _CHUNK):
                query = sa.select(arm_sets).where(arm_sets.c.set_id.in_(wanted[start : start + _CHUNK]))
                for row in connection.execute(query):
                    found[row.set_id] = ArmSet(row.block, row.policy_version, tuple(row.arms), tuple(row.propensities))
        return found
