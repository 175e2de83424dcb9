import sqlalchemy as sa

from tailorbird.adapters.sql.drafts import SqlDraftCache
from tailorbird.testing.state_conformance import check_draft_cache


def test_the_sql_store_passes_the_conformance_suite(engine: sa.Engine) -> None:
    check_draft_cache(SqlDraftCache(engine))
