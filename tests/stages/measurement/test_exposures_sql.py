"""Who was exposed, run on DuckDB."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pytest

from tailorbird.stages.measurement.exposures_sql import EXPOSURE_COLUMNS, compile_exposures

DECIDED = datetime(2026, 9, 1, 8, tzinfo=UTC)


class Scene:
    def __init__(self) -> None:
        self.db = duckdb.connect()
        self.db.execute(
            "CREATE TABLE decisions(decision_id VARCHAR, person_id VARCHAR, variant VARCHAR, decided_at TIMESTAMP)"
        )
        self.db.execute(
            'CREATE TABLE events(event VARCHAR, person_id VARCHAR, "timestamp" TIMESTAMP, properties VARCHAR)'
        )

    def decide(self, person: str, variant: str = "", days: int = 0) -> None:
        at = (DECIDED + timedelta(days=days)).replace(tzinfo=None)
        self.db.execute("INSERT INTO decisions VALUES (?, ?, ?, ?)", [f"d-{person}-{days}", person, variant, at])

    def happen(self, event: str, person: str, hours: float, **properties: Any) -> None:
        at = (DECIDED + timedelta(hours=hours)).replace(tzinfo=None)
        self.db.execute("INSERT INTO events VALUES (?, ?, ?, ?)", [event, person, at, json.dumps(properties)])

    def exposures(self, hours: float = 1000) -> list[dict[str, Any]]:
        rows = self.db.execute(compile_exposures("win_back", DECIDED + timedelta(hours=hours))).fetchall()
        return [dict(zip(EXPOSURE_COLUMNS, row, strict=True)) for row in rows]


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_who_was_assigned_and_never_sent_to_is_not_exposed(scene: Scene) -> None:
    scene.decide("a")
    scene.decide("b")
    scene.happen("Email Sent", "a", 30, decision_id="d-a-0")
    assert scene.exposures() == [
        {"decision_id": "d-a-0", "day": "2026-09-02", "channel": "email", "early": 0, "crossed": 0}
    ]
    assert scene.exposures(hours=20) == []


def test_an_app_that_shows_a_variant_exposes_the_persons_first_decision(scene: Scene) -> None:
    scene.decide("a", "warm")
    scene.decide("a", "warm", days=3)
    scene.happen("Experiment Viewed", "a", 5, experiment_id="win_back", variation_id="warm", channel="web")
    scene.happen("Experiment Viewed", "a", 1, experiment_id="another", variation_id="plain")
    assert scene.exposures() == [
        {"decision_id": "d-a-0", "day": "2026-09-01", "channel": "web", "early": 0, "crossed": 0}
    ]


def test_a_variant_that_is_not_the_persons_and_a_clock_that_is_early_are_told(scene: Scene) -> None:
    scene.decide("a", "warm")
    scene.happen("Experiment Viewed", "a", -2, experiment_id="win_back", variation_id="plain")
    (found,) = scene.exposures()
    assert (found["early"], found["crossed"], found["channel"]) == (1, 1, "app")


def test_a_sent_event_of_an_unknown_decision_counts_nowhere(scene: Scene) -> None:
    scene.decide("a")
    scene.happen("Email Sent", "a", 1, decision_id="d-of-somebody")
    assert scene.exposures() == []
