"""The exact cache of completions in a database."""

from contextlib import nullcontext

import pytest
import sqlalchemy as sa

from tailorbird.adapters.sql.drafts import SqlDraftCache
from tailorbird.adapters.sql.tables import completions
from tailorbird.testing.state_conformance import check_draft_cache
from tailorbird.types.completion import Completion, ModelCard, Sample

pytestmark = pytest.mark.slow


def test_the_sql_store_passes_the_conformance_suite(engine: sa.Engine) -> None:
    check_draft_cache(SqlDraftCache(engine))


@pytest.mark.parametrize("stored", ["no json", "[]", "{}", '{"samples": [{"nosuch": 1}], "model": {}}', "null"])
def test_a_row_that_cannot_be_read_is_a_miss_and_is_replaced(engine: sa.Engine, stored: str) -> None:
    refused = stored == "no json" and engine.dialect.name == "postgresql"  # it never lets such a row in
    with pytest.raises(sa.exc.DataError) if refused else nullcontext(), engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO tb_completions VALUES ('k', :stored)"), {"stored": stored})
    cache, good = SqlDraftCache(engine), Completion((Sample("A line", True),), model=ModelCard("m", "p"))
    assert cache.get("k") is None
    cache.put("k", good)
    assert cache.get("k") == good


def test_an_answer_of_an_earlier_version_is_read_though_its_card_held_more(engine: sa.Engine) -> None:
    card = {"name": "m", "provider": "p", "digest": "d", "region": "local"}
    old = {"samples": [{"text": "Hello", "finished": True, "mean_logprob": None}], "model": card}
    with engine.begin() as connection:
        connection.execute(sa.insert(completions), [{"key": "k", "completion": old}])
    assert SqlDraftCache(engine).get("k") == Completion((Sample("Hello", True),), model=ModelCard("m", "p", "d"))
