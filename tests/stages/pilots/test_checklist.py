from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tailorbird.stages.pilots.checklist import check_pilot
from tailorbird.testing.readouts import example_campaign
from tailorbird.types.guardrail import GuardrailSpec, RollbackSpec
from tailorbird.types.pilot import CheckpointSpec, PilotSpec

CAMPAIGN = replace(
    example_campaign(), guardrails=(GuardrailSpec("returns", "Order Refunded"),), tags={"risk": "low"}, holdout=0.2
)
PILOT = PilotSpec(
    campaign=CAMPAIGN.name,
    hypothesis="A letter brings people back within two weeks.",
    metric=CAMPAIGN.metric.name,
    audience=CAMPAIGN.audience,
    share=0.1,
    randomisation="holdout",
    monitoring=("returns",),
    checkpoints=(
        CheckpointSpec("first_look", date(2026, 6, 8), ("owner",)),
        CheckpointSpec("decision", date(2026, 6, 29), ("owner", "reviewer")),
    ),
    roles={"owner": ("ana",), "reviewer": ("ben",), "on_call": ("tom",)},
    rollback="Tom halts it with tailorbird rollback halt, by day and night.",
)


def missing(pilot: PilotSpec = PILOT, campaign: Any = CAMPAIGN, **others: PilotSpec) -> dict[str, str]:
    checks = check_pilot(pilot, campaign, {"one": pilot, **others})
    assert [one.name for one in checks] == [
        "hypothesis", "metric", "audience slice", "randomisation", "monitoring", "review checkpoints", "roles",
        "rollback", "staging",
    ]  # fmt: skip
    return {one.name: one.told for one in checks if not one.held}


def test_a_finished_pilot_holds_in_every_item() -> None:
    assert missing() == {}


@pytest.mark.parametrize(
    ("item", "change"),
    [
        ("hypothesis", {"hypothesis": "more sales"}),
        ("metric", {"metric": "clicked"}),
        ("audience slice", {"audience": "everybody"}),
        ("audience slice", {"share": 0.0}),
        ("audience slice", {"share": 1.5}),
        ("audience slice", {"share": 0.5}),
        ("randomisation", {"randomisation": "experiment"}),
        ("monitoring", {"monitoring": ()}),
        ("monitoring", {"monitoring": ("returns", "tickets")}),
        ("review checkpoints", {"checkpoints": ()}),
        ("review checkpoints", {"checkpoints": tuple(reversed(PILOT.checkpoints))}),
        ("review checkpoints", {"checkpoints": (PILOT.checkpoints[0],) * 2}),
        ("review checkpoints", {"checkpoints": (CheckpointSpec("x", date(2026, 6, 8), ("lawyer",)),)}),
        ("review checkpoints", {"checkpoints": (CheckpointSpec("x", date(2026, 6, 8), ()),)}),
        ("roles", {"roles": {**PILOT.roles, "on_call": ()}}),
        ("roles", {"roles": {**PILOT.roles, "reviewer": ("ana", "ben")}}),
        ("rollback", {"rollback": "yes"}),
        ("staging", {"use": "standard"}),
    ],
)
def test_each_item_says_what_is_missing(item: str, change: dict[str, Any]) -> None:
    found = missing(replace(PILOT, **change))
    assert set(found) == {item} and found[item]


def test_what_the_campaign_lacks_is_told_as_well() -> None:
    assert set(missing(campaign=replace(CAMPAIGN, holdout=0.0))) == {"randomisation"}
    assert set(missing(campaign=replace(CAMPAIGN, rollback=RollbackSpec(auto=False)))) == {"monitoring"}
    risky = replace(CAMPAIGN, tags={"risk": "high"}, review="auto")
    assert set(missing(campaign=risky)) == {"staging"}
    assert missing(campaign=replace(risky, review="queue")) == {}


def test_no_step_between_low_risk_and_high_risk_is_left_out() -> None:
    standard = replace(PILOT, use="standard", after="first", share=0.5)
    assert missing(standard, first=PILOT) == {}
    high = replace(standard, use="high_risk", share=1.0)
    assert "no step may be left out" in missing(high, first=PILOT)["staging"]
    assert missing(replace(high, after="second"), first=PILOT, second=standard) == {}
