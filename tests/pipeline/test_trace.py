"""The lineage of one message."""

from typing import Any

import pytest

from tailorbird.pipeline.trace import UnknownMessageError, trace_message
from tailorbird.stages.channels.email_message import idempotency_key, message_id


def trace(opened: Any, name: str) -> Any:
    state = opened.state
    return trace_message(
        name, opened.project.campaigns, state.traces, state.decisions, state.creatives, state.outbox, opened.warehouse
    )


def name_of(opened: Any, decision: Any) -> str:
    return message_id(idempotency_key(decision.decision_id, "email"))


def test_a_trace_leads_from_consent_to_outcome(opened: Any, decision_of: Any) -> None:
    decision = decision_of("allowed")
    lineage = trace(opened, name_of(opened, decision))
    assert list(lineage) == [
        "consent",
        "features",
        "brief",
        "copy",
        "rungs",
        "decision",
        "message",
        "receipt",
        "outcome",
    ]
    assert lineage["consent"]["person_id"] == decision.person_id
    assert (lineage["consent"]["purpose"], lineage["consent"]["basis"]) == ("email_marketing", "consent")
    assert lineage["decision"]["decision_id"] == decision.decision_id
    assert lineage["decision"]["owners"] == ["lifecycle@wren.example"]
    assert lineage["receipt"]["state"] == "sent"
    assert len(lineage["message"]["sha256"]) == 64
    for copy in lineage["copy"].values():
        assert copy["approval"][0]["approval"] == "approved"
        assert copy["edited_since"] is False
    assert any(outcome["event"] == "Email Sent" for outcome in lineage["outcome"])


def test_the_bytes_on_disk_have_the_hash_of_the_trace(opened: Any, decision_of: Any) -> None:
    import hashlib

    name = name_of(opened, decision_of("withheld"))
    row = opened.state.messages.find(name)
    raw = (opened.project.state_dir / "outbox" / row.provider_id).read_bytes()
    assert trace(opened, name)["message"]["sha256"] == hashlib.sha256(raw).hexdigest()


@pytest.mark.parametrize("name", ["m_none", "", "' OR 1=1 --"])
def test_an_unknown_message_is_one_error_that_says_where_ids_stand(opened: Any, name: str) -> None:
    with pytest.raises(UnknownMessageError, match="X-Tailorbird-Message"):
        trace(opened, name)
