import pytest
import sqlalchemy as sa

from tailorbird.adapters.sql.creatives import SqlCreativeStore
from tailorbird.testing.state_conformance import check_creative_store

pytestmark = pytest.mark.slow


def test_the_sql_store_passes_the_conformance_suite(engine: sa.Engine) -> None:
    check_creative_store(SqlCreativeStore(engine))
