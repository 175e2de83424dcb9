from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tailorbird.pipeline.off_policy.other_policies import OtherPolicy, counts_of, differs, place_of
from tailorbird.types.policy_spec import PolicySpec

pytestmark = pytest.mark.slow

PRIOR = PolicySpec(prior_mean=0.1)


@pytest.fixture
def subject(past: Any) -> tuple[Any, Any]:
    draws = past.draws()
    return draws, draws.blocks[1]


def test_even_shares_are_even_among_those_that_competed(subject: Any) -> None:
    past, block = subject
    place = place_of(OtherPolicy("even", "uniform"), past, block, PRIOR, "others")
    assert sorted(place.policy.max(axis=1).tolist()) == pytest.approx([1 / 3, 1 / 2, 1])


def test_one_line_is_shown_where_it_competed_and_nothing_changes_elsewhere(subject: Any) -> None:
    past, block = subject
    place = place_of(OtherPolicy("cold", "line", line="cold"), past, block, PRIOR, "others")
    at = block.arms.index("cold")
    could = block.logged[:, at] > 0
    assert (place.policy[could, at] == 1).all()
    assert (place.policy[~could] == block.logged[~could]).all()
    assert differs(place) == pytest.approx(0.4, abs=0.01)


def test_the_widest_line_is_one_that_most_people_could_have_got(subject: Any) -> None:
    past, block = subject
    place = place_of(OtherPolicy("same", "widest"), past, block, PRIOR, "others")
    assert (place.policy[1:, block.arms.index("plain")] == 1).all()


def test_the_best_line_is_found_from_other_people(subject: Any) -> None:
    past, block = subject
    place = place_of(OtherPolicy("best", "best"), past, block, PRIOR, "others")
    warm = block.arms.index("warm")
    assert place.policy.shape == (2 * 3, 4)
    assert place.policy[:, warm].sum() == 4
    assert (place.draws.situation // 3 == block.draws.fold % 2).all()


def test_before_the_first_step_nothing_is_known_and_before_the_second_the_first(subject: Any) -> None:
    past, block = subject
    spec = PolicySpec(kind="thompson", prior_mean=0.1, temper=16)
    place = place_of(OtherPolicy("ts", "spec", spec=spec), past, block, PRIOR, "before")
    warm = block.arms.index("warm")
    first, second = place.policy[:3, warm], place.policy[3:, warm]
    assert first.max() == pytest.approx(0.5, abs=0.05)
    assert second.max() > 0.9


def test_a_policy_of_fixed_kind_learns_nothing(subject: Any) -> None:
    past, block = subject
    place = place_of(OtherPolicy("fixed", "spec", spec=replace(PRIOR, kind="fixed")), past, block, PRIOR, "others")
    assert set(np.round(place.policy[place.policy > 0], 3).tolist()) == {0.333, 0.5, 1.0}


def test_tags_narrow_what_competes_where_any_line_bears_them(subject: Any) -> None:
    past, block = subject
    policy = OtherPolicy("cold only", "uniform", tags=(("tone", "cold"),))
    place = place_of(policy, past, block, PRIOR, "others", lambda line, tag, value: line == "cold")
    shares = place.policy[:, block.arms.index("cold")]
    assert sorted(shares.tolist()) == [0, 0, 1]
    assert place.policy[0, 0] == 1


def test_counts_are_like_with_like(subject: Any) -> None:
    past, block = subject
    counts = counts_of(block, np.ones(len(past.step), dtype=bool))
    rates = {line: won / seen for line, (won, seen) in counts.items()}
    assert rates["cold"] < rates["plain"] < rates["warm"]
    assert "" not in counts


def test_counts_of_nobody_are_empty(subject: Any) -> None:
    past, block = subject
    assert counts_of(block, np.zeros(len(past.step), dtype=bool)) == {}
