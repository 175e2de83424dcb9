"""Decisions in SQLite and PostgreSQL."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tailorbird.adapters.sql import decisions as store_module
from tailorbird.adapters.sql.decisions import SqlDecisionStore
from tailorbird.adapters.sql.suppressions import SqlSuppressions
from tailorbird.testing.state_conformance import MOMENT, check_decision_store, example_decision

pytestmark = pytest.mark.slow


def test_the_sql_store_passes_the_conformance_suite(engine: sa.Engine) -> None:
    check_decision_store(SqlDecisionStore(engine))


def test_a_save_that_is_killed_halfway_decided_for_nobody_and_can_be_repeated(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "CHUNK", 2)
    store, inserts = SqlDecisionStore(engine), []
    store.save([example_decision("zoe", step="2")])

    def dying(connection: object, cursor: object, statement: str, *rest: object) -> None:
        inserts.extend([statement] if statement.startswith("INSERT") else [])
        if len(inserts) == 3:
            raise KeyboardInterrupt

    sa.event.listen(engine, "before_cursor_execute", dying)
    people = ["ana", "ben", "cleo", "dan", "eve"]
    with pytest.raises(KeyboardInterrupt):
        store.save([example_decision(person) for person in people])
    sa.event.remove(engine, "before_cursor_execute", dying)
    assert [d.person_id for d in store.find("win_back")] == ["zoe"]
    assert store.get("d_ana_1") is None
    assert [person for person, _ in store.recent(MOMENT - timedelta(days=1))] == ["zoe"]
    store.save([example_decision(person, arm="holdout") for person in people[:3]])
    assert [(d.person_id, d.arm) for d in store.find("win_back", "1")] == [(p, "holdout") for p in people[:3]]


def test_others_can_write_between_the_chunks_of_a_save(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "CHUNK", 1)
    suppressions, store, told = SqlSuppressions(engine), SqlDecisionStore(engine), list[str]()

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        told.extend(["insert"] if statement.startswith("INSERT") else [])

    sa.event.listen(engine, "before_cursor_execute", note)
    sa.event.listen(engine, "commit", lambda _: told.append("commit"))
    store.save([example_decision("ana"), example_decision("ben")])
    written = " ".join(told).removeprefix("commit ")
    assert written == "insert commit insert commit insert commit", "a transaction for each chunk, one for the mark"
    assert suppressions.add("ana", "email", "unsubscribed", "2026-06-01")
