"""Counts per arm, and the name of what is known."""

from tailorbird.stages.learning.posteriors import learn, policy_version
from tailorbird.types.readout import CountRow

ROW = CountRow("c1", "headline", exposures=100, clicks=12, conversions=4, matured=50.0)


def test_the_reward_is_what_the_campaign_says():
    assert learn([ROW], "conversion") == {"c1": (4.0, 50.0)}
    assert learn([ROW], "click") == {"c1": (12.0, 50.0)}


def test_exposures_of_a_half_open_window_count_half():
    assert learn([ROW], "conversion")["c1"][1] == 50.0


def test_early_successes_never_exceed_exposures():
    early = CountRow("c1", "headline", exposures=10, clicks=0, conversions=3, matured=0.5)
    assert learn([early], "conversion") == {"c1": (3.0, 3.0)}


def test_a_line_used_in_two_blocks_is_one_arm():
    assert learn([ROW, CountRow("c1", "body", 10, 1, 1, 10.0)], "conversion") == {"c1": (5.0, 60.0)}


def test_equal_knowledge_has_an_equal_name():
    one = {"a": (1.0, 2.0), "b": (3.0, 4.0)}
    assert policy_version(one) == policy_version(dict(reversed(one.items())))
    assert policy_version(one) != policy_version({"a": (1.0, 2.0), "b": (3.0, 4.5)})
    assert policy_version({}) == "prior"
