from collections.abc import Callable
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.types.feedback import Feedback

pytestmark = pytest.mark.slow


def complain(ran: Any, count: int) -> None:
    from datetime import UTC, datetime

    from tailorbird.stages.channels.email_message import idempotency_key, message_id

    state = bootstrap.open_state(ran.project)
    treated = [d for d in state.decisions.find("win_back") if d.arm == "treatment"]
    names = [message_id(idempotency_key(d.decision_id, "email")) for d in treated[:count]]
    state.feedback.record([Feedback(n, "complaint", "win_back", datetime.now(UTC).isoformat()) for n in names])


def test_a_person_halts_a_campaign_and_lets_it_go_on(tailorbird: Callable[..., Any], ran: Any) -> None:
    said = tailorbird(
        "rollback", "halt", ran.root, "win_back", "--by", "ana", "--reason", "wrong price", "--severity", "high",
        "--json",
    )  # fmt: skip
    assert (said.json["detected_by"], said.json["severity"], said.json["reason"]) == ("ana", "high", "wrong price")
    assert "is halted since" in tailorbird("run", ran.root, "win_back", "--no-model").error
    assert "halted already" in tailorbird("rollback", "halt", ran.root, "win_back", "--by", "b", "--reason", "c").error
    status = tailorbird("rollback", "status", ran.root, "win_back")
    assert "HOLDS: wrong price" in status.out and "version v_" in status.out
    released = tailorbird("rollback", "release", ran.root, "win_back", "--by", "ben", "--reason", "price is right")
    assert "may go on" in released.out and "is still open" in released.out
    assert tailorbird("rollback", "status", ran.root, "win_back", "--json").json["halted"] is False
    assert tailorbird("run", ran.root, "win_back", "--no-model").code == 0


def test_checking_halts_where_a_limit_is_reached_and_tells_scripts(tailorbird: Callable[..., Any], ran: Any) -> None:
    calm = tailorbird("rollback", "check", ran.root, "win_back")
    assert calm.code == 0 and "not halted" in calm.out
    complain(ran, 3)
    loud = tailorbird("rollback", "check", ran.root, "win_back", "--json")
    assert loud.code == 3 and loud.json["halted"] and loud.json["incident"]
    again = tailorbird("rollback", "check", ran.root, "win_back")
    assert again.code == 3 and "halted: complaints" in again.out


@pytest.mark.parametrize("act", ["halt", "release"])
def test_nobody_halts_or_releases_without_a_name_and_a_reason(
    tailorbird: Callable[..., Any], ran: Any, act: str
) -> None:
    assert "say who" in tailorbird("rollback", act, ran.root, "win_back").error
    if act == "release":
        assert "is not halted" in tailorbird("rollback", act, ran.root, "win_back", "--by", "a", "--reason", "b").error
