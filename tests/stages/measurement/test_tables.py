"""Rates per creative and tag: intervals, shrinkage, and the same-for-all baseline."""

from dataclasses import replace

import numpy as np
import pytest

from tailorbird.stages.measurement.tables import (
    creative_counts,
    prior_strength,
    rate_rows,
    same_for_all,
    tag_counts,
    wilson,
)
from tailorbird.types.creative import Creative
from tailorbird.types.readout import CountRow


def row(key: str, exposures: int, conversions: int, block: str = "headline", **tags: str) -> CountRow:
    return CountRow(key, block, exposures, conversions * 2, conversions, float(exposures), "approved", key, tags)


def test_the_wilson_interval_is_the_textbook_one():
    """10 of 100: 5.52 to 17.44 %."""
    assert wilson(10, 100) == pytest.approx((0.05523, 0.17437), abs=1e-4)
    assert wilson(0, 0) == (0, 1)
    assert wilson(0, 20)[0] == 0


def test_a_lucky_line_is_pulled_to_the_mean_of_its_block():
    rows = rate_rows([row("lucky", 20, 4), row("a", 500, 25), row("b", 500, 26)])
    lucky = next(one for one in rows if one.counts.key == "lucky")
    assert lucky.conversion_rate == 0.2
    assert 0.05 < lucky.conversion_shrunk < 0.10


def test_the_best_of_many_equal_lines_is_biased_upward_and_shrinking_mends_most_of_it():
    rng = np.random.default_rng(5)
    plain, shrunk = [], []
    for _ in range(100):
        rows = rate_rows([row(f"c{i}", 300, int(rng.binomial(300, 0.05))) for i in range(12)])
        best = max(rows, key=lambda one: one.conversion_rate)
        plain.append(best.conversion_rate)
        shrunk.append(best.conversion_shrunk)
    assert np.mean(plain) > 0.068
    assert abs(np.mean(shrunk) - 0.05) < 0.006


def test_real_differences_survive_the_shrinking():
    rows = rate_rows([row("good", 2000, 300), row("bad", 2000, 100)])
    assert [one.counts.key for one in rows] == ["bad", "good"]
    assert rows[1].conversion_shrunk == pytest.approx(0.15, abs=0.003)


def test_no_exposures_make_no_division():
    assert prior_strength([0.0], [0.0]) == 2000
    assert rate_rows([row("new", 0, 0)])[0].conversion_rate == 0


def test_creatives_bring_text_and_tags_and_a_deleted_one_still_counts():
    creative = Creative("c1", "", "winback", "headline", "en-GB", "Hello", "approved", "h", {"tone": "warm"})
    known, gone = creative_counts([("headline", "c1", 9, 2, 1, 4.5), ("headline", "c2", 1, 0, 0, 1)], {"c1": creative})
    assert (known.text, known.tags, known.matured) == ("Hello", {"tone": "warm"}, 4.5)
    assert (gone.key, gone.text) == ("c2", "")


def test_tags_are_summed_and_lines_without_the_tag_are_a_row():
    sums = {
        one.key: one for one in tag_counts([row("a", 10, 1, tone="warm"), row("b", 20, 2), row("c", 5, 0, tone="warm")])
    }
    assert sums["tone: warm"].exposures == 15
    assert sums["tone: (none)"].exposures == 20


def test_a_tag_with_one_value_is_left_out_and_rungs_are_compared() -> None:
    same = [row("a", 10, 1, tone="warm"), row("b", 20, 2, tone="warm")]
    assert tag_counts(same) == []
    two = [same[0], replace(same[1], rung="model")]
    assert [one.key for one in tag_counts(two)] == ["written by: approved", "written by: model"]


def test_the_same_line_for_everybody_is_estimated_from_the_logged_draws():
    rng = np.random.default_rng(11)
    rows = []
    for subject, rate_a, rate_b in (("new", 0.10, 0.05), ("old", 0.05, 0.10)):
        chosen_a = rng.random(20_000) < (0.8 if subject == "new" else 0.2)
        for line, picked, rate in (("a", chosen_a, rate_a), ("b", ~chosen_a, rate_b)):
            n = int(picked.sum())
            p = 0.8 if (line == "a") == (subject == "new") else 0.2
            orders = int(rng.binomial(n, rate))
            rows.append(("headline", subject, "en-GB", line, n, orders, n / p, orders / p, n / p**2))
    (baseline,) = same_for_all(rows, {"a": "Line A"})
    assert baseline.text == "Line A"
    assert baseline.rate == pytest.approx(0.075, abs=0.005)
    assert baseline.policy_rate == pytest.approx(0.09, abs=0.005)


def test_too_few_effective_people_give_no_baseline():
    rows = [
        ("headline", "all", "en", "a", 50, 2, 100.0, 4.0, 200.0),
        ("headline", "all", "en", "b", 50, 2, 100.0, 4.0, 200.0),
    ]
    (baseline,) = same_for_all(rows, {})
    assert baseline.rate is None
    assert "1,000 are needed" in baseline.why


def test_a_block_with_one_line_has_no_choice_to_compare():
    assert same_for_all([("body", "all", "en", "a", 50, 2, 50.0, 2.0, 50.0)], {}) == ()
