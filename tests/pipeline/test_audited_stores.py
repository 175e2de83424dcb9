"""Stores that write down what they do, in front of the real ones."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tailorbird.adapters.sql.audit_log import SqlAuditLog
from tailorbird.adapters.sql.audit_witness import AuditWitness
from tailorbird.adapters.sql.creatives import SqlCreativeStore
from tailorbird.adapters.sql.database import open_file
from tailorbird.adapters.sql.decisions import SqlDecisionStore
from tailorbird.adapters.sql.erased import Erased
from tailorbird.adapters.sql.outbox import SqlOutbox
from tailorbird.adapters.sql.suppressions import SqlSuppressions
from tailorbird.pipeline.audited_stores import (
    AuditedCreatives,
    AuditedDecisions,
    AuditedOutbox,
    AuditedSuppressions,
)
from tailorbird.testing import state_conformance as conformance
from tailorbird.types.receipt import Receipt

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def engine(tmp_path: Path) -> sa.Engine:
    return open_file(tmp_path / "state.db")


@pytest.fixture
def audit(engine: sa.Engine, tmp_path: Path) -> SqlAuditLog:
    return SqlAuditLog(engine, AuditWitness(tmp_path / "audit"), b"s" * 32)


def entries(audit: SqlAuditLog) -> list[tuple[str, Any]]:
    return [(row.kind, audit.read(row)) for row in audit.rows()]


@pytest.mark.slow
@pytest.mark.parametrize(
    "check",
    [
        conformance.check_outbox,
        conformance.check_outbox_refusals,
        conformance.check_outbox_second_chances,
        conformance.check_outbox_withdrawals,
    ],
)
def test_an_audited_outbox_is_an_outbox(engine: sa.Engine, audit: SqlAuditLog, check: Callable[[Any], None]) -> None:
    check(AuditedOutbox(SqlOutbox(engine), audit))


def test_the_other_audited_stores_are_stores(engine: sa.Engine, audit: SqlAuditLog) -> None:
    conformance.check_decision_store(AuditedDecisions(SqlDecisionStore(engine), audit))
    conformance.check_creative_store(AuditedCreatives(SqlCreativeStore(engine), audit))
    conformance.check_suppressions(AuditedSuppressions(SqlSuppressions(engine, Erased(engine, b"k" * 32)), audit))


def test_a_decision_is_audited_once_with_its_slate(engine: sa.Engine, audit: SqlAuditLog) -> None:
    store = AuditedDecisions(SqlDecisionStore(engine), audit)
    decision = conformance.example_decision("ada")
    for _ in range(2):
        store.save([decision])
    ((kind, detail),) = entries(audit)
    assert (kind, detail["person_id"], detail["decision_id"]) == ("decision", "ada", decision.decision_id)
    assert detail["slate"][0]["item_id"] == "kettle-1"


def test_what_became_of_a_message_is_audited_and_a_delay_is_not(engine: sa.Engine, audit: SqlAuditLog) -> None:
    outbox = AuditedOutbox(SqlOutbox(engine), audit)
    messages = [conformance.example_message(person) for person in ("ada", "bob", "eve")]
    outbox.queue(messages)
    outbox.claim("win_back", "1", 10)
    statuses: Sequence[Any] = ("sent", "suppressed", "refused")
    outbox.settle(
        [Receipt(m.idempotency_key, status, NOON, detail="why") for m, status in zip(messages, statuses, strict=True)]
    )
    assert [(kind, detail["status"], detail["message_id"]) for kind, detail in entries(audit)] == [
        ("message", "sent", "m_ada"),
        ("message", "suppressed", "m_bob"),
    ]


def test_a_withdrawn_message_is_audited_once(engine: sa.Engine, audit: SqlAuditLog) -> None:
    outbox = AuditedOutbox(SqlOutbox(engine), audit)
    outbox.queue([conformance.example_message("ada")])
    found = outbox.waiting(["ada"])
    assert [outbox.withdraw(found, NOON, "unsubscribed") for _ in range(2)] == [1, 0]
    assert [(kind, d["status"], d["reason"], d["message_id"]) for kind, d in entries(audit)] == [
        ("message", "withdrawn", "unsubscribed", "m_ada")
    ]


def test_the_entry_comes_before_the_act(engine: sa.Engine, audit: SqlAuditLog) -> None:
    class Broken(SqlDecisionStore):
        def save(self, items: Sequence[Any]) -> None:
            assert entries(audit)
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        AuditedDecisions(Broken(engine), audit).save([conformance.example_decision("ada")])


def test_suppressions_are_audited_under_the_person_s_key(engine: sa.Engine, audit: SqlAuditLog) -> None:
    AuditedSuppressions(SqlSuppressions(engine), audit, "eve").add("ada", "email", "unsubscribed", NOON.isoformat())
    assert entries(audit) == [("suppression", {"actor": "eve", "channel": "email", "reason": "unsubscribed"})]
    audit.forget(["ada"])
    assert entries(audit) == [("suppression", None)]


def test_reviews_are_audited_with_the_text_that_was_reviewed(engine: sa.Engine, audit: SqlAuditLog) -> None:
    inner = SqlCreativeStore(engine)
    conformance.check_creative_store(inner)
    line = inner.find()[0]
    AuditedCreatives(inner, audit).review(line.creative_id, "approved", "Mara", "true to the brand", NOON.isoformat())
    ((kind, detail),) = entries(audit)
    assert (kind, detail["by"], detail["text"]) == ("review", "Mara", line.text)
