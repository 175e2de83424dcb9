"""The audit log in both databases: appended once, provable for ever, unreadable once the key is gone."""

import json
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from tailorbird.adapters.sql.audit_log import SqlAuditLog
from tailorbird.adapters.sql.audit_witness import AuditWitness
from tailorbird.adapters.sql.tables import audit, audit_keys
from tailorbird.stages.audit.entries import row_leaf
from tailorbird.stages.audit.tree import tree_root
from tailorbird.types.audit import AuditEntry

pytestmark = pytest.mark.slow

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def entry(n: int, person: str | None = "ada", kind: str = "send") -> AuditEntry:
    return AuditEntry(kind, f"m_{n}", NOON, {"to": f"{person}@example.org", "n": n}, person)


@pytest.fixture
def witness(tmp_path: Path) -> AuditWitness:
    return AuditWitness(tmp_path / "audit")


@pytest.fixture
def log(engine: sa.Engine, witness: AuditWitness) -> SqlAuditLog:
    return SqlAuditLog(engine, witness, b"s" * 32)


def test_each_batch_makes_a_head_over_everything(log: SqlAuditLog, witness: AuditWitness) -> None:
    log.append([entry(1), entry(2, "bob")])
    head = log.append([entry(3), entry(4, None)])
    rows = list(log.rows())
    assert [row.position for row in rows] == [0, 1, 2, 3]
    assert head.root == tree_root([row_leaf(row) for row in rows]).hex()
    assert [h.size for h in log.heads()] == [2, 4]
    assert [h.size for h in witness.heads()] == [2, 4]
    assert witness.leaves() == [row.leaf for row in rows]


def test_the_same_thing_is_written_once(log: SqlAuditLog) -> None:
    first = log.append([entry(1), entry(1)])
    assert log.append([entry(1)]) == first
    log.append([entry(1, "bob"), entry(1, "ada", "open")])
    assert len(list(log.rows())) == 3


def test_nothing_to_write_makes_no_head(log: SqlAuditLog) -> None:
    assert log.append([]).size == 0
    assert log.heads() == []


def test_a_large_batch_is_whole(log: SqlAuditLog, witness: AuditWitness) -> None:
    log.append([entry(n, f"p{n % 7}") for n in range(1203)])
    rows = list(log.rows())
    assert len(rows) == 1203
    assert log.heads()[-1].root == tree_root([row_leaf(row) for row in rows]).hex()
    assert log.read(rows[1000]) == {"to": "p6@example.org", "n": 1000}


def test_what_is_about_a_person_is_kept_under_the_person_s_key(log: SqlAuditLog) -> None:
    name = "zoe-quill-of-ely"  # too long to stand in a hash by chance
    log.append([entry(1, name), entry(2, "bob"), entry(3, None)])
    rows = list(log.rows())
    assert [log.read(row)["n"] for row in rows] == [1, 2, 3]
    assert b"example.org" not in rows[0].payload
    assert name not in repr(rows[0]) and name.encode() not in rows[0].payload
    assert [row.position for row in log.rows("bob")] == [1]


def test_without_the_key_an_entry_is_provable_and_unreadable(log: SqlAuditLog) -> None:
    head = log.append([entry(1), entry(2, "bob")])
    assert log.forget(["ada", "nobody"]) == 1
    rows = list(log.rows())
    assert log.read(rows[0]) is None
    assert log.read(rows[1]) is not None
    assert tree_root([row_leaf(row) for row in rows]).hex() == head.root
    assert list(log.rows("ada")) == []
    log.append([entry(3)])  # whoever comes back has another key
    assert len(list(log.rows("ada"))) == 1


def test_a_row_that_was_changed_cannot_be_read(log: SqlAuditLog) -> None:
    log.append([entry(1)])
    row = next(iter(log.rows()))
    assert log.read(replace(row, payload=row.payload[:-1] + b"x")) is None
    assert log.read(replace(row, entry_id="0" * 32)) is None


def test_the_second_record_catches_up_after_a_crash(engine: sa.Engine, log: SqlAuditLog, tmp_path: Path) -> None:
    log.append([entry(1), entry(2)])
    elsewhere = AuditWitness(tmp_path / "other" / "audit")
    SqlAuditLog(engine, elsewhere, b"s" * 32).append([entry(3)])
    leaves = tmp_path / "audit" / "leaves"
    leaves.write_bytes(leaves.read_bytes()[:40])  # as a crash cuts it
    log.append([entry(4)])
    every = [row.leaf for row in log.rows()]
    assert AuditWitness(tmp_path / "audit").leaves() == every
    assert elsewhere.leaves() == every[:3]


def test_any_number_of_writers_make_one_tree(engine: sa.Engine, witness: AuditWitness) -> None:
    def write(writer: int) -> None:
        log = SqlAuditLog(engine, witness, b"s" * 32)
        for n in range(10):
            log.append([entry(100 * writer + n, f"p{n}")])

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = list(SqlAuditLog(engine, witness, b"").rows())
    assert [row.position for row in rows] == list(range(40))
    assert witness.leaves() == [row_leaf(row) for row in rows]


def test_no_column_of_an_entry_tells_whom_it_is_about(engine: sa.Engine, log: SqlAuditLog) -> None:
    log.append([entry(1)])
    log.forget(["ada"])
    with engine.connect() as connection:
        content = [dict(row) for row in connection.execute(sa.select(audit)).mappings()]
        assert connection.execute(sa.select(audit_keys)).all() == []
    assert "ada" not in json.dumps(content, default=repr)
