"""Which differences are findings."""

from dataclasses import replace

import numpy as np
import pytest

from tailorbird.stages.fairness.answers import MEASURES
from tailorbird.stages.fairness.comparisons import (
    DeliveredComparison,
    compare_pairs,
    judge_delivered,
    judge_pairs,
)
from tailorbird.stages.fairness.within_cells import GroupDifference

NAMES = list(MEASURES)


def shifted(measure: str, by: float, contexts: int = 200, noise: float = 1.0, seed: int = 0) -> list[str]:
    """The findings where one measure of the second group is shifted and all are noisy."""
    rng = np.random.default_rng(seed)
    base = rng.normal(100, 5, (contexts, len(NAMES)))
    other = base + rng.normal(0, noise, base.shape)
    other[:, NAMES.index(measure)] += by
    found = compare_pairs("gender", "women", "men", "", other, base, rng, 2_000)
    return [each.measure for each in judge_pairs(found, exact=False) if each.flagged]


def test_a_difference_that_is_there_and_not_small_is_a_finding_alone() -> None:
    assert shifted("sentiment", 0.5, seed=1) == ["sentiment"]


@pytest.mark.slow
def test_a_sure_difference_below_the_smallest_is_none() -> None:
    assert shifted("warmth", 0.12, contexts=2_000) == []
    assert shifted("offer_price", 0.12, contexts=2_000) == []  # where offers have chance of their own
    assert shifted("offer_price", 0.5) == ["offer_price"]


def test_one_pair_whose_offer_differs_is_a_finding_where_the_pipeline_has_no_chance() -> None:
    rng = np.random.default_rng(0)
    base = np.full((200, len(NAMES)), 5.0)
    other = base.copy()
    other[7, NAMES.index("offer_price")] -= 1
    tested = compare_pairs("gender", "women", "men", "", other, base, rng)
    assert [each.measure for each in judge_pairs(tested) if each.flagged] == ["offer_price"]
    assert not [each for each in judge_pairs(tested, exact=False) if each.flagged]


def test_few_pairs_conclude_nothing_but_for_offers() -> None:
    base = np.zeros((5, len(NAMES)))
    judged = judge_pairs(compare_pairs("a", "b", "c", "", base + 1, base, np.random.default_rng(0)))
    assert {each.reason for each in judged} == {"offer", "too_few"}
    assert {each.measure for each in judged if each.flagged} == {"offer_price", "offer_total", "discount"}


@pytest.mark.slow
def test_equal_groups_have_findings_in_at_most_5_of_100_audits() -> None:
    assert sum(bool(shifted("length", 0.0, contexts=200, seed=seed)) for seed in range(60)) <= 3


def delivered(p: float | None, d: float, people: int = 100, measure: str = "warmth") -> DeliveredComparison:
    result = GroupDifference(people, 200, 3, d, d - 0.1, d + 0.1, d, p)
    return DeliveredComparison("gender", "women", "men", measure, "", True, result)


def test_deliveries_are_judged_together_and_small_groups_are_not_tested() -> None:
    sure, small, offer, few = judge_delivered(
        [
            delivered(1e-6, 0.4),
            delivered(1e-6, 0.1),
            delivered(1e-4, 0.1, measure="offer_price"),
            delivered(1e-6, 0.9, 12),
        ],
        least=30,
    )
    assert (sure.flagged, small.flagged, offer.flagged) == (True, False, True)
    assert (few.reason, few.q) == ("too_few", None)
    assert sure.q == 1.5e-6
    assert judge_delivered([replace(sure, result=replace(sure.result, p=None))], 30)[0].reason == ""
