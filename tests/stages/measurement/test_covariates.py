from dataclasses import replace

import numpy as np

from tailorbird.stages.measurement.comparison import Measured, metric_estimate
from tailorbird.stages.measurement.covariates import PEOPLE_LEAST, folds_of, with_predictions
from tailorbird.types.metric import MetricSpec


def shop(people: int, seed: int = 5) -> tuple[Measured, list[str]]:
    """People of whom the loyal order more often; only orders of long ago tell who they are."""
    rng = np.random.default_rng(seed)
    loyal = rng.random(people) < 0.3
    did = rng.random(people) < np.where(loyal, 0.7, 0.1)
    nothing = np.zeros(people)
    columns = {
        "count": did.astype(float),
        "value": did * rng.lognormal(3, 0.3, people),
        "per": nothing,
        "refunds": nothing,
        "count_before": nothing,
        "value_before": nothing,
        "count_ever": np.where(loyal, rng.poisson(6, people), rng.poisson(0.5, people)).astype(float),
        "value_ever": nothing,
        "days_since": np.full(people, 40.0),
    }
    return Measured(MetricSpec("ordered", "Order Completed"), "success", columns), [f"p{n}" for n in range(people)]


def test_the_past_takes_out_variance_that_the_window_before_does_not_know_of() -> None:
    metric, ids = shop(6000)
    half = np.arange(6000) % 2 == 0
    plain = metric_estimate(metric, half, ~half)
    adjusted = metric_estimate(with_predictions([metric], ids)[0], half, ~half)
    assert plain.kept > 0.99
    assert adjusted.kept < 0.8
    assert adjusted.difference is not None
    assert abs(adjusted.difference) < 0.05


def test_an_effect_stays_what_it_is_when_it_is_adjusted_by_a_prediction() -> None:
    metric, ids = shop(8000)
    half = np.arange(8000) % 2 == 0
    more = np.where(half & (np.random.default_rng(1).random(8000) < 0.1), 1.0, metric.columns["count"])
    metric = replace(metric, columns={**metric.columns, "count": more})
    plain = metric_estimate(metric, half, ~half)
    adjusted = metric_estimate(with_predictions([metric], ids)[0], half, ~half)
    assert plain.difference is not None
    assert adjusted.difference is not None
    assert abs(adjusted.difference - plain.difference) < 0.02


def test_a_person_s_own_outcome_has_no_part_in_the_prediction() -> None:
    metric, ids = shop(2000)
    before = with_predictions([metric], ids)[0].predicted
    other = metric.columns["count"].copy()
    other[7] = 1.0 - other[7]
    after = with_predictions([replace(metric, columns={**metric.columns, "count": other})], ids)[0].predicted
    assert before is not None
    assert after is not None
    fold = folds_of(ids)
    assert np.array_equal(before[fold == fold[7]], after[fold == fold[7]])
    assert not np.array_equal(before, after)


def test_few_people_or_no_past_are_not_predicted_from() -> None:
    metric, ids = shop(PEOPLE_LEAST - 1)
    assert with_predictions([metric], ids)[0].predicted is None
    metric, ids = shop(PEOPLE_LEAST)
    flat = {
        name: np.zeros(PEOPLE_LEAST) if name.endswith("ever") else column for name, column in metric.columns.items()
    }
    assert with_predictions([replace(metric, columns=flat)], ids)[0].predicted is None


def test_guardrails_and_ratios_are_not_predicted() -> None:
    metric, ids = shop(PEOPLE_LEAST)
    guard = replace(metric, role="guardrail")
    ratio = replace(metric, spec=replace(metric.spec, kind="ratio"))
    assert [one.predicted for one in with_predictions([guard, ratio], ids)] == [None, None]
