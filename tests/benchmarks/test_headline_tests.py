"""Headline tests as the bandits' benchmark reads them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest


def test_groups_that_share_a_headline_are_in_one_fold(load: Any) -> None:
    one, module = np.ones(2), load("headline_tests")
    groups = [module.Group(pair, one, one) for pair in (["a", "b"], ["c", "d"], ["B ", "e"], ["d", "f"])]
    part = module.components(groups)
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
    (found,) = load("headline_tests").read_groups(file)
    assert (found.headlines, found.clicks.tolist(), found.shown.tolist(), found.test) == (
        ["a", "b"],
        [1, 3],
        [9, 18],
        "t",
    )


def shocking(module: Any, number: int, rng: np.random.Generator) -> list[Any]:
    """Tests in which a headline with 'shocking' gets twice the clicks."""
    groups = []
    for at in range(number):
        won = rng.binomial(3000, np.array([0.02, 0.04])).astype(float)
        groups.append(module.Group([f"word{at} plain", f"other{at} shocking"], won, np.full(2, 3000.0), f"t{at}"))
    return groups


@pytest.mark.slow
def test_a_prior_that_words_tell_is_found(load: Any) -> None:
    module = load("headline_tests")
    groups = shocking(module, 200, np.random.default_rng(1))
    lines, number = module.lines_of(groups), np.arange(200)
    train = number < 150
    log_rate, strength = module.learn_prior(groups, lines, train, train & (number >= 110))
    left = log_rate[lines.group >= 150].reshape(-1, 2)
    assert (left[:, 1] > left[:, 0]).mean() > 0.95
    assert strength > 20


@pytest.mark.slow
def test_pairs_of_other_tests_teach_and_those_of_the_same_tests_or_headlines_do_not(load: Any) -> None:
    module, pairs = load("headline_tests"), load("headlines").Pairs
    groups = shocking(module, 60, np.random.default_rng(2))
    hidden = np.arange(60) >= 30
    new = pairs(
        [f"new{at} shocking" for at in range(80)], [f"newer{at} plain" for at in range(80)],
        np.ones(80, dtype=bool), [f"n{at}" for at in range(80)], np.arange(80),
    )  # fmt: skip
    told = module.pair_utilities(groups, hidden, new).reshape(-1, 2)
    assert (told[:, 1] > told[:, 0]).all()
    same_test = pairs(new.first, new.second, new.better, ["t40"] * 80, new.groups)
    same_headline = pairs(["Other40 SHOCKING!"] * 80, new.second, new.better, new.tests, new.groups)
    for leaky in (same_test, same_headline):
        assert not module.pair_utilities(groups, hidden, leaky).any()


def test_about_a_quarter_is_kept_for_settings_and_groups_that_share_a_headline_are_on_one_side(load: Any) -> None:
    module, one = load("headline_tests"), np.ones(2)
    groups = [module.Group([f"head{at}", f"line{at // 2}"], one, one) for at in range(400)]
    part = module.components(groups)
    kept = module.tuned(groups, part)
    assert 0.1 < kept.mean() < 0.4
    assert (kept[::2] == kept[1::2]).all()
