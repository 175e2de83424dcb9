"""A past campaign whose truth is known: two lines of which one is better, drawn with logged propensities."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.sql.arm_sets import SqlArmSets
from tailorbird.adapters.sql.database import open_file
from tailorbird.adapters.sql.decisions import SqlDecisionStore
from tailorbird.pipeline.off_policy.other_policies import OtherPolicy
from tailorbird.pipeline.off_policy.past_draws import PastDraws, past_draws
from tailorbird.pipeline.off_policy.replay_policy import Replay, replay_policies
from tailorbird.pipeline.reward_table import reward_table
from tailorbird.testing.readouts import example_campaign
from tailorbird.types.arm_set import ArmSet
from tailorbird.types.campaign import Campaign
from tailorbird.types.decision import Decision, Placement
from tests.loaded_events import load_events

DECIDED = datetime(2026, 9, 1, 8, tzinfo=UTC)
RATES = {"plain": 0.10, "warm": 0.20, "cold": 0.05, "short": 0.0, "long": 0.05}
"""Conversions of the subject's lines; the preheader's lines add theirs."""


class Past:
    """A campaign of `people` decisions, with its state and its events."""

    def __init__(self, folder: Path, people: int = 6_000, seed: int = 1) -> None:
        engine = open_file(folder / "state.db")
        self.campaign: Campaign = example_campaign()
        self.decisions, self.arm_sets, self.warehouse = SqlDecisionStore(engine), SqlArmSets(engine), DuckdbWarehouse()
        self.sets = {
            "subject": (
                ArmSet("subject", "prior", ("plain", "warm", "cold"), (0.6, 0.2, 0.2)),
                ArmSet("subject", "prior", ("plain", "warm"), (0.5, 0.5)),
            ),
            "preheader": (ArmSet("preheader", "prior", ("short", "long"), (0.7, 0.3)),),
        }
        self.events: list[tuple[str, str, datetime, dict[str, Any]]] = []
        self.made: list[Decision] = []
        generator = np.random.default_rng(seed)
        for at in range(people):
            self._decide(f"p{at}", at, generator)
        self.decisions.save(self.made)
        self.arm_sets.save(one for sets in self.sets.values() for one in sets)
        self._load()

    def _decide(self, person: str, at: int, generator: np.random.Generator) -> None:
        slate, rate = [], 0.0
        for block, sets in self.sets.items():
            one = sets[at % len(sets)]
            arm = int(generator.choice(len(one.arms), p=one.propensities))
            slate.append(Placement(block, block, None, one.arms[arm], one.propensities[arm], len(one.arms), one.set_id))
            rate += RATES[one.arms[arm]]
        step = "1" if at % 2 else "2"
        when = DECIDED + timedelta(days=40 * (step == "2"))
        self.made.append(
            Decision(f"d-{person}", self.campaign.name, step, person, "treatment", when, tuple(slate), "everyone", "en-GB", "prior", "")
        )  # fmt: skip
        self.events.append(("Email Sent", person, when + timedelta(minutes=1), {"decision_id": f"d-{person}"}))
        if generator.random() < rate:
            self.events.append((self.campaign.metric.event, person, when + timedelta(hours=5), {"total": 40.0}))

    def _load(self) -> None:
        load_events(self.warehouse, self.events)
        self.warehouse.run(
            "CREATE OR REPLACE VIEW all_events AS SELECT *, CAST(NULL AS VARCHAR) AS machine FROM events"
        )

    def draws(self, until: datetime = DECIDED + timedelta(days=100)) -> PastDraws:
        table = reward_table(self.campaign, self.made, self.warehouse, until)
        sets = {one.set_id: one for sets in self.sets.values() for one in sets}
        return past_draws(table, sets, self.campaign.metric.window_days, 5)

    def replay(self, *policies: OtherPolicy, **more: Any) -> Replay:
        more.setdefault("until", DECIDED + timedelta(days=100))
        campaign = replace(self.campaign, policy=more.pop("policy", self.campaign.policy))
        return replay_policies(
            campaign, policies, self.decisions, self.arm_sets, more.pop("creatives", []), self.warehouse, "GBP", **more
        )


@pytest.fixture(scope="session")
def past(tmp_path_factory: pytest.TempPathFactory) -> Past:
    return Past(tmp_path_factory.mktemp("past"))


@pytest.fixture
def make_past(tmp_path: Path) -> Callable[..., Past]:
    return lambda **more: Past(tmp_path, **more)
