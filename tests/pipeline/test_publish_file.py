"""A product file as a version: in the project, or in a rehearsal."""

from pathlib import Path
from typing import Any

import pytest

from tailorbird.adapters.files.quarantine import FolderQuarantine
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.bootstrap import open_warehouse
from tailorbird.pipeline.catalog import current_catalog
from tailorbird.pipeline.publish_file import NAME, FilePublished, publish_file
from tailorbird.stages.review.policy import content_hash
from tailorbird.types.creative import Creative
from tests.pipeline.conftest import MOMENT

pytestmark = pytest.mark.slow


def publish(keeper: Any, file: Path, scratch: Path, rehearsal: Path | None) -> FilePublished:
    log, quarantine = SegmentLog(scratch / "events"), FolderQuarantine(scratch / "quarantine")
    mapping, warehouse = keeper.project.mappings["catalog"], open_warehouse(keeper.project)
    creatives = keeper.state.creatives
    try:
        return publish_file(
            keeper.project, file, mapping, NAME, warehouse, log, quarantine, creatives, MOMENT, rehearsal
        )
    finally:
        log.close()


def test_a_rehearsal_tells_the_outdated_lines_and_only_the_real_thing_outdates_them(
    keeper: Any, tmp_path: Path
) -> None:
    text, store = "The Hobbin kettle for £48", keeper.state.creatives
    digest = content_hash(text)
    line = Creative(
        "c_48", "", "win_back", "subject", "en-GB", text, "model", digest, approval="approved", approved_hash=digest
    )
    store.save([line], {"c_48": {"verdict": {"status": "pass"}}})
    items = keeper.project.root / "catalog" / "items.csv"
    changed = tmp_path / "changed.csv"
    changed.write_text(items.read_text().replace(",48.00,", ",47.00,"))
    before = current_catalog(keeper.project.state_dir)

    rehearsed = publish(keeper, changed, tmp_path / "a", tmp_path / "a")
    assert [one.creative_id for one in rehearsed.lines] == ["c_48"]
    assert store.get("c_48")[0].approval == "approved"
    assert current_catalog(keeper.project.state_dir) == before

    done = publish(keeper, changed, tmp_path / "b", None)
    assert (done.diff, done.lines) == (rehearsed.diff, rehearsed.lines)
    assert store.get("c_48")[0].approval == "outdated"
    assert current_catalog(keeper.project.state_dir) != before
