"""One line for everybody, against what was chosen."""

from collections.abc import Sequence

import numpy as np
import pytest

from tailorbird.stages.measurement.same_for_all import same_for_all
from tailorbird.stages.measurement.strata import LineStratum


def drawn(rng: np.random.Generator, rates: Sequence[tuple[str, float, float, float]], people: int) -> list[LineStratum]:
    """Strata of two lines: (stratum, share that gets 'a', rate of 'a', rate of 'b'), `people` each."""
    rows = []
    for stratum, share, rate_a, rate_b in rates:
        a = int(rng.binomial(people, share))
        for key, n, rate in (("a", a, rate_a), ("b", people - a, rate_b)):
            rows.append(LineStratum("headline", key, (stratum,), n, 0, int(rng.binomial(n, rate))))
    return rows


def test_the_same_line_for_everybody_is_estimated_from_the_logged_draws() -> None:
    rows = drawn(np.random.default_rng(11), [("new", 0.8, 0.10, 0.05), ("old", 0.2, 0.05, 0.10)], 20_000)
    (baseline,) = same_for_all(rows, {"a": "Line A"}, 40_000)
    assert baseline.text == "Line A"
    assert baseline.rate == pytest.approx(0.075, abs=0.005)
    assert baseline.policy_rate == pytest.approx(0.09, abs=0.005)
    assert baseline.high is not None and baseline.high < 0


def test_equal_lines_are_told_apart_in_hardly_any_campaign() -> None:
    rng = np.random.default_rng(7)
    apart = 0
    for _ in range(300):
        rows = drawn(rng, [("x", 0.5, 0.1, 0.1), ("y", 0.7, 0.04, 0.04)], 1500)
        (baseline,) = same_for_all(rows, {}, 3000)
        assert baseline.low is not None and baseline.high is not None
        apart += baseline.low > 0 or baseline.high < 0
    assert apart <= 6


def test_a_line_that_only_some_can_get_is_compared_among_those_alone() -> None:
    named = [
        LineStratum("headline", "a", ("named",), 900, 0, 126),
        LineStratum("headline", "b", ("named",), 900, 0, 126),
    ]
    others = [
        LineStratum("headline", "b", ("others",), 800, 0, 56),
        LineStratum("headline", "c", ("others",), 800, 0, 56),
    ]
    rows = same_for_all([*named, *others], {}, 3400)
    assert rows[0].text == "b"
    (only,) = same_for_all(named, {}, 1800)
    assert only.rate == pytest.approx(only.policy_rate)


def test_too_few_effective_people_give_no_baseline() -> None:
    rows = [LineStratum("headline", key, ("all",), 50, 0, 2) for key in ("a", "b")]
    (baseline,) = same_for_all(rows, {}, 100)
    assert (baseline.rate, baseline.low) == (None, None)
    assert "200 are needed" in baseline.why


def test_a_block_with_one_line_has_no_choice_to_compare() -> None:
    assert same_for_all([LineStratum("body", "a", ("all",), 50, 0, 2)], {}, 50) == ()
