import pytest
import sqlalchemy as sa

from tailorbird.adapters.sql.traces import SqlTraceStore
from tailorbird.testing.state_conformance import check_trace_store

pytestmark = pytest.mark.slow


def test_the_sql_store_passes_the_conformance_suite(engine: sa.Engine) -> None:
    check_trace_store(SqlTraceStore(engine))
