import sqlalchemy as sa

from tailorbird.adapters.sql.outbox import SqlOutbox
from tailorbird.testing.state_conformance import check_outbox


def test_the_sql_store_passes_the_conformance_suite(engine: sa.Engine) -> None:
    check_outbox(SqlOutbox(engine))
