"""The versions of the catalog."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.pipeline.catalog import CatalogError, publish_catalog
from tailorbird.pipeline.catalog_versions import (
    diff_versions,
    find_version,
    history,
    list_versions,
    read_item,
    switch_version,
)

ROWS = (
    "SELECT 'a' AS item_id, '{name}' AS name, 'mugs' AS family, CAST(450 AS BIGINT) AS price_minor, 'GBP' AS currency, "
    "'{{}}' AS prices, CAST(NULL AS BIGINT) AS sale_minor, NULL AS sale_from, NULL AS sale_until, "
    "NULL AS available_from, CAST(7 AS BIGINT) AS stock, NULL AS url, NULL AS image, '{{}}' AS texts, 'k' AS row_key"
)


def moment(day: int) -> datetime:
    return datetime(2026, 6, day, tzinfo=UTC)


@pytest.fixture
def versions(tmp_path: Path) -> list[str]:
    warehouse = DuckdbWarehouse(threads=1)
    return [
        publish_catalog(warehouse, ROWS.format(name=name), tmp_path, moment(day), "m.yaml")[0]
        for day, name in enumerate(("Mug", "Jug", "Cup"), 1)
    ]


def test_versions_are_listed_in_the_order_they_became_current(tmp_path: Path, versions: list[str]) -> None:
    listed = list_versions(tmp_path)
    assert [one.version for one in listed] == versions
    assert [one.current for one in listed] == [False, False, True]
    assert listed[0].items == 1


def test_going_back_is_one_step_and_can_be_taken_back(tmp_path: Path, versions: list[str]) -> None:
    warehouse = DuckdbWarehouse(threads=1)
    switch_version(warehouse, tmp_path, "previous", moment(4), "rollback")
    assert find_version(tmp_path, "current").stem == versions[1]
    switch_version(warehouse, tmp_path, "previous", moment(5), "rollback")
    assert find_version(tmp_path, "current").stem == versions[2]


def test_a_version_is_found_by_the_beginning_of_its_id(tmp_path: Path, versions: list[str]) -> None:
    assert find_version(tmp_path, versions[0][:8]).stem == versions[0]
    with pytest.raises(CatalogError, match="no catalog version"):
        find_version(tmp_path, "zzz")
    with pytest.raises(CatalogError, match="begin with"):
        find_version(tmp_path, "")


def test_the_first_version_has_none_before_it(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="no catalog was imported"):
        find_version(tmp_path, "current")
    publish_catalog(DuckdbWarehouse(), ROWS.format(name="Mug"), tmp_path)
    with pytest.raises(CatalogError, match="no version before"):
        find_version(tmp_path, "previous")


def test_a_torn_line_of_the_history_is_left_out(tmp_path: Path, versions: list[str]) -> None:
    file = tmp_path / "catalog" / "history.jsonl"
    file.write_text(file.read_text() + '{"version": "to')
    assert [entry["version"] for entry in history(tmp_path)] == versions


def test_two_versions_are_compared_and_an_item_is_shown(tmp_path: Path, versions: list[str]) -> None:
    warehouse = DuckdbWarehouse(threads=1)
    found = diff_versions(warehouse, find_version(tmp_path, versions[0]), find_version(tmp_path, "current"))
    assert [dict(change.fields) for change in found.changed] == [{"name": ("Mug", "Cup")}]
    assert (found.before, found.after) == (versions[0], versions[2])
    item = read_item(warehouse, find_version(tmp_path, "current"), "a")
    assert item is not None
    assert item["name"] == "Cup"
    assert read_item(warehouse, find_version(tmp_path, "current"), "o'clock") is None
