"""One person's ledger, what is in force, and receipts."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline.consent_ledger import UnknownRecordError, make_receipt, read_ledger, show_consent, subject_of
from tailorbird.pipeline.people import open_views
from tailorbird.project.project import Project, load_project
from tailorbird.types.event import Event

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
WREN = Path(__file__).resolve().parents[2] / "examples" / "wren"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("shop") / "wren"
    shutil.copytree(WREN, root, ignore=shutil.ignore_patterns("art", ".tailorbird", "media"))
    return load_project(root)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> DuckdbWarehouse:
    log = SegmentLog(tmp_path_factory.mktemp("log"))

    def word(message_id: str, hours: int, kind: Any = "track", **body: Any) -> Event:
        at = NOON + timedelta(hours=hours)
        if kind == "identify":
            return Event("identify", message_id, at, at, "ana", traits=body)
        return Event("track", message_id, at, at, "ana", event="Consent Updated", properties=body)

    log.append(
        [
            word("w1", 0, "identify", country="GB", consents={"email_marketing": True}),
            word("w2", 1, consents={"email_marketing": {"email": False}}, method="one-click"),
            word("w3", 2, consents={"personalization": True}, expires_at="2026-07-01"),
        ]
    )
    warehouse = DuckdbWarehouse(threads=1)
    open_views(warehouse, log)
    return warehouse


@pytest.mark.slow
def test_the_ledger_keeps_every_word_in_order(project: Project, warehouse: DuckdbWarehouse) -> None:
    entries = read_ledger(project, warehouse, "ana")
    assert [(one.record_id, one.purpose, one.channel, one.given, one.method) for one in entries] == [
        ("w1", "email_marketing", "", True, "profile"),
        ("w2", "email_marketing", "email", False, "one-click"),
        ("w3", "personalization", "", True, "api"),
    ]


def test_what_is_in_force_is_told_with_its_reason(project: Project, warehouse: DuckdbWarehouse) -> None:
    def state(at: datetime) -> dict[str, tuple[str, str]]:
        told = show_consent(project, warehouse, "ana", at)
        assert told.country == "GB"
        return {one["purpose"]: (one["state"], one["reason"]) for one in told.as_json()["in_force"]}

    now = state(NOON + timedelta(hours=3))
    assert now["email_marketing"] == ("denied", "the person said no")
    assert now["personalization"][0] == "granted" and "until 2026-07-01" in now["personalization"][1]
    assert now["open_tracking"] == ("denied", "silence, which the project takes for a no")
    assert state(NOON + timedelta(days=40))["personalization"][0] == "expired"


def test_a_receipt_names_the_person_by_a_pseudonym(project: Project, warehouse: DuckdbWarehouse) -> None:
    receipt = make_receipt(project, warehouse, "w2", b"key")
    assert receipt["pii_principal_id"] == subject_of("ana", b"key") != subject_of("ana", b"other")
    assert receipt["processing"][0]["event"] == "consent withdrawn"
    assert receipt["pii_controllers"] == ["Wren"]


def test_nobody_and_nothing_are_told_plainly(project: Project, warehouse: DuckdbWarehouse) -> None:
    with pytest.raises(UnknownRecordError, match="nobody is known as 'bea'"):
        show_consent(project, warehouse, "bea", NOON)
    with pytest.raises(UnknownRecordError, match="no entry 'w9'"):
        make_receipt(project, warehouse, "w9", b"key")
