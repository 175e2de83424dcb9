"""Recommenders are judged by what people bought after the moment until which they learned."""

from typing import Any

import numpy as np
import pytest

from tailorbird.pipeline.evaluate_recommendations import TooLittleToJudgeError, evaluate, split_by_time
from tailorbird.types.recommendation import Bought


def bought(rows: list[tuple[int, int, float]]) -> Bought:
    people, items, days = zip(*rows, strict=True)
    return Bought(np.array(people), np.array(items), np.array(days, dtype=float), np.full(len(rows), -1))


def test_nothing_after_the_cut_is_learned_from() -> None:
    split = split_by_time(bought([(0, 1, 0.0), (1, 2, 3.0), (0, 0, 80.0), (0, 1, 90.0)]), np.full(2, -1), 3, days=28)
    assert split.cut == 62.0 and split.before.items.tolist() == [1, 2]
    assert split.people.tolist() == [0]
    assert split.known.tolist() == [[False, True, False]] and split.after.tolist() == [[True, True, False]]


def test_nobody_on_both_sides_is_refused() -> None:
    with pytest.raises(TooLittleToJudgeError, match="other --days"):
        split_by_time(bought([(0, 1, 0.0), (1, 2, 90.0)]), np.full(2, -1), 3, days=28)
    nothing = np.empty(0, dtype=np.int64)
    with pytest.raises(TooLittleToJudgeError):
        split_by_time(Bought(nothing, nothing, np.empty(0), nothing), np.full(2, -1), 3, days=28)


@pytest.mark.slow
def test_the_example_shops_recommenders_are_judged_on_both_questions(opened: Any) -> None:
    names = ["neighbours", "popular"]
    args = (opened.project, opened.campaign, opened.items, opened.warehouse, opened.moment)
    found = evaluate(*args, 28.0, names)
    assert list(found["recommenders"]) == names and found["people"] > 0
    for each in found["recommenders"].values():
        for kind in ("new", "all"):
            mean, low, high = each[kind]["ndcg"]
            assert low <= mean <= high and 0 <= mean <= 1
            assert each[kind]["people"] <= found["people"]
