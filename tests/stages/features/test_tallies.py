"""Tallies: any order of rows, any way to split them, one answer."""

from itertools import permutations
from typing import Any

import pytest

from tailorbird.stages.features.tallies import Count, Distinct, Extreme, Frequent, Row, Sessions, Since, Sum, Windowed
from tailorbird.types.feature import FeatureDefinition

HOUR_US = 3_600_000_000
SESSION = FeatureDefinition(name="s", kind="session", purpose="p", measure="events", gap_minutes=60)
RECENCY = FeatureDefinition(name="r", kind="recency", purpose="p", unit="hours", pick="first")
LANDING = FeatureDefinition(name="s", kind="session", purpose="p", measure="landing", field="context.page.path")
VISIT: list[Row] = [(9, "b", 0, "/b"), (9, "a", 0, "/a"), (5, "c", 0, None), (60, "d", 0, "/d")]
TEXTS: list[Row] = [(HOUR_US, "b", 0, "x"), (HOUR_US, "a", 0, "y"), (0, "c", 0, "x"), (3 * HOUR_US, "d", 0, "y")]
NUMBERS: list[Row] = [(HOUR_US, "b", 0, 5), (HOUR_US, "a", 0, -7), (0, "c", 0, 10**17), (3 * HOUR_US, "d", 0, 10**17)]


@pytest.mark.parametrize(
    ("tally", "rows", "expected"),
    [
        (Count(), TEXTS, 4),
        (Sum(mean=False), NUMBERS, 2e11 - 2e-6),
        (Extreme(last=True, number=False), TEXTS, "y"),
        (Extreme(last=False, number=True), NUMBERS, 1e11),
        (Since(RECENCY), TEXTS, 9),
        (Distinct(), TEXTS, 2),
        (Frequent(2, listed=True), TEXTS, ("y", "x")),
        (Frequent(1, listed=False), TEXTS[:3], "x"),
        (Sessions(SESSION), TEXTS, 1),
        (Sessions(LANDING), VISIT, "/a"),
        (Windowed(Sum(mean=False), 8), NUMBERS, 1e11 - 2e-6),
        (Windowed(Extreme(last=False, number=False), 8), TEXTS, "y"),
    ],
)
def test_any_order_and_any_split_give_one_answer(tally: Any, rows: list[Row], expected: Any) -> None:
    for order in permutations(rows):
        for split in range(len(rows) + 1):
            left, right = tally.empty(), tally.empty()
            for row in order[:split]:
                left = tally.add(left, row)
            for row in order[split:]:
                right = tally.add(right, row)
            assert tally.result(tally.merge(left, right), 9 * HOUR_US) == expected


def test_a_late_event_joins_two_sessions() -> None:
    tally = Sessions(SESSION)
    state = tally.empty()
    for hour in (0, 2):
        state = tally.add(state, (hour * HOUR_US, f"m{hour}", 0, None))
    assert len(state) == 2
    assert tally.result(tally.add(state, (HOUR_US, "late", 0, None)), 2 * HOUR_US) == 3
