"""An act's entry: who, to what end, to what; and nothing of one person under the key of another."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.pipeline.audited_acts import ActRecorder
from tailorbird.project.project import Project, load_project

pytestmark = pytest.mark.slow

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def project(shop: Any) -> Project:
    return load_project(shop.root)


def entries(project: Project, kind: str, person: str | None = None) -> list[Any]:
    log = bootstrap.open_audit(project)
    return [log.read(row) for row in log.rows(person) if row.kind == kind]


def test_an_entry_says_who_to_what_end_and_to_what(project: Project) -> None:
    recorder = ActRecorder(bootstrap.open_audit(project), "eve", NOON)
    recorder.record("audience sampled", "a look", "lapsed", values=["recency"])
    recorder.record("audience sampled", "a look", "lapsed", values=["recency"])
    told = {"actor": "eve", "purpose": "a look", "object": "lapsed", "values": ["recency"]}
    assert entries(project, "audience sampled") == [told]


def test_each_of_two_people_has_an_entry_that_does_not_name_the_other(project: Project) -> None:
    log = bootstrap.open_audit(project)
    ActRecorder(log, "eve", NOON).record("identity split", "two people", "identity:1", ["ana", "ben"], by="eve")
    for person, other in (("ana", "ben"), ("ben", "ana")):
        (entry,) = entries(project, "identity split", person)
        assert entry["by"] == "eve" and other not in json.dumps(entry)
    log.forget(["ana"])
    assert entries(project, "identity split").count(None) == 1
