"""A shop with a pilot."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.pipeline.pilots.gate import PilotGate
from tailorbird.types.guardrail import GuardrailSpec
from tailorbird.types.pilot import PilotSpec
from tests.stages.pilots.test_checklist import PILOT

BEFORE = datetime(2026, 6, 7, 12, tzinfo=UTC)


@pytest.fixture
def pilot_of() -> Any:
    """Makes the example pilot one of the shop's campaign."""

    def make(campaign: Any, **more: Any) -> PilotSpec:
        own = {"campaign": campaign.name, "metric": campaign.metric.name, "audience": campaign.audience}
        return replace(PILOT, **{**own, **more})

    return make


@pytest.fixture
def gate(ran: Any, pilot_of: Any) -> PilotGate:
    project = ran.project
    campaign = replace(project.campaign("win_back"), guardrails=(GuardrailSpec("returns", "Order Refunded"),))
    pilots = {"one": pilot_of(campaign), "two": pilot_of(campaign, use="standard", after="one", share=0.5)}
    project = replace(project, campaigns={**project.campaigns, "win_back": campaign}, pilots=pilots)
    return PilotGate(project, bootstrap.open_state(project))
