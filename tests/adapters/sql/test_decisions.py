import sqlalchemy as sa

from tailorbird.adapters.sql.decisions import SqlDecisionStore
from tailorbird.testing.state_conformance import check_decision_store


def test_the_sql_store_passes_the_conformance_suite(engine: sa.Engine) -> None:
    check_decision_store(SqlDecisionStore(engine))
