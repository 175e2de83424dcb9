import pytest
import sqlalchemy as sa

from tailorbird.adapters.sql.erased import Erased
from tailorbird.adapters.sql.suppressions import SqlSuppressions
from tailorbird.testing.state_conformance import check_suppression_reasons, check_suppressions

pytestmark = pytest.mark.slow


def test_the_sql_store_passes_the_conformance_suite(engine: sa.Engine) -> None:
    check_suppressions(SqlSuppressions(engine, Erased(engine, b"k" * 32)))


def test_the_sql_store_tells_why(engine: sa.Engine) -> None:
    kept = SqlSuppressions(engine, Erased(engine, b"k" * 32))
    check_suppression_reasons(kept, kept)
