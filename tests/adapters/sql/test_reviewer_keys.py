import pytest
import sqlalchemy as sa

from tailorbird.adapters.sql.reviewer_keys import SqlReviewerKeys
from tailorbird.testing.review_conformance import check_reviewer_keys

pytestmark = pytest.mark.slow


def test_the_store_of_keys_passes_the_conformance_suite(engine: sa.Engine) -> None:
    check_reviewer_keys(SqlReviewerKeys(engine))
