from dataclasses import replace

import pytest
import sqlalchemy as sa

from tailorbird.adapters.sql.policies import SqlPolicyStore
from tailorbird.types.stored_policy import StoredPolicy

pytestmark = pytest.mark.slow


def test_a_policy_is_kept_by_campaign_and_variant_and_replaced_as_a_whole(engine: sa.Engine) -> None:
    store = SqlPolicyStore(engine)
    one = StoredPolicy("winback", "", "p-1", "thompson", 1, "{}", "2026-06-01T00:00:00+00:00")
    store.replace(one)
    store.replace(replace(one, variant="warm", version="p-2"))
    store.replace(replace(one, version="p-3"))
    assert store.read("winback") == replace(one, version="p-3")
    assert store.read("winback", "warm") == replace(one, variant="warm", version="p-2")
    assert store.read("other") is None
