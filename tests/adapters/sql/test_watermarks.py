import pytest
import sqlalchemy as sa

from tailorbird.adapters.sql.watermarks import SqlWatermarks
from tailorbird.testing.state_conformance import check_watermarks

pytestmark = pytest.mark.slow


def test_the_sql_store_passes_the_conformance_suite(engine: sa.Engine) -> None:
    check_watermarks(SqlWatermarks(engine))
