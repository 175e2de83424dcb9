"""Counts per arm, and the name of what is known."""

import pytest

from tailorbird.stages.learning.posteriors import learn, policy_version
from tailorbird.types.readout import CountRow, Rate, RateRow


def row(key: str, observed: float, expected: float, mean: float = 0.1, block: str = "headline") -> RateRow:
    conversions = Rate(0.0, 0.0, 1.0, 0.0, mean, observed, expected)
    clicks = Rate(0.0, 0.0, 1.0, 0.0, 2 * mean, 3 * observed, 2 * expected)
    return RateRow(CountRow(key, block, 0, 0, 0), clicks, conversions)


def test_exposures_are_people_of_average_response() -> None:
    assert learn([row("c1", 4, 5)], "conversion") == {"c1": (4, pytest.approx(50))}


def test_the_reward_is_what_the_campaign_says() -> None:
    assert learn([row("c1", 4, 5)], "click") == {"c1": (12, pytest.approx(50))}


def test_successes_never_exceed_exposures() -> None:
    assert learn([row("c1", 3, 0.05)], "conversion") == {"c1": (3, 3)}


def test_a_line_that_nothing_can_be_compared_with_teaches_nothing() -> None:
    assert learn([row("c1", 0, 0)], "conversion") == {}


def test_a_line_used_in_two_blocks_is_one_arm() -> None:
    assert learn([row("c1", 4, 5), row("c1", 1, 1, block="body")], "conversion") == {"c1": (5, pytest.approx(60))}


def test_equal_knowledge_has_an_equal_name() -> None:
    one = {"a": (1.0, 2.0), "b": (3.0, 4.0)}
    assert policy_version(one) == policy_version(dict(reversed(one.items())))
    assert policy_version(one) != policy_version({"a": (1.0, 2.0), "b": (3.0, 4.5)})
    assert policy_version({}) == "prior"
