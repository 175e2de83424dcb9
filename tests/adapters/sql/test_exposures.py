from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa

from tailorbird.adapters.sql.exposures import SqlExposures
from tailorbird.testing.exposures_conformance import CHECKS, FIRST, MakeExposures

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("check", CHECKS)
def test_the_sql_store_passes_the_conformance_suite(check: Callable[[MakeExposures], None], engine: sa.Engine) -> None:
    check(lambda: SqlExposures(engine))


def test_terms_that_nobody_knows_stay_unknown(engine: sa.Engine) -> None:
    store, unknown = SqlExposures(engine), replace(FIRST, retention_days=None, trains=None, dpa="", region="")
    store.begin(unknown)
    assert store.find() == [unknown]
