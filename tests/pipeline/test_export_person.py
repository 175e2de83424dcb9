"""A copy of one person."""

import json
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.adapters.segments.log import SegmentLog
from tests.person_search import ZED, event, everybody_wrote, meet

pytestmark = pytest.mark.slow


def test_a_copy_has_everything_and_says_what_is_withheld(ran: Any) -> None:
    project = ran.project
    meet(project)
    who = everybody_wrote(project)
    copy = json.loads(json.dumps(bootstrap.copy_person(project, who), default=str))
    assert copy["profile"]["person_id"] == who and copy["profile"]["email"] in copy["person"]["addresses"]
    assert len(copy["events"]) > 3
    (message,) = copy["messages"]
    assert message["subject"] and len(message["text"]) > 50
    assert {entry["kind"] for entry in copy["audit"]} == {"decision", "message"}
    assert all(entry["detail"] for entry in copy["audit"])
    assert copy["traces"] and copy["decisions"]
    assert set(copy["features"]["values"]) == {f.name for f in project.features}
    assert bootstrap.copy_person(project, "nobody-at-all") is None
    log = SegmentLog(project.state_dir / "events")
    log.append([event(70, event="Consent Updated", properties={"consents": {"personalization": False}})])
    log.close()
    mine = bootstrap.copy_person(project, ZED)
    assert mine is not None and mine["features"]["withheld"]
    assert not set(mine["features"]["withheld"]) & set(mine["features"]["values"])
