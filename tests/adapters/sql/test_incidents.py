from dataclasses import replace

import pytest
import sqlalchemy as sa

from tailorbird.adapters.sql.incidents import SqlIncidents
from tailorbird.types.incident import Action, FollowUp, Incident, Reading

pytestmark = pytest.mark.slow

ONE = Incident(
    "i_1", "winback", "high", "trigger", "2026-06-01T09:00:00+00:00", "complaints",
    readings=(Reading("complaints", 0.01, 0.001, True, 1, 100), Reading("bounces", None, 0.05, False, why="few")),
    tenants=("shop",), recipients={"sent": 100}, lines={"c_1": "h"}, consent={"purpose": "email_marketing"},
    restored={"withdrawn": ["c_1"]}, actions=(Action("2026", "run", "halted"),), follow_ups=(FollowUp("x", "ben"),),
)  # fmt: skip


def test_an_incident_comes_back_as_it_was_kept(engine: sa.Engine) -> None:
    incidents = SqlIncidents(engine)
    incidents.save(ONE)
    assert incidents.get("i_1") == ONE
    assert incidents.get("i_2") is None


def test_incidents_are_found_by_campaign_and_state_the_newest_first(engine: sa.Engine) -> None:
    incidents = SqlIncidents(engine)
    later = replace(ONE, incident_id="i_2", detected_at="2026-06-02T09:00:00+00:00")
    other = replace(ONE, incident_id="i_3", campaign="other", closed_at="2026-06-03")
    for one in (ONE, later, other):
        incidents.save(one)
    assert incidents.find("winback") == [later, ONE]
    assert incidents.find("other", still_open=True) == []
    incidents.save(replace(later, closed_at="2026-06-04"))
    assert incidents.find(still_open=True) == [ONE]
