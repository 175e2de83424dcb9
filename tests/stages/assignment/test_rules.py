"""Experiments compiled for deciding online."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.assignment.arms import draw_arm, shares_of
from tailorbird.stages.assignment.rules import CompiledExperiments, OnlineExperiment

PEOPLE = [f"u-{i}" for i in range(20_000)]
ARMS = {"a": 1.0, "b": 1.0, "c": 2.0}
EVERYBODY = {"all": np.ones(len(PEOPLE), dtype=bool)}


def compiled(*experiments: OnlineExperiment) -> CompiledExperiments:
    return CompiledExperiments(experiments)


@pytest.mark.slow
@given(
    st.lists(st.text(max_size=8), max_size=20),
    st.lists(
        st.tuples(st.floats(0, 1), st.lists(st.floats(0.01, 9), min_size=1, max_size=4), st.booleans()), max_size=5
    ),
)
def test_one_by_one_and_together_are_equal(units: list[str], drawn: list[Any]) -> None:
    made = [
        OnlineExperiment(
            f"e{at}", f"s{at}", {str(n): w for n, w in enumerate(weights)}, "odd" if asks else "", coverage
        )
        for at, (coverage, weights, asks) in enumerate(drawn)
    ]
    rules = CompiledExperiments(made)
    odd = np.array([len(unit) % 2 == 1 for unit in units], dtype=bool)
    numbers, names = rules.decide_many(units, {"odd": odd})
    together = [[names[at][number] for at, number in enumerate(row)] for row in numbers.tolist()]
    alone = [rules.decide_one(unit, {"odd": lambda length: length % 2 == 1}, len(unit)) for unit in units]
    assert together == alone


def test_who_is_not_in_the_audience_takes_no_part_and_each_audience_is_judged_once() -> None:
    asked: list[int] = []

    def adult(age: int) -> bool:
        asked.append(age)
        return age >= 18

    rules = compiled(*(OnlineExperiment(f"e{k}", f"s{k}", ARMS, "adult") for k in range(5)))
    assert rules.decide_one("u", {"adult": adult}, 17) == [""] * 5
    assert "" not in rules.decide_one("u", {"adult": adult}, 18)
    assert asked == [17, 18]


def test_the_coverage_is_each_arms_and_raising_it_moves_nobody() -> None:
    arms = []
    for coverage in (0.5, 0.95, 1.0):
        numbers, (names,) = compiled(OnlineExperiment("e", "s", ARMS, "all", coverage)).decide_many(PEOPLE, EVERYBODY)
        arms.append([names[number] for (number,) in numbers.tolist()])
        for arm, share in shares_of(ARMS).items():
            assert abs(arms[-1].count(arm) / 20_000 - share * coverage) < 0.015
    for less, more in ((arms[0], arms[1]), (arms[1], arms[2])):
        assert all(one in ("", other) for one, other in zip(less, more, strict=True))
    assert "" not in arms[2]


def test_a_campaigns_variant_is_the_same_online_and_in_a_send() -> None:
    rules = compiled(OnlineExperiment("win_back", "shop|win_back|variant", ARMS))
    shares = shares_of(ARMS)
    assert [rules.decide_one(p, {}, None)[0] for p in PEOPLE[:300]] == [
        draw_arm(p, "shop|win_back|variant", shares) for p in PEOPLE[:300]
    ]


@pytest.mark.slow
def test_experiments_of_several_audiences_in_any_order_have_the_arms_of_their_whole_places() -> None:
    """200,000 draws, of which one in 50 is among places whose top byte does not tell the arm."""
    made = [OnlineExperiment(f"e{k}", f"s{k}", ARMS, ("", "odd", "even")[k % 3], 1 - k / 20) for k in range(10)]
    rules = compiled(*made)
    inside = {"odd": np.arange(20_000) % 2 == 1, "even": np.arange(20_000) % 2 == 0}
    tests = {"odd": lambda at: at % 2 == 1, "even": lambda at: at % 2 == 0}
    numbers, names = rules.decide_many(PEOPLE, inside)
    together = [[names[at][number] for at, number in enumerate(row)] for row in numbers.tolist()]
    assert together == [rules.decide_one(unit, tests, at) for at, unit in enumerate(PEOPLE)]
    assert not any(row[1] for row in together[::2]) and not any(row[2] for row in together[1::2])


@pytest.mark.parametrize("coverage", [-0.1, 1.1, float("nan")])
def test_a_coverage_that_is_no_share_is_refused(coverage: float) -> None:
    with pytest.raises(ValueError, match="coverage is a share"):
        compiled(OnlineExperiment("e", "s", ARMS, "", coverage))


def test_one_key_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="one key"):
        compiled(OnlineExperiment("e", "s", ARMS), OnlineExperiment("e", "t", ARMS))
