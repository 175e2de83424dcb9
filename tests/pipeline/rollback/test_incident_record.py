from datetime import UTC, datetime
from typing import Any

import pytest

from tailorbird.pipeline.rollback.incident_record import IncidentError, close_incident, find_incident, write_note

pytestmark = pytest.mark.slow

NOW = datetime(2026, 6, 2, tzinfo=UTC)


@pytest.fixture
def opened(sent: Any) -> Any:
    return sent.rollback.halt(sent.campaign, "person", [], sent.now, "ana", "wrong price")


def test_an_incident_is_closed_once_the_post_mortem_is_complete(sent: Any, opened: Any) -> None:
    incidents, name = sent.state.incidents, opened.incident_id
    with pytest.raises(IncidentError, match="without the root cause, who was notified, a follow-up"):
        close_incident(incidents, name, NOW, "ana")
    write_note(incidents, name[:8], NOW, "ana", action="asked the shop", notified="lea", root_cause="an old list")
    write_note(incidents, name, NOW, "ana", follow_up="check lists", owner="ben", due="2026-07-01")
    write_note(incidents, name, NOW, "ben", done=1)
    closed = close_incident(incidents, name, NOW, "ana")
    assert closed.closed_at and closed.follow_ups[0].done_at
    assert incidents.find(still_open=True) == [] and incidents.find("win_back") == [closed]
    with pytest.raises(IncidentError, match="is closed"):
        write_note(incidents, name, NOW, "ana", action="more")
    with pytest.raises(IncidentError, match="is closed"):
        close_incident(incidents, name, NOW, "ana")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"by": "", "action": "x"}, "say who"),
        ({"by": "ana"}, "nothing to write"),
        ({"by": "ana", "follow_up": "x"}, "somebody's"),
        ({"by": "ana", "follow_up": "x", "owner": "ben", "due": "soon"}, "a date"),
        ({"by": "ana", "done": 1}, "no follow-up 1"),
    ],
)
def test_what_cannot_be_written_is_refused(sent: Any, opened: Any, said: Any, why: str) -> None:
    with pytest.raises(IncidentError, match=why):
        write_note(sent.state.incidents, opened.incident_id, NOW, **said)


def test_an_unknown_incident_names_those_that_there_are(sent: Any, opened: Any) -> None:
    with pytest.raises(IncidentError, match=opened.incident_id):
        find_incident(sent.state.incidents, "i_zzz")
