"""Decisions in SQLite and PostgreSQL."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tailorbird.adapters.sql import decisions as store_module
from tailorbird.adapters.sql.database import insert_new
from tailorbird.adapters.sql.decisions import SqlDecisionStore
from tailorbird.adapters.sql.suppressions import SqlSuppressions
from tailorbird.testing.state_conformance import MOMENT, check_decision_store, example_decision


def test_the_sql_store_passes_the_conformance_suite(engine: sa.Engine) -> None:
    check_decision_store(SqlDecisionStore(engine))


def test_a_save_that_is_killed_halfway_decided_for_nobody_and_can_be_repeated(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "CHUNK", 2)
    insert, calls = insert_new, []

    def dying(*arguments: Any) -> int:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return insert(*arguments)

    store = SqlDecisionStore(engine)
    store.save([example_decision("zoe", step="2")])
    monkeypatch.setattr(store_module, "insert_new", dying)
    people = ["ana", "ben", "cleo", "dan", "eve"]
    with pytest.raises(KeyboardInterrupt):
        store.save([example_decision(person) for person in people])
    assert [d.person_id for d in store.find("win_back")] == ["zoe"]
    assert store.get("d_ana_1") is None
    assert [person for person, _ in store.recent(MOMENT - timedelta(days=1))] == ["zoe"]
    store.save([example_decision(person, arm="holdout") for person in people[:3]])
    assert [(d.person_id, d.arm) for d in store.find("win_back", "1")] == [(p, "holdout") for p in people[:3]]


def test_others_can_write_between_the_chunks_of_a_save(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "CHUNK", 1)
    insert, suppressions = insert_new, SqlSuppressions(engine)
    added = []

    def insert_and_note(connection: sa.Connection, *rest: Any) -> int:
        sa.event.listen(connection, "commit", lambda _: added.append(1))
        return insert(connection, *rest)

    monkeypatch.setattr(store_module, "insert_new", insert_and_note)
    SqlDecisionStore(engine).save([example_decision("ana"), example_decision("ben")])
    assert len(added) == 3, "a transaction for each chunk, and one for the mark"
    assert suppressions.add("ana", "email", "unsubscribed", "2026-06-01")
