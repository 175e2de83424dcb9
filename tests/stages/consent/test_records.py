"""Ledger entries and receipts."""

from datetime import UTC, datetime
from typing import Any

from tailorbird.stages.consent.records import moment_of, receipt_of, records_of
from tailorbird.types.consent import ConsentRecord
from tailorbird.types.settings import ConsentSettings, PurposeSettings

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
SETTINGS = ConsentSettings(
    notice="2026-05", purposes={"news": PurposeSettings(data=("e-mail address",), recipients=("the relay",))}
)


def entries(**body: Any) -> list[ConsentRecord]:
    return list(records_of("r1", "ana", NOON, NOON, body, "api", SETTINGS, "Wren"))


def test_a_word_is_one_entry_for_each_purpose_and_channel() -> None:
    found = entries(consents={"news": {"email": True, "sms": False}, "ads": False, "news:push": True})
    assert [(one.purpose, one.channel, one.given) for one in found] == [
        ("news", "email", True),
        ("news", "sms", False),
        ("ads", "", False),
        ("news", "push", True),
    ]
    assert {one.evidence for one in found} == {found[0].evidence} and len(found[0].evidence) == 64


def test_what_the_word_does_not_say_is_as_the_project_states_it() -> None:
    (usual,) = entries(consents={"news": True})
    assert (usual.controller, usual.notice, usual.method) == ("Wren", {"version": "2026-05"}, "api")
    assert (usual.basis, usual.data, usual.recipients) == ("consent", ("e-mail address",), ("the relay",))
    (told,) = entries(
        consents={"news": True}, method="form", basis="contract", controller="Wren Ltd", jurisdiction="GB",
        notice={"version": "3", "language": "en"}, data=["name"], recipients=[], expires_at="2027-01-01",
    )  # fmt: skip
    assert (told.method, told.basis, told.controller, told.jurisdiction) == ("form", "contract", "Wren Ltd", "GB")
    assert (told.notice["language"], told.data, told.recipients, told.expires_at) == ("en", ("name",), (), "2027-01-01")


def test_only_a_true_is_given_and_what_is_no_word_makes_no_entry() -> None:
    assert [one.given for one in entries(consents={"a": "true", "b": 1, "c": None})] == [False] * 3
    assert entries(consents=["a"]) == entries() == []


def test_a_receipt_has_the_standards_fields_and_a_pseudonym() -> None:
    receipt = receipt_of(entries(consents={"news": {"email": True}}, expires_at="2027-01-01"), "s_1")
    assert receipt["pii_principal_id"] == "s_1" and "ana" not in str(receipt)
    assert receipt["schema_version"].startswith("ISO/IEC TS 27560")
    (processing,) = receipt["processing"]
    assert (processing["purpose"], processing["channel"], processing["event"]) == ("news", "email", "consent given")
    assert processing["valid_until"] == "2027-01-01"


def test_the_logs_times_are_utc() -> None:
    assert moment_of(datetime(2026, 6, 1, 12, tzinfo=UTC).replace(tzinfo=None)) == NOON


def test_the_evidence_of_a_signal_is_the_hash_of_what_it_was_and_its_reason_stands_in_the_receipt() -> None:
    body = {"consents": {"news": False}, "method": "tcf", "evidence": "ab12", "signal_reason": "cannot be read"}
    (record,) = records_of("tcf:1", "ana", NOON, NOON, body, "api", SETTINGS, "Wren")
    assert (record.method, record.evidence, record.details) == ("tcf", "ab12", {"signal_reason": "cannot be read"})
    receipt = receipt_of([record], "x")
    assert (receipt["evidence_sha256"], receipt["signal_reason"]) == ("ab12", "cannot be read")


def test_nobody_else_s_word_names_its_own_evidence() -> None:
    (record,) = entries(consents={"news": False}, evidence="ab12")
    assert len(record.evidence) == 64
    assert "signal_reason" not in receipt_of([record], "x")
