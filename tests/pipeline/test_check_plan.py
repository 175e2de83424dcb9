"""The check tells what events.yaml does not know, and whose purpose differs."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline.check import check_project
from tailorbird.pipeline.check_plan import purpose_of, warn_of_unplanned
from tailorbird.project.project import load_project
from tailorbird.stages.events.plan_checks import PlanChecks
from tailorbird.stages.events.wire_rules import OUR_EVENTS
from tailorbird.testing.event_log_conformance import read_segments
from tailorbird.types.tracking_plan import FieldRule

WREN = Path(__file__).resolve().parents[2] / "examples" / "wren"


@pytest.fixture
def wren(tmp_path: Path) -> Path:
    shutil.copytree(WREN, tmp_path / "wren", ignore=shutil.ignore_patterns(".tailorbird", "media", "art"))
    return tmp_path / "wren"


def change(wren: Path, name: str, old: str, new: str) -> list[str]:
    text = (wren / name).read_text()
    assert old in text
    (wren / name).write_text(text.replace(old, new))
    return warn_of_unplanned(load_project(wren))


@pytest.mark.slow
def test_the_example_s_plan_knows_everything_that_the_example_uses() -> None:
    assert check_project(load_project(WREN)) == []


def test_a_project_without_a_plan_is_not_warned(wren: Path) -> None:
    (wren / "events.yaml").unlink()
    assert warn_of_unplanned(load_project(wren)) == []


@pytest.mark.slow
def test_a_feature_over_an_event_or_field_that_the_plan_does_not_know_is_told(wren: Path) -> None:
    told = change(wren, "events.yaml", "  Product Added:", "  Product Put:")
    assert "feature basket_item: event 'Product Added' is not in events.yaml" in told
    told = change(wren, "events.yaml", "            family:", "            familie:")
    assert "feature last_family: 'Order Completed' has no properties.products.family in events.yaml" in told


def test_a_purpose_that_is_not_the_field_s_is_told(wren: Path) -> None:
    (told,) = change(wren, "events.yaml", "total: {type: number, minimum: 0, purpose: personalization}",
                     "total: {type: number, minimum: 0, purpose: analytics}")  # fmt: skip
    assert told == (
        "feature spent_90d: its purpose is personalization, but properties.total of 'Order Completed' is for "
        "analytics in events.yaml; give both the same purpose"
    )


@pytest.mark.slow
def test_a_purpose_and_a_field_of_a_condition_are_held_to_the_plan_too(wren: Path) -> None:
    told = change(wren, "features/features.yaml", "  event: Order Completed\n  purpose: email_marketing\n  window_days: 90",
                  "  event: Order Completed\n  purpose: email_marketing\n  window_days: 90\n  where:\n"
                  "    - {field: properties.total, at_least: 1}\n    - {field: properties.coupon, exists: true}\n"
                  "    - {field: type, equals: track}")  # fmt: skip
    assert told == [
        "feature orders_90d: its purpose is email_marketing, but properties.total of 'Order Completed' is for "
        "personalization in events.yaml; give both the same purpose",
        "feature orders_90d: 'Order Completed' has no properties.coupon in events.yaml",
    ]


@pytest.mark.slow
def test_a_condition_inside_an_element_is_held_to_the_element_s_fields(wren: Path) -> None:
    told = change(wren, "features/features.yaml", "  each: properties.products\n  field: family\n",
                  "  each: properties.products\n  field: family\n  where:\n    - {field: price, at_least: 1}\n"
                  "    - {field: properties.totl, at_least: 1}\n    - {field: weight, at_least: 1}\n")  # fmt: skip
    assert told == [
        "feature last_family: 'Order Completed' has no properties.totl in events.yaml",
        "feature last_family: 'Order Completed' has no properties.products.weight in events.yaml",
    ]


def test_a_mapping_that_the_plan_would_quarantine_is_told(wren: Path) -> None:
    (wren / "imports" / "orders.yaml").write_text(
        "source: orders.csv\nevents:\n  - {event: Order Completed, user_id: who, timestamp: when, "
        "properties: {order_id: nr, sum: total}}\n  - {event: Order Lost, user_id: who, timestamp: when}\n"
        "traits: {user_id: who, timestamp: when, traits: {shoe_size: shoes}}\n"
    )
    assert warn_of_unplanned(load_project(wren)) == [
        "mapping orders: Order Completed: properties.sum is not in events.yaml",
        *(
            f"mapping orders: Order Completed: events.yaml requires properties.{name}, and no column gives it: "
            "every row would be quarantined"
            for name in ("total", "currency", "products")
        ),
        "mapping orders: event 'Order Lost' is not in events.yaml",
        "mapping orders: identify: traits.shoe_size is not in events.yaml",
    ]


def test_a_field_without_a_purpose_has_that_of_the_object_it_is_in() -> None:
    line = FieldRule("object", properties={"sku": FieldRule(), "note": FieldRule(purpose="support")})
    rule = FieldRule(properties={"lines": FieldRule("array", purpose="shop", items=line), "free": FieldRule()})
    found = [purpose_of(rule, path.split(".")) for path in ("lines", "lines.sku", "lines.note", "free", "lines.x", "x")]
    assert found == ["shop", "shop", "support", "", None, None]


@pytest.mark.slow
def test_the_example_s_simulated_events_keep_to_its_plan(filled: Path) -> None:
    plan = load_project(filled).plan
    assert plan is not None
    checks = PlanChecks(replace(plan, strict=True), OUR_EVENTS)
    rows = read_segments(SegmentLog(filled / ".tailorbird" / "events").seal())
    judged = [
        checks.judge(row["type"], row["event"], json.loads(row["properties"]), json.loads(row["traits"]))
        for row in rows
    ]
    assert len(judged) > 5_000 and set(judged) == {None}
