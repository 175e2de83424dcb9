"""From definitions to lanes."""

from typing import Any

from tailorbird.stages.features.lanes import has_lane, plan_lanes
from tailorbird.types.feature import EventCondition, FeatureDefinition


def define(name: str, kind: Any, **more: Any) -> FeatureDefinition:
    return FeatureDefinition(name=name, kind=kind, purpose="p", event=more.pop("event", "Bought"), **more)


def test_features_that_differ_in_their_window_alone_share_a_lane() -> None:
    lanes = plan_lanes(
        [
            define("all", "count"),
            define("week", "count", window_days=7),
            define("since", "recency"),
            define("sum", "sum", field="properties.total"),
            define("last", "last", field="properties.total", type="number"),
            define("seen", "count", event="Seen"),
            define("big", "count", where=(EventCondition("properties.total", at_least=5),)),
        ]
    )
    assert lanes.of["all"] == lanes.of["week"] == lanes.of["since"]
    assert lanes.of["sum"] == lanes.of["last"] and len(set(lanes.of.values())) == 4
    assert [source.event for source in lanes.plan.sources] == ["Bought", "Seen"]
    assert [lane.adds for lane in lanes.plan.sources[0].lanes] == [False, True, False]


def test_what_no_lane_can_say_is_left_to_sql_and_ratios_to_their_parts() -> None:
    session = FeatureDefinition(name="visits", kind="session", purpose="p")
    ratio = FeatureDefinition(name="r", kind="ratio", purpose="p", numerator="n", denominator="visits")
    lanes = plan_lanes([define("n", "count"), session, ratio, define("top", "top_k", field="properties.x")])
    assert [each.name for each in lanes.by_sql] == ["visits", "top"] and list(lanes.of) == ["n"]


def test_the_last_place_has_a_lane_and_the_usual_one_has_none() -> None:
    assert has_lane(FeatureDefinition(name="p", kind="place", purpose="p"))
    assert not has_lane(FeatureDefinition(name="p", kind="place", purpose="p", pick="most"))
