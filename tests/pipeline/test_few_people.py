"""Profiles of a few people, from their own events."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.pipeline.few_people import look_at
from tailorbird.types.event import Event

MOMENT = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.slow
def test_a_profile_is_made_of_the_events_given(tmp_path: Path) -> None:
    told = {"email": "ana@example.org", "consents": {"ads": True}}
    events = [
        Event("identify", "m1", MOMENT, MOMENT, user_id="ana", traits=told),
        Event("track", "m2", MOMENT, MOMENT, anonymous_id="d", event="Page"),
        Event("track", "m3", MOMENT, MOMENT, anonymous_id="d", event="Page", context={"test": True}),
    ]
    (profile,), counted = look_at(DuckdbWarehouse(spill=tmp_path), events, MOMENT)
    assert counted == {"m1", "m2"}
    assert (profile.person_id, profile.email, profile.consents["ads"]) == ("ana", "ana@example.org", True)


def test_no_events_are_nobody(tmp_path: Path) -> None:
    assert look_at(DuckdbWarehouse(spill=tmp_path), [], MOMENT) == ([], frozenset())
