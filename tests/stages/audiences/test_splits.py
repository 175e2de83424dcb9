"""Proposals of splits: planted ones are found, chance ones are not, and intervals hold."""

import math
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.audiences.rules import select_people
from tailorbird.stages.audiences.splits import leaf_audience, lift_of, propose_splits, rate_of
from tailorbird.types.audience import AudienceRule, Condition
from tailorbird.types.feature import FeatureTable

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def population(seed: int, n: int = 4000) -> tuple[FeatureTable, np.random.Generator]:
    draw = np.random.default_rng(seed)
    columns: dict[str, list[Any]] = {
        "spent": [None if missing else round(float(v), 2) for v, missing in zip(draw.gamma(2, 30, n), draw.random(n) < 0.1, strict=True)],
        "country": [str(c) for c in draw.choice(["DE", "FR", "GB", "US"], n)],
        "vip": [bool(v) for v in draw.random(n) < 0.3],
        "noise": [float(v) for v in draw.normal(size=n)],
    }  # fmt: skip
    return FeatureTable(NOW, [f"p{i}" for i in range(n)], columns), draw


@pytest.mark.slow
def test_a_planted_split_is_found_with_its_rates_inside_their_intervals() -> None:
    table, draw = population(7, 20_000)
    chance = [0.25 if country in ("DE", "FR") else 0.1 for country in table.columns["country"]]
    responded = draw.random(len(chance)) < np.array(chance)
    tree = propose_splits(table, responded.tolist(), [True] * len(chance))
    assert tree.root.condition == Condition("country", one_of=("DE", "FR"))
    assert tree.root.yes is not None and tree.root.no is not None
    for side, truth in ((tree.root.yes, 0.25), (tree.root.no, 0.1)):
        assert side.response.low < truth < side.response.high
    assert tree.root.people == sum(leaf.people for leaf in tree.root.leaves()) == 20_000


@pytest.mark.slow
def test_a_second_condition_is_found_below_the_first() -> None:
    table, draw = population(8, 20_000)
    spent = table.columns["spent"]
    chance = [0.4 if vip and (s or 0) >= 60 else 0.1 for vip, s in zip(table.columns["vip"], spent, strict=True)]
    tree = propose_splits(table, (draw.random(len(chance)) < np.array(chance)).tolist(), [True] * len(chance))
    asked = {condition.feature for leaf in tree.root.leaves() for condition, _ in leaf.path}
    assert {"vip", "spent"} <= asked
    best = max(tree.root.leaves(), key=lambda leaf: leaf.response.share)
    assert {(condition.feature, holds) for condition, holds in best.path} >= {("vip", True), ("spent", True)}


@pytest.mark.slow
def test_where_nothing_is_planted_few_populations_are_split() -> None:
    split = 0
    for seed in range(100):
        table, draw = population(seed, 2000)
        tree = propose_splits(table, (draw.random(2000) < 0.15).tolist(), [True] * 2000, seed)
        split += tree.root.condition is not None
    assert split <= 8, "5 % by the bar, fewer by the second half: 8 of 100 would be a tail event"


@pytest.mark.slow
def test_leaves_part_everybody_and_are_audiences() -> None:
    table, draw = population(9, 8000)
    chance = [0.3 if (s or 0) > 50 else 0.05 for s in table.columns["spent"]]
    tree = propose_splits(table, (draw.random(8000) < np.array(chance)).tolist(), [True] * 8000)
    assert tree.root.condition is not None
    for base in (AudienceRule("base"), AudienceRule("base", sql="noise < 1 OR vip")):
        held = [select_people(leaf_audience("leaf", base, leaf), table) for leaf in tree.root.leaves()]
        assert [sum(column) for column in zip(*held, strict=True)] == [int(in_) for in_ in select_people(base, table)]


def test_whoever_has_a_withheld_value_is_left_out_and_counted() -> None:
    table, draw = population(10, 1000)
    hidden = [row % 4 == 0 for row in range(1000)]
    table = replace(table, withheld={"noise": hidden})
    tree = propose_splits(table, (draw.random(1000) < 0.5).tolist(), [row % 2 == 1 for row in range(1000)])
    assert (tree.left_out, tree.treated, tree.held) == (250, 500, 250)


@pytest.mark.slow
def test_the_lift_is_against_the_held_out_of_the_same_leaf() -> None:
    table, draw = population(11, 20_000)
    treated = draw.random(20_000) < 0.5
    vip = np.array(table.columns["vip"])
    chance = 0.1 + 0.2 * vip + 0.1 * (treated & vip)
    tree = propose_splits(table, (draw.random(20_000) < chance).tolist(), treated.tolist())
    assert tree.root.condition in (Condition("vip", equals=True), Condition("vip", equals=False))
    best = max(tree.root.leaves(), key=lambda leaf: leaf.response.share)
    assert best.lift is not None
    assert best.lift[1] < 0.1 < best.lift[2]
    assert best.lift[1] > 0


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_rate_lies_in_its_interval_and_the_interval_in_nought_to_one(people: int, responses: int) -> None:
    responses = min(responses, people)
    rate = rate_of(people, responses)
    assert 0 <= rate.low <= rate.share <= rate.high <= 1 or not people


def test_intervals_are_those_of_the_papers() -> None:
    # Wilson's interval for 81 of 263, and Newcombe's difference 56/70 - 48/80: both from Newcombe (1998).
    rate = rate_of(263, 81)
    assert (round(rate.low, 4), round(rate.high, 4)) == (0.2553, 0.3662)
    lift = lift_of(rate_of(70, 56), rate_of(80, 48))
    assert lift is not None
    assert [round(value, 4) for value in lift] == [0.2, 0.0524, 0.3339]
    assert lift_of(rate_of(0, 0), rate_of(80, 48)) is None
    assert not math.isnan(rate_of(0, 0).share)
