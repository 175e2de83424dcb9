"""Whatever is done to an audit log behind our back is found, with the row that it was done to."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from tailorbird.adapters.sql.audit_log import SqlAuditLog
from tailorbird.adapters.sql.audit_witness import AuditWitness
from tailorbird.adapters.sql.database import open_file
from tailorbird.pipeline.verify_audit import AuditReport, verify_audit
from tailorbird.stages.audit.entries import entry_bytes
from tailorbird.stages.audit.tree import hash_leaf
from tailorbird.types.audit import AuditEntry

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
ALL = "position, at, kind, entry_id, key_id, payload, leaf"


class Rig:
    """A log of twelve entries in four batches, and its database."""

    def __init__(self, folder: Path) -> None:
        self.engine = open_file(folder / "state.db")
        self.witness = AuditWitness(folder / "audit")
        self.log = SqlAuditLog(self.engine, self.witness, b"s" * 32)
        for batch in range(4):
            self.add([3 * batch + n for n in range(3)])
        self.head = self.log.heads()[-1]

    def add(self, numbers: list[int]) -> None:
        made = [
            AuditEntry("message", f"m{n}", NOON + timedelta(minutes=n), {"status": "sent"}, f"p{n % 3}")
            for n in numbers
        ]
        self.log.append(made)

    def sql(self, statement: str, **values: object) -> None:
        with self.engine.begin() as connection:
            connection.execute(sa.text(statement), values)

    def verify(self, witnessed: bool = True, trusted: bool = False) -> AuditReport:
        leaves, heads = (self.witness.leaves(), self.witness.heads()) if witnessed else (None, [])
        return verify_audit(self.log, leaves, heads, [self.head] if trusted else [])

    def found(self, witnessed: bool = True) -> list[tuple[str, int]]:
        return [(finding.problem, finding.position) for finding in self.verify(witnessed).findings]

    def forge(self, position: int) -> None:
        """Change a row and its own hash with it."""
        row = next(row for row in self.log.rows() if row.position == position)
        leaf = hash_leaf(entry_bytes(row.at, "review", row.entry_id, row.key_id, row.payload))
        self.sql("UPDATE tb_audit SET kind = 'review', leaf = :leaf WHERE position = :p", leaf=leaf, p=position)


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path)


def test_a_log_that_nobody_touched_is_sound(rig: Rig) -> None:
    report = rig.verify(trusted=True)
    assert report.sound
    assert (report.entries, report.heads, report.witnessed) == (12, 4, 12)
    assert report.kinds == {"message": 12}
    rig.add([20, 21])
    assert rig.verify(trusted=True).sound


def test_erasing_a_person_s_key_leaves_the_log_sound(rig: Rig) -> None:
    assert rig.log.forget(["p0", "p1"]) == 2
    assert rig.verify(trusted=True).sound
    assert [rig.log.read(row) is None for row in rig.log.rows()] == [True, True, False] * 4


@pytest.mark.slow
@pytest.mark.parametrize("column", ["at", "kind", "entry_id", "key_id", "payload"])
def test_an_altered_row_is_named_whichever_column_it_was(rig: Rig, column: str) -> None:
    rig.sql(f"UPDATE tb_audit SET {column} = 'x' WHERE position = 7")
    assert rig.found() == [("altered", 7)]
    assert rig.found(witnessed=False) == [("altered", 7)]


def test_a_row_that_was_altered_with_its_hash_is_named_by_the_second_record(rig: Rig) -> None:
    rig.forge(4)
    assert rig.found() == [("altered", 4)]
    assert [problem for problem, _ in rig.found(witnessed=False)] == ["head"] * 3


def test_a_removed_row_is_named(rig: Rig) -> None:
    rig.sql("DELETE FROM tb_audit WHERE position = 5")
    assert rig.found() == [("removed", 5)]
    assert rig.found(witnessed=False) == [("removed", 5)]


def test_a_removed_row_whose_gap_was_closed_is_named(rig: Rig) -> None:
    rig.sql("DELETE FROM tb_audit WHERE position = 5")
    for position in range(6, 12):
        rig.sql("UPDATE tb_audit SET position = position - 1 WHERE position = :p", p=position)
    assert rig.found() == [("removed", 5)]


def test_a_row_that_was_put_in_is_named(rig: Rig) -> None:
    for position in range(11, 5, -1):
        rig.sql("UPDATE tb_audit SET position = position + 1 WHERE position = :p", p=position)
    rig.sql(f"INSERT INTO tb_audit ({ALL}) VALUES (6, 'now', 'message', 'new', '', 'x', 'y')")
    assert rig.found() == [("inserted", 6)]


@pytest.mark.slow
def test_rows_that_changed_places_are_named(rig: Rig) -> None:
    for old, new in ((3, -1), (8, 3), (-1, 8)):
        rig.sql("UPDATE tb_audit SET position = :new WHERE position = :old", old=old, new=new)
    assert rig.found() == [("moved", 3), ("moved", 8)]


def test_a_log_that_was_cut_short_with_its_heads_is_found(rig: Rig) -> None:
    rig.sql("DELETE FROM tb_audit WHERE position >= 9")
    rig.sql("DELETE FROM tb_audit_heads WHERE size > 9")
    assert rig.found() == [("removed", 9)]
    alone = verify_audit(rig.log, None, [], [rig.head])
    assert [(f.problem, f.position) for f in alone.findings] == [("removed", 9)]
    rig.add([40, 41, 42])  # and written on
    assert not rig.verify().sound
    assert not verify_audit(rig.log, None, [], [rig.head]).sound


def test_a_row_that_was_added_behind_our_back_is_found(rig: Rig) -> None:
    row = next(rig.log.rows())
    leaf = hash_leaf(entry_bytes(row.at, row.kind, "e" * 32, "", b"{}"))
    rig.sql(f"INSERT INTO tb_audit ({ALL}) VALUES (12, :at, :kind, :e, '', '{{}}', :leaf)", at=row.at, kind=row.kind,
            e="e" * 32, leaf=leaf)  # fmt: skip
    assert rig.found() == [("inserted", 12)]


@pytest.mark.parametrize("forged", [lambda root: "0" * 64, lambda root: root[::-1]])
def test_a_changed_head_is_found(rig: Rig, forged: Callable[[str], str]) -> None:
    rig.sql("UPDATE tb_audit_heads SET root = :root WHERE size = 6", root=forged(rig.log.heads()[1].root))
    assert rig.found() == [("head", 6)]


@pytest.mark.slow
def test_everything_here_may_be_forged_but_not_the_head_that_was_kept_elsewhere(tmp_path: Path, rig: Rig) -> None:
    forged = Rig(tmp_path / "forged")
    assert forged.verify().sound
    report = verify_audit(forged.log, forged.witness.leaves(), forged.witness.heads(), [rig.head])
    assert [(f.problem, f.position) for f in report.findings] == [("head", 12)]
