"""Past campaigns in a real state database and warehouse, and the lift that they make likely."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.sql.database import open_file
from tailorbird.adapters.sql.decisions import SqlDecisionStore
from tailorbird.pipeline.simulation.simulate_campaign import past_campaign, simulate_campaign
from tailorbird.testing.readouts import example_campaign
from tailorbird.types.campaign import Campaign
from tailorbird.types.decision import Decision

pytestmark = pytest.mark.slow

START = datetime(2025, 1, 1, tzinfo=UTC)
LIFT = {"new": 0.02, "loyal": 0.10}
"""Planted: people with an order in the last month answer five times as much."""


class Shop:
    """Six past campaigns of 4,000 people each, to audiences of different mixtures."""

    def __init__(self, folder: Path) -> None:
        self.decisions, self.warehouse = SqlDecisionStore(open_file(folder / "state.db")), DuckdbWarehouse()
        self.campaigns: list[Campaign] = []
        self.events: list[tuple[str, datetime]] = []
        generator = np.random.default_rng(4)
        for number, loyal in enumerate((0.1, 0.3, 0.5, 0.7, 0.9, 0.4)):
            self._run(number, loyal, generator)
        self.later = START + timedelta(days=60 * 7)
        self.loyal = [f"later-{at}" for at in range(500)]
        self.events += [(person, self.later - timedelta(days=9)) for person in self.loyal]
        self.warehouse.load(
            "events",
            {
                "message_id": [f"e{i}" for i in range(len(self.events))],
                "event": ["Order Completed"] * len(self.events),
                "person_id": [person for person, _ in self.events],
                "timestamp": [when for _, when in self.events],
                "properties": [json.dumps({"total": 20.0})] * len(self.events),
                "context": ["{}"] * len(self.events),
            },
        )

    def _run(self, number: int, loyal: float, generator: np.random.Generator) -> None:
        campaign = replace(example_campaign(), name=f"past_{number}")
        self.campaigns.append(campaign)
        when = START + timedelta(days=60 * (number + 1))
        made = []
        for at in range(4_000):
            person, arm = f"{number}-{at}", "treatment" if at % 2 else "holdout"
            kind = "loyal" if generator.random() < loyal else "new"
            if kind == "loyal":
                self.events.append((person, when - timedelta(days=10)))
            if generator.random() < 0.05 + LIFT[kind] * (arm == "treatment"):
                self.events.append((person, when + timedelta(days=3)))
            decision: Any = (f"d-{person}", campaign.name, "1", person, arm, when, (), "", "en-GB", "prior", "")
            made.append(Decision(*decision))
        self.decisions.save(made)

    def simulate(
        self, people: list[str], as_of: datetime | None = None, campaigns: list[Campaign] | None = None
    ) -> Any:
        return simulate_campaign(
            self.campaigns[0], people, as_of or self.later, campaigns or self.campaigns, self.decisions, self.warehouse
        )


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return Shop(tmp_path_factory.mktemp("shop"))


def test_the_lift_follows_the_people_who_are_meant(shop: Shop) -> None:
    loyal, strangers = shop.simulate(shop.loyal), shop.simulate([f"nobody-{at}" for at in range(500)])
    assert loyal.campaigns == 6
    assert loyal.low <= 0.10 <= loyal.high
    assert strangers.low <= 0.02 <= strangers.high
    assert loyal.lift > strangers.lift + 0.03


def test_the_same_people_twice_have_the_same_lift(shop: Shop) -> None:
    assert shop.simulate(shop.loyal) == shop.simulate(shop.loyal)


def test_nothing_after_the_moment_is_looked_at(shop: Shop) -> None:
    found = shop.simulate(shop.loyal, START + timedelta(days=60 * 4 + 3))
    assert (found.lift, found.campaigns) == (None, 3)
    assert "5 are needed" in found.why


def test_a_campaign_that_never_ran_or_held_nobody_out_is_no_past(shop: Shop) -> None:
    unknown = replace(shop.campaigns[0], name="never")
    assert past_campaign(unknown, shop.later, shop.decisions, shop.warehouse) is None
    only = replace(shop.campaigns[0], name="all")
    shop.decisions.save(
        [replace(one, campaign="all", decision_id=f"all-{one.decision_id}") for one in shop.decisions.find("past_1") if one.arm == "treatment"]
    )  # fmt: skip
    assert past_campaign(only, shop.later, shop.decisions, shop.warehouse) is None


def test_nobody_has_no_lift(shop: Shop) -> None:
    assert shop.simulate([]).why == "nobody would get a message"
