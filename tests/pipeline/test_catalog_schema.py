"""The schema at work in an import."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.files.quarantine import FolderQuarantine
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline.catalog import load_catalog
from tailorbird.pipeline.catalog_schema import infer_schema
from tailorbird.pipeline.ingest import ImportReport, ingest
from tailorbird.types.catalog_schema import AttributeSchema, CatalogSchema
from tailorbird.types.item import Item
from tailorbird.types.mapping import ImportMapping

ATTRIBUTES = {"weight": AttributeSchema("number", "kg"), "wood": AttributeSchema("enum", values=("oak",))}


def take(folder: Path, schema: CatalogSchema) -> tuple[ImportReport, dict[str, Item]]:
    path = folder / "items.csv"
    path.write_text("sku,title,weight,wood\na,Mug,900 g,oak\nb,Jug,2 kg,elm\n")
    warehouse, log = DuckdbWarehouse(threads=1), SegmentLog(folder / "events")
    quarantine, now = FolderQuarantine(folder / "quarantine"), datetime(2026, 6, 1, tzinfo=UTC)
    mapping = ImportMapping(str(path))
    report = ingest(mapping, path, "imports/i.yaml", warehouse, log, quarantine, folder, now, schema=schema)
    log.close()
    assert report.rows_in == report.accepted + report.duplicate + report.quarantined
    return report, load_catalog(warehouse, folder)


@pytest.mark.slow
def test_units_are_converted_and_what_is_odd_is_told(tmp_path: Path) -> None:
    report, items = take(tmp_path, CatalogSchema(ATTRIBUTES))
    assert (report.accepted, report.violations) == (2, {"wood: is none of its values": 1})
    assert items["a"].text("weight", "") == "0.9 kg"
    assert take(tmp_path, CatalogSchema(ATTRIBUTES))[0].duplicate == 2


@pytest.mark.slow
def test_a_row_that_violates_a_strict_schema_goes_to_quarantine(tmp_path: Path) -> None:
    report, items = take(tmp_path, CatalogSchema(ATTRIBUTES, violations="quarantine"))
    assert (report.accepted, report.quarantined, list(items)) == (1, 1, ["a"])
    assert report.by_reason == {"wood: is none of its values": 1}
    assert report.violations == {}


def test_a_schema_is_inferred_from_what_the_catalog_holds(tmp_path: Path) -> None:
    _, items = take(tmp_path, CatalogSchema())
    found = infer_schema(items)
    assert (found["weight"].schema.type, found["weight"].schema.unit) == ("number", "g")
    assert found["wood"].schema.required
