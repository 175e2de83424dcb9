"""The decision rule: each of its four conditions stops a ship alone."""

import numpy as np
import pytest

from tailorbird.stages.measurement.decision_rule import decide, rule_metric
from tailorbird.stages.measurement.estimates import estimate
from tailorbird.stages.measurement.moments import moments_of
from tailorbird.types.estimate import Estimate
from tailorbird.types.findings import RuleMetric

N = 20_000


def shares(treated: float, control: float) -> Estimate:
    first, second = (moments_of((np.arange(N) < share * N).astype(float)) for share in (treated, control))
    return estimate(first, second)


def success(treated: float, control: float = 0.10) -> RuleMetric:
    return rule_metric("orders", shares(treated, control), 2.0 * N, metrics=2)


def guard(treated: float, control: float = 0.05, margin: float = 0.5) -> RuleMetric:
    return rule_metric(
        "returns", shares(treated, control), 2.0 * N, metrics=2, margin=margin, relative=True, higher_is_better=False
    )


@pytest.mark.slow
def test_better_and_not_worse_ships() -> None:
    verdict = decide([success(0.12), guard(0.05)], split_ok=True)
    assert verdict.kind == "ship"
    assert verdict.sentence.startswith("Ship: orders got better")
    assert verdict.reasons == ("orders: got better", "returns: not worse than its margin")


@pytest.mark.parametrize(
    ("metrics", "split_ok", "finished", "kind", "words"),
    [
        ([success(0.12), guard(0.05)], False, False, "blocked", "did not split"),
        ([success(0.10), guard(0.05)], True, False, "not_yet", "no success metric"),
        ([success(0.10), guard(0.05)], True, True, "do_not_ship", "planned people are in"),
        ([success(0.12), guard(0.05, margin=0.01)], True, False, "not_yet", "returns stayed within"),
        ([success(0.12), guard(0.09)], True, False, "do_not_ship", "returns got worse"),
        ([success(0.08), guard(0.05)], True, False, "do_not_ship", "orders got worse"),
    ],
)
def test_each_condition_stops_a_ship(
    metrics: list[RuleMetric], split_ok: bool, finished: bool, kind: str, words: str
) -> None:
    verdict = decide(metrics, split_ok, finished)
    assert verdict.kind == kind
    assert words in verdict.sentence


def test_a_metric_that_cannot_be_judged_is_no_proof() -> None:
    empty = rule_metric("returns", Estimate(5, 0, why="nobody is in the control"), 100.0, margin=0.1)
    verdict = decide([success(0.12), empty], split_ok=True)
    assert verdict.kind == "not_yet"
    assert "nobody is in the control" in verdict.reasons[1]


def test_many_success_metrics_share_their_alpha() -> None:
    alone = rule_metric("orders", shares(0.11, 0.10), 2.0 * N)
    among = rule_metric("orders", shares(0.11, 0.10), 2.0 * N, successes=10)
    assert alone.effect is not None
    assert among.effect is not None
    assert among.effect.low < alone.effect.low


def test_without_a_success_metric_there_is_nothing_to_decide() -> None:
    with pytest.raises(ValueError, match="success metric"):
        decide([guard(0.05)], split_ok=True)
