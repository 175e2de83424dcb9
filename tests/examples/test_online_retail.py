"""The online-retail example, on the real file: known counts, the 870 people, and their families."""

import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.files.quarantine import FolderQuarantine
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline.catalog import load_catalog
from tailorbird.pipeline.ingest import ImportReport, ingest
from tailorbird.pipeline.people import compute_features, open_views
from tailorbird.project.project import Project, load_project
from tailorbird.stages.audiences.rules import select_people
from tailorbird.stages.consent.effective import ConsentRules
from tailorbird.types.slot_text import SlotText

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("TAILORBIRD_DATA", ROOT.parent / "shared" / "data"))
FILE = DATA / "online-retail" / "online_retail.parquet"


@pytest.fixture(scope="module")
def project() -> Project:
    return load_project(ROOT / "examples" / "online-retail")


@pytest.fixture(scope="module")
def imported(project: Project, tmp_path_factory: pytest.TempPathFactory) -> tuple[ImportReport, Path]:
    if not FILE.is_file():
        if "data" in os.environ.get("TAILORBIRD_REQUIRE", ""):
            pytest.fail(f"{FILE} is required")
        pytest.skip(f"{FILE} is not there; set TAILORBIRD_DATA")
    state = tmp_path_factory.mktemp("online-retail")
    mapping = project.mappings["invoices"]
    log, refused = SegmentLog(state / "events"), FolderQuarantine(state / "quarantine")
    now = datetime.now(UTC)
    return ingest(mapping, FILE, "imports/invoices.yaml", DuckdbWarehouse(), log, refused, state, now), state


@pytest.mark.slow
def test_every_row_is_accounted_for(imported: tuple[ImportReport, Path]) -> None:
    report, _ = imported
    assert report.rows_in == 525_461
    assert report.by_reason == {"Customer ID: is empty": 107_927}
    assert (report.accepted, report.duplicate) == (417_534, 0)  # Equal lines of one invoice are lines of it.
    assert report.people == 4_383


@pytest.mark.slow
def test_870_people_have_lapsed_and_most_have_a_family(project: Project, imported: tuple[ImportReport, Path]) -> None:
    _, state = imported
    warehouse = DuckdbWarehouse()
    open_views(warehouse, SegmentLog(state / "events"))
    campaign, settings = project.campaigns["winback"], project.settings
    assert campaign.as_of
    table, _ = compute_features(
        warehouse, project.features, campaign.as_of, settings.timezone, ConsentRules(settings.consent)
    )
    lapsed = select_people(project.audiences["lapsed"], table)
    assert sum(lapsed) == 870
    families = Counter(f for f, chosen in zip(table.columns["last_family"], lapsed, strict=True) if chosen)
    in_cells = sum(n for family, n in families.items() if family and n >= campaign.briefs.k)
    assert in_cells >= 435


@pytest.mark.slow
def test_every_approved_line_holds_its_limit_for_the_longest_name(
    project: Project, imported: tuple[ImportReport, Path]
) -> None:
    items = load_catalog(DuckdbWarehouse(), imported[1]).values()
    name = max((item.name for item in items), key=len)
    values = {"item.name": name, "item.short_name": name, "last_item.short_name": name, "item.price": "£1,000.00"}
    values["brand.name"] = project.settings.brand
    for line in project.brand.approved:
        limit = project.campaigns["winback"].blocks[line.block].max_chars
        assert len(SlotText.parse(line.text).stitch(values)) <= limit, line.id


@pytest.mark.slow
def test_the_brand_has_lines_for_every_block(project: Project) -> None:
    blocks = Counter(line.block for line in project.brand.approved)
    assert len(project.brand.approved) >= 25
    assert set(blocks) == set(project.campaigns["winback"].blocks)
    assert min(blocks.values()) >= 4


def test_the_example_says_that_it_has_no_consent_and_sends_nothing(project: Project) -> None:
    assert "no record of consent" in project.settings.consent.basis
    assert "Nothing is sent to anybody" in project.settings.note
