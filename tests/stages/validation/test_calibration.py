"""From labels to thresholds."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.validation.calibration import (
    LABELS_MIN,
    OUTCOME_MIN,
    TooFewLabelsError,
    calibrate,
    isotonic,
    wilson_low,
)
from tailorbird.types.entailment import Entailed, Label


def judged(entail: float, label: Label, count: int) -> list[tuple[Entailed, Label]]:
    rest = 1 - entail
    return [(Entailed(entail, rest, 0.0), label)] * count


def test_an_outcome_is_believed_from_where_it_was_right_often_enough() -> None:
    labels = [*judged(0.95, "entail", 100), *judged(0.6, "entail", 20), *judged(0.6, "neutral", 20)]
    labels += judged(0.05, "contradict", 100)
    found = calibrate("m", labels, 0.9)
    assert found.thresholds == {"entail": 0.95, "contradict": pytest.approx(0.95)}
    assert found.labels == 240
    steps = [(step.high, step.share, step.count) for step in found.curves["entail"]]
    assert steps == [(0.05, 0.0, 100), (0.6, 0.5, 40), (0.95, 1.0, 100)]


def test_a_judge_that_is_wrong_too_often_is_never_believed() -> None:
    labels = [*judged(0.99, "entail", 60), *judged(0.99, "neutral", 40), *judged(0.01, "contradict", 30)]
    found = calibrate("m", labels, 0.95)
    assert "entail" not in found.thresholds


@pytest.mark.parametrize(
    ("entail", "contradict", "neutral"),
    [(0, 0, 0), (LABELS_MIN, 0, 0), (OUTCOME_MIN - 1, 50, 50), (50, OUTCOME_MIN - 1, 50), (29, 30, 0)],
)
def test_too_few_labels_decide_nothing(entail: int, contradict: int, neutral: int) -> None:
    labels = judged(1.0, "entail", entail) + judged(0.0, "contradict", contradict) + judged(0.5, "neutral", neutral)
    with pytest.raises(TooFewLabelsError, match="label more"):
        calibrate("m", labels, 0.9)


@pytest.mark.slow
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60))
def test_the_curve_rises_and_holds_every_label(pairs: list[tuple[float, bool]]) -> None:
    curve = isotonic(sorted(pairs))
    assert sum(step.count for step in curve) == len(pairs)
    assert sum(step.count * step.share for step in curve) == pytest.approx(sum(hit for _, hit in pairs))
    shares = [step.share for step in curve]
    assert shares == sorted(shares)
    assert all(low.high < high.high for low, high in pairwise(curve))


def test_wilsons_interval_is_that_of_the_books() -> None:
    assert wilson_low(9, 10) == pytest.approx(0.5958, abs=1e-3)
    assert wilson_low(100, 100) == pytest.approx(0.963, abs=1e-3)
    assert wilson_low(0, 10) == pytest.approx(0.0, abs=1e-9)
