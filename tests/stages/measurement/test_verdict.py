"""Sentences a marketer understands."""

from tailorbird.stages.measurement.verdict import count, judge, points
from tailorbird.types.campaign import BriefSpec, Campaign, MetricSpec
from tailorbird.types.readout import ArmRow, Effect

CAMPAIGN = Campaign("w", {}, "", MetricSpec("o", "Order Completed"), "a", "t", {}, BriefSpec(), holdout=0.1)


def arm(name: str, people: int, conversions: int) -> ArmRow:
    return ArmRow(name, people, conversions=conversions)


def test_numbers_agree_with_their_nouns() -> None:
    assert (count(1, "person", "people"), count(2000, "order")) == ("1 person", "2,000 orders")
    assert points(-0.0213) == "-2.1 points"


def test_the_split_is_judged_before_anything_else() -> None:
    effect = Effect(0.1, 0.05, 0.15, 0.001)
    kind, sentence = judge(CAMPAIGN, arm("treatment", 900, 200), arm("holdout", 30, 30), effect, 0.00001, 25)
    assert kind == "blocked"
    assert "10.0% were planned" in sentence


def test_too_few_comes_before_the_interval() -> None:
    effect = Effect(0.2, 0.05, 0.3, 0.001)
    kind, _ = judge(CAMPAIGN, arm("treatment", 900, 200), arm("holdout", 100, 24), effect, 0.5, 25)
    assert kind == "too_few"


def test_an_empty_campaign_says_who_is_missing() -> None:
    kind, sentence = judge(CAMPAIGN, arm("treatment", 0, 0), arm("holdout", 3, 0), None, None, 25)
    assert kind == "no_comparison"
    assert "nobody was treated" in sentence
