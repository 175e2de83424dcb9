"""The outbox in SQLite and PostgreSQL."""

import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from tailorbird.adapters.sql.database import open_file
from tailorbird.adapters.sql.outbox import SqlOutbox
from tailorbird.adapters.sql.tables import outbox
from tailorbird.testing.state_conformance import (
    MOMENT,
    OutboxAndIndex,
    check_outbox,
    check_outbox_refusals,
    check_outbox_second_chances,
    check_outbox_withdrawals,
    example_message,
)
from tailorbird.types.receipt import Receipt

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    "check", [check_outbox, check_outbox_refusals, check_outbox_second_chances, check_outbox_withdrawals]
)
def test_the_sql_store_passes_the_conformance_suite(engine: sa.Engine, check: Callable[[OutboxAndIndex], None]) -> None:
    check(SqlOutbox(engine))


def test_what_is_withdrawn_leaves_no_bytes_behind(engine: sa.Engine) -> None:
    store = SqlOutbox(engine)
    store.queue([example_message("ana", raw=b"a secret")])
    store.withdraw(store.waiting(["ana"]), MOMENT, "unsubscribed")
    with engine.connect() as connection:
        assert connection.execute(sa.select(outbox.c.raw, outbox.c.address)).one() == (b"", "")


def test_processes_that_claim_at_once_never_claim_one_message_twice(engine: sa.Engine) -> None:
    SqlOutbox(engine).queue([example_message(f"p{n:03}") for n in range(120)])
    taken: Counter[str] = Counter()
    barrier = threading.Barrier(2, timeout=60)

    def work() -> None:
        own = sa.create_engine(engine.url) if engine.dialect.name == "postgresql" else engine
        own_outbox = SqlOutbox(own)
        for _ in range(12):
            barrier.wait()
            mine = [one.message for one in own_outbox.claim("win_back", "1", 5) if not one.interrupted]
            taken.update(message.person_id for message in mine)
            barrier.wait()
            own_outbox.settle([Receipt(message.idempotency_key, "sent", MOMENT) for message in mine])

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken and set(taken.values()) == {1}


def test_claiming_reads_along_the_index_and_sorts_nothing(tmp_path: Path) -> None:
    """In SQLite: PostgreSQL plans by statistics, and an empty table has none."""
    engine = open_file(tmp_path / "state.db")
    asked: list[str] = []

    @sa.event.listens_for(engine, "before_cursor_execute")
    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    SqlOutbox(engine).claim("win_back", "1", 5)
    assert len(asked) == 2
    with engine.connect() as connection:
        for statement in list(asked):
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", ("win_back", "1", "queued", 5, 0))
            told = " ".join(row[-1] for row in plan)
            assert "tb_outbox_queue" in told and "TEMP B-TREE" not in told
