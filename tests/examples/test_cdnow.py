"""The CDNOW example, on the real file: RFM features, and the summary that lifetime models are fitted to."""

import csv
import gzip
import importlib.util
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.files.quarantine import FolderQuarantine
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline.check import check_project
from tailorbird.pipeline.ingest import ingest
from tailorbird.pipeline.people import compute_features, open_views
from tailorbird.project.project import load_project
from tailorbird.stages.consent.effective import ConsentRules
from tailorbird.types.feature import FeatureTable

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "cdnow"
DATA = Path(os.environ.get("TAILORBIRD_DATA", ROOT.parent / "shared" / "data")) / "cdnow"
CALIBRATION_END = datetime(1997, 10, 1, tzinfo=UTC)  # the summary observes up to 30 September


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> FeatureTable:
    if not DATA.is_dir():
        if "data" in os.environ.get("TAILORBIRD_REQUIRE", ""):
            pytest.fail(f"{DATA} is required")
        pytest.skip(f"{DATA} is not there; set TAILORBIRD_DATA")
    state = tmp_path_factory.mktemp("cdnow")
    spec = importlib.util.spec_from_file_location("to_csv", EXAMPLE / "to_csv.py")
    assert spec and spec.loader
    converter = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(converter)
    assert converter.to_csv(DATA / "CDNOW_sample.txt.gz", state / "cdnow.csv") == 6_919
    project = load_project(EXAMPLE)
    log, warehouse = SegmentLog(state / "events"), DuckdbWarehouse()
    mapping = project.mappings["purchases"]
    refused, source, now = FolderQuarantine(state / "quarantine"), state / "cdnow.csv", datetime.now(UTC)
    report = ingest(mapping, source, "imports/purchases.yaml", warehouse, log, refused, state, now)
    assert (report.rows_in, report.accepted, report.duplicate) == (6_919, 6_919, 0)
    open_views(warehouse, log)
    rules = ConsentRules(project.settings.consent)
    found, _ = compute_features(warehouse, project.features, CALIBRATION_END, "UTC", rules)
    return found


def test_the_project_has_no_mistake() -> None:
    check_project(load_project(EXAMPLE))


@pytest.mark.slow
def test_the_summary_equals_the_published_one_person_by_person(table: FeatureTable) -> None:
    with gzip.open(DATA / "cdnow_customers_summary.csv.gz", "rt") as file:
        published = {
            f"{int(row['ID']):04}": (float(row["frequency"]), float(row["recency"]), float(row["T"]))
            for row in csv.DictReader(file)
        }
    ours = {
        person: (frequency, round(recency / 7, 2), round(age / 7, 2))
        for person, frequency, recency, age in zip(
            table.person_ids,
            *(table.columns[name] for name in ("frequency", "recency_days", "age_days")),
            strict=True,
        )
    }
    assert len(published) == 2_357
    assert ours == published


@pytest.mark.slow
def test_rfm_features_agree_with_a_count_by_hand(table: FeatureTable) -> None:
    by_hand: dict[str, list[Any]] = {}
    with gzip.open(DATA / "CDNOW_sample.txt.gz", "rt") as file:
        for line in file:
            _, person, day, cds, dollars = line.split()
            if day < "19971001":
                moment = datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC)
                by_hand.setdefault(person, []).append((moment, int(cds), round(float(dollars) * 100)))
    columns = table.columns
    assert set(table.person_ids) == set(by_hand)
    for row, person in enumerate(table.person_ids):
        rows = by_hand[person]
        assert columns["orders"][row] == len(rows)
        assert columns["days_since_order"][row] == (CALIBRATION_END - max(rows)[0]).days
        assert columns["tenure_days"][row] == (CALIBRATION_END - min(rows)[0]).days
        assert columns["order_value"][row] == sum(cents for _, _, cents in rows) / 100 / len(rows)
        assert columns["cds_per_order"][row] == sum(cds for _, cds, _ in rows) / len(rows)
        assert columns["free_orders"][row] == sum(cents == 0 for _, _, cents in rows)
