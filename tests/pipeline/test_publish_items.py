"""Changes of items as one step: a version, its difference, the lines that it touches, and what was refused."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tailorbird.adapters.system.lock import LockedError, hold_lock
from tailorbird.bootstrap import open_item_publisher, open_quarantine, open_warehouse
from tailorbird.pipeline.publish_items import SOURCE, ItemPublisher
from tailorbird.pipeline.update_catalog import CatalogMovedError
from tailorbird.stages.catalog.diff import count_changes

pytestmark = pytest.mark.slow

NOW = datetime(2026, 6, 1, tzinfo=UTC)
KETTLE = "hobbin-kettle"


def test_it_tells_the_difference_and_keeps_what_it_refused_with_its_place(keeper: Any) -> None:
    publisher = open_item_publisher(keeper.project)
    rows = [(2, {"item_id": KETTLE, "price": "45", "name": "left out"}), (3, {"item_id": "nope", "stock": "1"})]
    found = publisher.publish(rows, NOW, "update a.csv", "a.csv:{line}", prices_only=True)
    assert count_changes(found.diff)["prices"] == 1
    assert (found.diff.before, found.diff.after) == (found.report.before, found.report.version)
    (kept,) = open_quarantine(keeper.project).rows(SOURCE)
    assert (kept.place, kept.reason) == ("a.csv:3", "item_id: is no item of the catalog")
    version, item = publisher.show(KETTLE)
    assert item is not None
    assert (version, item["price"], item["name"]) == (found.report.version, "45.00", "Hobbin whistling kettle")


def test_nothing_new_is_no_version_and_an_empty_difference(keeper: Any) -> None:
    publisher = open_item_publisher(keeper.project)
    found = publisher.publish([(0, {"item_id": KETTLE, "price": "48"})], NOW, "http", "/")
    assert found.diff.empty and found.lines == () and found.report.unchanged == 1


def test_a_change_for_another_version_leaves_everything_as_it_is(keeper: Any) -> None:
    publisher = open_item_publisher(keeper.project)
    rows: list[Any] = [(0, {"item_id": KETTLE, "stock": 1}), (1, "is no object")]
    with pytest.raises(CatalogMovedError) as moved:
        publisher.publish(rows, NOW, "http", "/", expected=("0" * 16,))
    assert moved.value.current == publisher.show(KETTLE)[0]
    assert not list(open_quarantine(keeper.project).rows(SOURCE))


def test_it_publishes_under_the_lock_alone(keeper: Any, tmp_path: Any) -> None:
    project, state = keeper.project, keeper.state
    publisher = ItemPublisher(
        project, lambda: open_warehouse(project), state.creatives, open_quarantine(project),
        lambda: hold_lock(tmp_path / "lock", "it"),
    )  # fmt: skip
    with hold_lock(tmp_path / "lock", "it"), pytest.raises(LockedError):
        publisher.publish([(0, {"item_id": KETTLE, "stock": 1})], NOW, "http", "/")
