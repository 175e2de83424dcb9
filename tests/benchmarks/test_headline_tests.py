"""Headline tests as the bandits' benchmark reads them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest


def test_groups_that_share_a_headline_are_in_one_fold(load: Any) -> None:
    one = np.ones(2)
    groups = [(["a", "b"], one, one), (["c", "d"], one, one), (["B ", "e"], one, one), (["d", "f"], one, one)]
    part = load("headline_tests").components(groups)
    assert part[0] == part[2] != part[1] == part[3]


def test_faulty_weeks_and_single_headlines_are_left_out(load: Any, tmp_path: Path) -> None:
    import duckdb

    rows = "('t', 'p', 'a', 1, 9, 201410), ('t', 'p', 'b', 2, 9, 201410), ('t', 'q', 'a', 1, 9, 201410), "
    rows += "('bad', 'p', 'a', 1, 9, 201330), ('bad', 'p', 'b', 1, 9, 201330), ('t', 'p', 'b', 1, 9, 201410)"
    file = tmp_path / "packages.parquet"
    duckdb.sql(
        f"""COPY (SELECT * FROM (VALUES {rows}) v(clickability_test_id, eyecatcher_id, headline, clicks, impressions,
        test_week)) TO '{file}' (FORMAT parquet)"""
    )
    ((headlines, clicks, impressions),) = load("headline_tests").read_groups(file)
    assert (headlines, clicks.tolist(), impressions.tolist()) == (["a", "b"], [1, 3], [9, 18])


@pytest.mark.slow
def test_a_prior_that_words_tell_is_found(load: Any) -> None:
    """Headlines with 'shocking' get twice the clicks; the prior of tests that were left out says so."""
    module, rng = load("headline_tests"), np.random.default_rng(1)
    groups = []
    for at in range(200):
        rates = np.array([0.02, 0.04])
        shown = np.full(2, 3000.0)
        groups.append(([f"word{at} plain", f"other{at} shocking"], rng.binomial(3000, rates).astype(float), shown))
    lines = module.lines_of(groups)
    train = lines.group < 150
    log_rate, strength = module.learn_prior(lines, train, train & (lines.group >= 110))
    left = log_rate[lines.group >= 150].reshape(-1, 2)
    assert (left[:, 1] > left[:, 0]).mean() > 0.95
    assert strength > 20


def test_about_a_quarter_is_kept_for_settings_and_groups_that_share_a_headline_are_on_one_side(load: Any) -> None:
    module, one = load("headline_tests"), np.ones(2)
    groups = [([f"head{at}", f"line{at // 2}"], one, one) for at in range(400)]
    part = module.components(groups)
    kept = module.tuned(groups, part)
    assert 0.1 < kept.mean() < 0.4
    assert (kept[::2] == kept[1::2]).all()
