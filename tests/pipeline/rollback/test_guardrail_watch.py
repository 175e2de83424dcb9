from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.pipeline.people import NoEventsError
from tailorbird.pipeline.rollback.guardrail_watch import check_everything, read_everything, read_guardrails
from tailorbird.types.event import Event
from tailorbird.types.guardrail import GuardrailSpec

pytestmark = pytest.mark.slow

UNTIL = datetime(2026, 6, 10, tzinfo=UTC)
TICKETS = GuardrailSpec("tickets", "Support Ticket Opened")


def tell(sent: Any, share: float) -> None:
    """So many of the treated open a ticket on 2 June."""
    treated = [d.person_id for d in sent.state.decisions.find("win_back") if d.arm == "treatment"]
    at = datetime(2026, 6, 2, tzinfo=UTC)
    log = bootstrap.open_log(sent.rollback.project)
    log.append(
        [
            Event("track", f"ticket-{person}", at, at, person, event="Support Ticket Opened")
            for person in treated[: int(share * len(treated))]
        ]
    )
    log.close()


def test_a_guardrail_is_read_from_what_people_did_and_halts(sent: Any) -> None:
    campaign = replace(sent.campaign, guardrails=(TICKETS,))

    def open_events() -> Any:
        return bootstrap.open_events(sent.rollback.project)

    (calm,) = read_guardrails(campaign, sent.state, open_events(), UNTIL)
    assert not calm.fired
    tell(sent, 0.4)
    (harm,) = read_guardrails(campaign, sent.state, open_events(), UNTIL)
    assert harm.fired and harm.name == "guardrail tickets"
    treated = sum(d.arm == "treatment" for d in sent.state.decisions.find("win_back"))
    assert (harm.count, harm.total) == (int(0.4 * treated), treated)
    _, incident = check_everything(sent.rollback, campaign, open_events, UNTIL)
    assert incident is not None and incident.reason.startswith("guardrail tickets")
    halt = sent.state.halts.active("win_back")
    assert halt is not None and halt.kind == "guardrail"
    assert check_everything(sent.rollback, campaign, open_events, UNTIL)[1] is None


def test_a_campaign_without_guardrails_opens_no_log_and_one_without_events_says_nothing(sent: Any) -> None:
    def never() -> Any:
        raise NoEventsError("there are no events yet")

    plain = replace(sent.campaign, guardrails=())
    names = [reading.name for reading in read_everything(sent.rollback, plain, never, sent.now)]
    assert names == ["complaints", "bounces", "policy_hits", "unsubscribes"]
    campaign = replace(sent.campaign, guardrails=(TICKETS,))
    assert [r.name for r in read_everything(sent.rollback, campaign, never, sent.now)] == names
