"""The program's metrics from columns of people: what is said, what is refused, and why."""

from typing import Any

import numpy as np
import pytest

from tailorbird.stages.measurement.program import NO_MARGIN, arm_counts, judge_program, program_metrics
from tailorbird.stages.measurement.program_sql import PERIOD_COLUMNS
from tailorbird.types.program import ProgramMetric


def world(people: int, rate: float, lift: float, held: float, seed: int = 5) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    columns = {name: np.zeros(people) for name in PERIOD_COLUMNS}
    out = rng.random(people) < held
    own = rng.gamma(1.0, rate, people)
    columns["orders"] = rng.poisson(own * np.where(out, 1, 1 + lift)).astype(float)
    columns["count_before"] = columns["count_ever"] = rng.poisson(own * 5).astype(float)
    columns["value_before"] = columns["value_ever"] = columns["count_before"] * 20
    columns["revenue"] = columns["orders"] * 20
    columns["margin"] = columns["orders"] * 8
    columns["unsubscribed"] = np.where(out, 0.0, rng.random(people) < 0.02)
    return columns, (~out, out)


def metrics(columns: Any, masks: Any, margin: bool = True) -> dict[str, ProgramMetric]:
    names = [f"p{n}" for n in range(len(masks[0]))]
    return {one.name: one for one in program_metrics(columns, names, masks, float(len(names)), margin)}


def verdict(columns: Any, masks: Any) -> tuple[str, str]:
    arms = arm_counts("program", columns, masks[0], True), arm_counts("held", columns, masks[1], True)
    return judge_program(tuple(metrics(columns, masks).values()), arms)


def test_an_effect_is_given_per_person_and_in_all() -> None:
    columns, masks = world(6000, 0.3, 1.0, 0.2)
    orders = metrics(columns, masks)["orders"]
    assert orders.effect is not None and orders.total is not None
    assert orders.effect.low < 0.3 < orders.effect.high and orders.effect.low > 0
    assert orders.total.difference == pytest.approx(orders.effect.difference * masks[0].sum())
    kind, sentence = verdict(columns, masks)
    assert kind == "better" and "orders, revenue" not in sentence and "unsubscribes surely rose" in sentence


def test_less_is_told_as_less_and_nothing_as_nothing() -> None:
    assert verdict(*world(6000, 0.3, -0.8, 0.3))[0] == "worse"
    assert verdict(*world(6000, 0.3, 0.0, 0.3))[0] == "no_difference"


def test_what_people_did_before_narrows_the_interval_with_few_people_too() -> None:
    for people in (900, 3000):
        columns, masks = world(people, 1.0, 0.0, 0.4)
        assert metrics(columns, masks)["orders"].estimate.kept < 0.9


def test_a_small_holdout_is_refused_with_the_people_that_it_takes() -> None:
    columns, masks = world(300, 0.3, 0.0, 0.05)
    held, buyers = int(masks[1].sum()), int((columns["orders"][masks[1]] > 0).sum())
    found = metrics(columns, masks)
    assert found["orders"].effect is None and found["revenue"].effect is None
    needed = int(np.ceil(25 / (buyers / held)))
    for part in (f"{buyers} of the {held} people held out ordered", f"about {needed} people held out"):
        assert part in found["orders"].why
    assert "from 50 on" in found["revenue"].why
    assert verdict(columns, masks)[0] == "too_few"


def test_nobody_who_ordered_is_no_number() -> None:
    columns, masks = world(300, 0.3, 0.0, 0.3)
    columns["orders"] = columns["revenue"] = columns["margin"] = np.zeros(300)
    assert metrics(columns, masks)["orders"].why.endswith("nobody ordered at all")


def test_an_empty_side_compares_with_nothing() -> None:
    columns, masks = world(300, 0.3, 0.0, 0.3)
    nobody = np.zeros(300, dtype=bool)
    assert verdict(columns, (masks[0], nobody))[0] == "no_comparison"
    assert "left to the campaigns" in verdict(columns, (nobody, masks[1]))[1]


def test_one_large_order_is_cut_off_and_the_counts_are_not() -> None:
    columns, masks = world(3000, 0.5, 0.0, 0.3)
    first = int(np.flatnonzero(masks[0] & (columns["orders"] > 0))[0])
    before = metrics(columns, masks)["revenue"]
    columns["revenue"][first] += 1e6
    after = metrics(columns, masks)["revenue"]
    assert after.effect is not None and before.effect is not None and after.cut_off == before.cut_off
    assert abs(after.effect.difference - before.effect.difference) < 0.1
    assert arm_counts("program", columns, masks[0], True).revenue > 1e6


def test_an_unknown_margin_is_said_and_widens_nothing() -> None:
    columns, masks = world(3000, 0.5, 0.5, 0.3)
    with_it, without = metrics(columns, masks), metrics(columns, masks, margin=False)
    assert (without["margin"].effect, without["margin"].why) == (None, NO_MARGIN)
    wide, narrow = with_it["orders"].effect, without["orders"].effect
    assert wide is not None and narrow is not None and narrow.high - narrow.low < wide.high - wide.low
    assert arm_counts("held", columns, masks[1], False).margin is None
