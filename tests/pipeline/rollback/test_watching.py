from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tailorbird.pipeline.rollback.watching import CampaignWatch, error_parts, finish_halt, read_triggers
from tailorbird.types.experiment import ExperimentSpec, VariantSpec
from tailorbird.types.guardrail import GuardrailSpec
from tailorbird.types.halt import Halt

pytestmark = pytest.mark.slow


def fired(sent: Any, campaign: Any, times: Any = ()) -> set[str]:
    return {r.name for r in read_triggers(sent.rollback, campaign, sent.now, times) if r.fired}


def test_a_quiet_campaign_goes_on(sent: Any) -> None:
    watch = CampaignWatch(sent.rollback, sent.campaign, lambda: sent.now)
    assert watch() == ""
    assert watch.look() is None
    assert sent.state.halts.active("win_back") is None


@pytest.mark.parametrize(
    ("kind", "count", "name"),
    [("complaint", 1, "complaints"), ("bounce", 12, "bounces"), ("policy_hit", 2, "policy_hits")],
)
def test_each_share_halts_at_its_limit(sent: Any, kind: Any, count: int, name: str) -> None:
    sent.heard(kind, count)
    watch = CampaignWatch(sent.rollback, sent.campaign, lambda: sent.now)
    assert watch().startswith(name)
    halt = sent.state.halts.active("win_back")
    assert halt is not None and halt.reason == watch()


def test_latency_halts_where_it_is_watched(sent: Any) -> None:
    assert fired(sent, sent.watching(latency_p95_ms=50), [80.0] * 200) == {"latency_p95_ms"}
    assert fired(sent, sent.watching(latency_p95_ms=50), [8.0] * 200) == set()


def test_a_halt_of_another_process_is_seen_at_the_next_question(sent: Any) -> None:
    watch = CampaignWatch(sent.rollback, sent.campaign, lambda: sent.now)
    assert watch() == ""
    sent.state.halts.halt(Halt("", "win_back", "person", sent.now.isoformat(), "wrong price", "i_9"))
    assert watch() == "wrong price"


def test_what_holds_the_campaign_beside_halts_is_told(sent: Any) -> None:
    assert CampaignWatch(sent.rollback, sent.campaign, lambda: sent.now, lambda: "unsigned")() == "unsigned"


def test_counting_rests_between_two_looks(sent: Any) -> None:
    watch = CampaignWatch(sent.rollback, sent.campaign, lambda: sent.now)
    assert watch() == ""
    sent.heard("complaint", 50)
    assert watch() == ""  # a moment later nobody has counted again
    assert watch.look() is not None


def test_the_error_budget_is_shared(sent: Any) -> None:
    campaign = replace(sent.campaign, guardrails=(GuardrailSpec("returns", "Order Refunded", weight=3.0),))
    assert error_parts(replace(sent.campaign, guardrails=())) == {"unsubscribe_ratio": 0.05}
    assert error_parts(campaign) == {"unsubscribe_ratio": 0.0125, "returns": pytest.approx(0.0375)}


def test_an_experiment_s_control_is_what_unsubscribers_are_compared_with(sent: Any) -> None:
    experiment = ExperimentSpec({"a": VariantSpec(), "b": VariantSpec()}, "a")
    readings = read_triggers(sent.rollback, replace(sent.campaign, experiment=experiment), sent.now)
    (unsubscribes,) = [reading for reading in readings if reading.name == "unsubscribes"]
    assert unsubscribes.value is None and "no control variant" in unsubscribes.why


def test_finishing_writes_the_incident_of_the_halt_that_holds(sent: Any) -> None:
    assert finish_halt(sent.rollback, sent.campaign, sent.now) is None
    at = (sent.now - timedelta(minutes=1)).isoformat()
    sent.state.halts.halt(Halt("", "win_back", "trigger", at, "why", "i_1"))
    assert finish_halt(sent.rollback, sent.campaign, sent.now) is not None
    assert sent.state.incidents.get("i_1") is not None
