"""Emptying queues."""

from dataclasses import replace
from datetime import UTC, datetime

from tailorbird.pipeline.withdraw_waiting import withdraw_waiting
from tailorbird.testing.state import MemoryOutbox
from tailorbird.testing.state_conformance import example_message

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_what_is_meant_of_any_id_of_a_person_is_withdrawn_once_and_the_rest_stays() -> None:
    ana = example_message("ana")
    sms = replace(ana, message_id="m_sms", channel="sms", idempotency_key="key-sms")
    outbox = MemoryOutbox()
    outbox.queue([ana, sms, example_message("ann"), example_message("ben")])

    def withdraw() -> int:
        return withdraw_waiting(outbox, ["ana", "ann"], lambda one: one.channel == "email", NOON, "unsubscribed")

    assert (withdraw(), withdraw()) == (2, 0)
    states = {name: getattr(outbox.find(name), "state", None) for name in ("m_ana", "m_ann", "m_sms", "m_ben")}
    assert states == {"m_ana": "withdrawn", "m_ann": "withdrawn", "m_sms": "queued", "m_ben": "queued"}
