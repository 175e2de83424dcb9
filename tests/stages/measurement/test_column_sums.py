"""Sums from columns: those that each arm's people have, in any number of blocks and threads."""

from dataclasses import astuple

import numpy as np
import pytest

from tailorbird.stages.measurement import column_sums
from tailorbird.stages.measurement.column_sums import MetricColumns, sums_by_arm
from tailorbird.stages.measurement.moments import Moments, moments_of

RNG = np.random.default_rng(53)
N = 10_000


@pytest.mark.slow
@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("block", [1000, 1 << 20])
def test_each_arms_sums_are_those_of_its_people(monkeypatch: pytest.MonkeyPatch, threads: int, block: int) -> None:
    monkeypatch.setattr(column_sums, "BLOCK", block)
    arms = RNG.integers(0, 3, N).astype("int8")
    bought = (RNG.random(N) < 0.1).astype("int8")
    money, orders, before = RNG.gamma(2, 20, N), RNG.poisson(2, N), RNG.normal(-5, 2, N)
    found = sums_by_arm(arms, 3, [MetricColumns(bought), MetricColumns(money, orders, before)], threads)
    for arm in range(3):
        inside = arms == arm
        for mine, theirs in zip(
            found[arm],
            (moments_of(bought[inside]), moments_of(money[inside], orders[inside], before[inside])),
            strict=True,
        ):
            assert astuple(mine) == pytest.approx(astuple(theirs))


def test_nobody_at_all_has_sums_of_zero() -> None:
    assert sums_by_arm(np.empty(0, dtype="int8"), 2, [MetricColumns(np.empty(0))]) == [[Moments()], [Moments()]]


@pytest.mark.parametrize("kind", ["bool", "int8", "uint8", "int64", ">i2", "float32"])
@pytest.mark.parametrize("values", [[0, 1, 1, 0, 1], [0, 1, 2, -1, 256]])
def test_a_column_of_any_type_has_the_sums_of_its_numbers(kind: str, values: list[int]) -> None:
    """What is counted as yes and no is just that: no 256 that looks like 1 with its bytes turned, no -1."""
    column = np.array(values).astype(kind)
    spread = np.repeat(column, 2)[::2]
    assert not spread.flags.contiguous
    arms = np.array([0, 1, 1, 0, 1])
    for found in (sums_by_arm(arms, 2, [MetricColumns(column)]), sums_by_arm(arms, 2, [MetricColumns(spread)])):
        for arm in range(2):
            assert found[arm][0] == moments_of(column[arms == arm].astype(float))


def test_many_arms_and_columns_are_summed_in_smaller_blocks() -> None:
    rng = np.random.default_rng(5)
    arms, (y, b, x) = rng.integers(0, 40, 4_000), rng.normal(size=(3, 4_000))
    found = sums_by_arm(arms, 40, [MetricColumns(y, b, x)])
    for arm in range(40):
        inside = arms == arm
        assert astuple(found[arm][0]) == pytest.approx(astuple(moments_of(y[inside], b[inside], x[inside])))


@pytest.mark.parametrize(
    ("arms", "y", "words"),
    [
        ([0, 1], [1.0], "one length"),
        ([0, 2], [1.0, 1.0], "outside 0 to 1"),
        ([0, -1], [1.0, 1.0], "outside 0 to 1"),
        ([0, 1], [1.0, np.nan], "finite"),
    ],
)
def test_bad_columns_are_refused(arms: list[int], y: list[float], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        sums_by_arm(np.array(arms), 2, [MetricColumns(np.array(y))])
