"""Metrics and guardrails of events that nobody knows."""

import shutil
from pathlib import Path

import pytest

from tailorbird.pipeline.check_counted import warn_of_uncounted
from tailorbird.project.project import load_project

WREN = Path(__file__).resolve().parents[2] / "examples" / "wren"
METRICS = "  - {name: revenue, event: Order Completed, kind: value, window_days: 14}"
ORDERS = "source: orders.csv\nevents:\n  - {event: Rent Paid, user_id: who, timestamp: when}\n"


@pytest.fixture
def wren(tmp_path: Path) -> Path:
    shutil.copytree(WREN, tmp_path / "wren", ignore=shutil.ignore_patterns(".tailorbird", "media", "art"))
    return tmp_path / "wren"


def change(wren: Path, old: str, new: str) -> list[str]:
    path = wren / "campaigns" / "win_back.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    return warn_of_uncounted(load_project(wren))


def line_of(wren: Path, part: str) -> int:
    lines = (wren / "campaigns" / "win_back.yaml").read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if part in line)


def test_the_example_counts_what_its_plan_knows() -> None:
    assert warn_of_uncounted(load_project(WREN)) == []


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("metric: {name: ordered, event: Order Completed", "metric: {name: ordered, event: Order Complete", "metric.event"),
        (METRICS, METRICS.replace("Order Completed", "Rent Paid"), "metrics.0.event"),
        (METRICS, METRICS.replace("kind: value", "kind: ratio, per: Visit"), "metrics.0.per"),
        ("event: Email Marked as Spam", "event: Spam", "guardrails.0.event"),
    ],
)  # fmt: skip
def test_each_is_told_with_file_line_field_and_mend(wren: Path, old: str, new: str, field: str) -> None:
    (told,) = change(wren, old, new)
    line = line_of(wren, new)
    assert told.startswith(f"campaigns/win_back.yaml:{line}: {field}: nothing is counted of ")
    assert "neither events.yaml nor a mapping has it; list it in events.yaml, or import it" in told


def test_the_name_that_was_probably_meant_is_told(wren: Path) -> None:
    (told,) = change(wren, "event: Unsubscribed", "event: Unsubscribe")
    assert told.endswith("did you mean 'Unsubscribed'?")


def test_an_event_of_a_mapping_is_known_with_a_plan_and_without(wren: Path) -> None:
    (wren / "imports" / "rents.yaml").write_text(ORDERS)
    new = METRICS.replace("Order Completed", "Rent Paid")
    assert change(wren, METRICS, new) == []
    (wren / "events.yaml").unlink()
    assert warn_of_uncounted(load_project(wren)) == []


def test_without_a_plan_the_names_that_shops_send_are_known_and_others_are_not(wren: Path) -> None:
    (wren / "events.yaml").unlink()
    assert change(wren, METRICS, METRICS.replace("Order Completed", "Checkout Started")) == []
    (told,) = change(wren, "event: Checkout Started", "event: Rent Paid")
    assert "no mapping has it" in told
