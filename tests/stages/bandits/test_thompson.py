import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.bandits.policy_state import write_state
from tailorbird.stages.bandits.thompson import ThompsonPolicy, cell_of
from tailorbird.types.policy_rows import Choices, Lessons, Rewards, Situations
from tailorbird.types.policy_spec import PolicySpec

ARMS = ("a", "b", "c")
ALL = (True, True, True)


def share(
    counts: dict[str, tuple[float, float]],
    spec: PolicySpec = PolicySpec(),
    seed: str = "s",
    allowed: tuple[bool, ...] = ALL,
    lessons: Lessons = Lessons(),
    seen: tuple[float, ...] | None = None,
) -> np.ndarray:
    policy = ThompsonPolicy(spec, lessons, write_state("thompson", {"arms": counts}))
    got: np.ndarray = decide(policy, seed, allowed, seen).shares[0]
    return got


def decide(
    policy: ThompsonPolicy,
    seed: str = "s",
    allowed: tuple[bool, ...] = ALL,
    seen: tuple[float, ...] | None = None,
    cohort: str = "",
) -> Choices:
    memory = np.array([seen]) if seen else None
    asked = Situations(ARMS, np.array([allowed]), np.zeros(1, dtype=np.int64), seed, [cohort] if cohort else (), memory)
    return policy.decide_many(asked, np.array([0.3]))


def test_without_outcomes_the_arms_share_about_evenly() -> None:
    assert np.allclose(share({}), 1 / 3, atol=0.04)


def test_a_better_arm_is_shown_more_and_the_worst_keeps_the_floor() -> None:
    counts = {"a": (60.0, 1000.0), "b": (20.0, 1000.0), "c": (20.0, 1000.0)}
    got = share(counts, PolicySpec(floor=0.06))
    assert got[0] > 0.9 and got[1] >= 0.02 - 1e-9 and np.isclose(got.sum(), 1)


def test_among_the_arms_that_compete_what_was_learned_counts_though_the_leader_is_out() -> None:
    counts = {"a": (300.0, 1000.0), "b": (60.0, 1000.0), "c": (10.0, 1000.0)}
    got = share(counts, PolicySpec(floor=0.06), allowed=(False, True, True))
    assert got[0] == 0 and got[1] == pytest.approx(0.97) and got[2] == pytest.approx(0.03)


def test_the_same_version_gives_the_same_shares() -> None:
    counts = {"a": (3.0, 50.0)}
    assert (share(counts, seed="v1") == share(counts, seed="v1")).all()


def test_counts_with_more_successes_than_exposures_do_not_break_the_posterior() -> None:
    assert np.isfinite(share({"a": (5.0, 2.0)})).all()


def test_a_person_for_whom_no_arm_competes_gets_none() -> None:
    found = decide(ThompsonPolicy(PolicySpec(), Lessons()), allowed=(False,) * 3)
    assert found.arm.tolist() == [-1] and found.propensity.tolist() == [0.0]


def test_an_arm_that_is_expected_to_be_better_is_tried_first() -> None:
    got = share({}, lessons=Lessons(priors={"a": 0.06, "b": 0.02, "c": 0.02}))
    assert got[0] > 0.7


def test_more_temper_trusts_the_evidence_sooner() -> None:
    counts = {"a": (12.0, 300.0), "b": (8.0, 300.0), "c": (8.0, 300.0)}
    textbook, tempered = (share(counts, PolicySpec(temper=h, floor=0.0)) for h in (1.0, 16.0))
    assert tempered[0] > textbook[0] + 0.2


def test_a_line_that_somebody_saw_often_makes_room_for_others_where_people_tire() -> None:
    counts = {"a": (60.0, 1000.0), "b": (50.0, 1000.0), "c": (10.0, 1000.0)}
    fresh = share(counts, lessons=Lessons(fatigue=0.6))
    tired = share(counts, lessons=Lessons(fatigue=0.6), seen=(6.0, 0.0, 0.0))
    nobody_tires = share(counts, seen=(6.0, 0.0, 0.0))
    assert fresh[0] > 0.6 and tired[0] < 0.05 and tired[1] > 0.9
    assert nobody_tires[0] > 0.6


def test_a_cohort_has_a_leader_of_its_own_and_an_unknown_cohort_that_of_all() -> None:
    spec = PolicySpec(kind="cohorts", cohort="country")
    state = {
        "arms": {"a": (100.0, 2000.0), "b": (90.0, 2000.0)},
        "cells": {cell_of("DE", "a"): (20.0, 1000.0), cell_of("DE", "b"): (80.0, 1000.0)},
    }
    policy = ThompsonPolicy(spec, Lessons(), write_state("cohorts", state))
    assert decide(policy, cohort="DE").shares[0][1] > 0.9
    assert decide(policy, cohort="").shares[0][0] > decide(policy, cohort="").shares[0][1]


def test_what_is_not_known_of_a_cohort_comes_from_all_others() -> None:
    spec = PolicySpec(kind="cohorts")
    state = {"arms": {"a": (200.0, 2000.0), "b": (40.0, 2000.0), "c": (40.0, 2000.0)}, "cells": {}}
    policy = ThompsonPolicy(spec, Lessons(), write_state("cohorts", state))
    assert decide(policy, cohort="FR").shares[0][0] > 0.6


@pytest.mark.slow
@given(
    st.lists(st.tuples(st.sampled_from(ARMS), st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=20),
    st.integers(1, 19),
)
def test_learning_in_two_parts_is_learning_at_once(rows: list[tuple[str, float, float]], cut: int) -> None:
    def part(of: list[tuple[str, float, float]]) -> Rewards:
        columns = [np.array([row[i] for row in of], dtype=np.float64) for i in (1, 2)]
        return Rewards([row[0] for row in of], columns[0], columns[1], np.ones(len(of)))

    new = ThompsonPolicy(PolicySpec(), Lessons())
    assert new.update(part(rows)).version == new.update(part(rows[:cut])).update(part(rows[cut:])).version
