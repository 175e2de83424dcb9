"""The exact cache of completions in a database."""

import sqlalchemy as sa

from tailorbird.adapters.sql.drafts import SqlDraftCache
from tailorbird.adapters.sql.tables import completions
from tailorbird.testing.state_conformance import check_draft_cache
from tailorbird.types.completion import Completion, ModelCard, Sample


def test_the_sql_store_passes_the_conformance_suite(engine: sa.Engine) -> None:
    check_draft_cache(SqlDraftCache(engine))


def test_an_answer_of_an_earlier_version_is_read_though_its_card_held_more(engine: sa.Engine) -> None:
    card = {"name": "m", "provider": "p", "digest": "d", "region": "local"}
    old = {"samples": [{"text": "Hello", "finished": True, "mean_logprob": None}], "model": card}
    with engine.begin() as connection:
        connection.execute(sa.insert(completions), [{"key": "k", "completion": old}])
    assert SqlDraftCache(engine).get("k") == Completion((Sample("Hello", True),), model=ModelCard("m", "p", "d"))
