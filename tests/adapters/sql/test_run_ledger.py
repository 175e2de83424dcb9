import pytest
import sqlalchemy as sa

from tailorbird.adapters.sql.run_ledger import SqlRunLedger
from tailorbird.testing.state_conformance import check_run_ledger

pytestmark = pytest.mark.slow


def test_the_sql_store_passes_the_conformance_suite(engine: sa.Engine) -> None:
    check_run_ledger(SqlRunLedger(engine))
