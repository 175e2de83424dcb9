"""Every act in the queue is in the audit log first, and one that came too late says so."""

from pathlib import Path
from typing import Any

import pytest

from tailorbird.adapters.sql.audit_log import SqlAuditLog
from tailorbird.adapters.sql.audit_witness import AuditWitness
from tailorbird.adapters.sql.creatives import SqlCreativeStore
from tailorbird.adapters.sql.database import open_file
from tailorbird.adapters.sql.erased import Erased
from tailorbird.adapters.sql.review_queue import SqlReviewQueue
from tailorbird.pipeline.review.audited_queue import AuditedQueue
from tailorbird.ports.review_queue import ReviewConflictError
from tailorbird.testing.review_conformance import CHECKS, example_act, example_entry, example_line
from tailorbird.types.review import ReviewChange


class Desk(AuditedQueue):
    """The audited queue, and the record beside it, as the suite wants them."""

    def __init__(self, inner: SqlReviewQueue, audit: SqlAuditLog) -> None:
        super().__init__(inner, audit, "login")
        self.acts, self.approved_by_people, self.sampled_since = (
            inner.acts,
            inner.approved_by_people,
            inner.sampled_since,
        )


@pytest.fixture
def parts(tmp_path: Path) -> tuple[SqlCreativeStore, Desk, SqlAuditLog]:
    engine = open_file(tmp_path / "state.db")
    audit = SqlAuditLog(engine, AuditWitness(tmp_path / "audit"), b"s" * 32, Erased(engine, b"e" * 32))
    return SqlCreativeStore(engine), Desk(SqlReviewQueue(engine), audit), audit


def entries(audit: SqlAuditLog) -> list[tuple[str, Any]]:
    return [(row.kind, audit.read(row)) for row in audit.rows()]


@pytest.mark.slow
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_it_is_a_queue_like_any_other(parts: Any, check: Any) -> None:
    check(*parts[:2])


def test_acts_are_audited_with_who_what_and_why(parts: Any) -> None:
    lines, queue, audit = parts
    lines.save([example_line("c_1")])
    queue.put([example_entry("c_1", needs=("reviewer", "legal"))])
    queue.record(example_act("c_1", "comment"))
    half = example_entry("c_1", needs=("legal",))
    queue.record(example_act("c_1", "approve", by="ben"), ReviewChange(half, 1))
    done = example_entry("c_1", needs=(), state="done", outcome="approve")
    queue.record(example_act("c_1", "approve", by="lea"), ReviewChange(done, 2, "approved"))
    told = [(kind, d["act"], d["by"], d["actor"], d.get("missing"), d.get("approval")) for kind, d in entries(audit)]
    assert told == [
        ("review act", "comment", "ana", "login", None, None),
        ("review act", "approve", "ben", "login", ["legal"], None),
        ("review", "approve", "lea", "login", [], "approved"),
    ]
    assert entries(audit)[2][1]["content_hash"] == "hash of It is back"


def test_an_act_that_came_too_late_has_a_second_entry(parts: Any) -> None:
    lines, queue, audit = parts
    lines.save([example_line("c_1")])
    with pytest.raises(ReviewConflictError):
        queue.record(example_act("c_1", "approve", "Another text"))
    (first, _), (second, detail) = entries(audit)
    assert (first, second) == ("review act", "review refused")
    assert "not the one that was read" in detail["refused"]
