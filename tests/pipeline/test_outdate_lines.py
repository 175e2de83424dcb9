"""When the catalog changes, lines that state what is no longer so lose their approval."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tailorbird.bootstrap import open_warehouse
from tailorbird.pipeline.approve import approve_by_policy
from tailorbird.pipeline.catalog import load_catalog
from tailorbird.pipeline.outdate_lines import outdate_lines, tell_outdated
from tailorbird.pipeline.stitch import Stitcher
from tailorbird.pipeline.update_catalog import patch_catalog
from tailorbird.stages.decisions.slate import CreativeCatalog
from tailorbird.stages.review.policy import content_hash
from tailorbird.testing.state import FixedClock
from tailorbird.types.creative import Creative
from tailorbird.types.outdated import OutdatedLine

pytestmark = pytest.mark.slow

NOW = datetime(2026, 6, 1, tzinfo=UTC)
TEXT = "The Hobbin kettle for £48"


def outdate(keeper: Any) -> list[OutdatedLine]:
    project = keeper.project
    return outdate_lines(project.state_dir, open_warehouse(project), keeper.state.creatives, project.brand, NOW)


def change_price(keeper: Any, price: str) -> None:
    rows: Sequence[tuple[int, dict[str, str]]] = [(2, {"item_id": "hobbin-kettle", "price": price})]
    patch_catalog(open_warehouse(keeper.project), keeper.project.state_dir, rows, NOW, "test", prices_only=True)


def add(keeper: Any, **changed: Any) -> Creative:
    digest = content_hash(TEXT)
    line = Creative(
        "c_48", "", "win_back", "subject", "en-GB", TEXT, "model", digest, approval="approved", approved_hash=digest
    )
    line = replace(line, **changed)
    keeper.state.creatives.save([line], {line.creative_id: {"verdict": {"status": "pass"}}})
    return line


def test_a_line_that_states_an_old_price_is_out_of_use_with_the_reason(keeper: Any) -> None:
    assert outdate(keeper) == []
    line, store = add(keeper), keeper.state.creatives
    change_price(keeper, "45.00")
    (found,) = [one for one in outdate(keeper) if one.kind == "literal"]
    assert found.creative_id == line.creative_id
    stored = store.get(line.creative_id)[0]
    assert (stored.approval, stored.usable) == ("outdated", False)
    assert store.reviews(line.creative_id)[-1]["by"] == "catalog"
    assert "price '48.00' of hobbin-kettle" in store.reviews(line.creative_id)[-1]["reason"]
    assert CreativeCatalog.build([stored], {}).lines == {}
    assert any("is outdated" in said for said in tell_outdated([found]))
    assert outdate(keeper) == []


def test_only_a_person_can_bring_it_back(keeper: Any) -> None:
    outdate(keeper)
    line, store = add(keeper), keeper.state.creatives
    change_price(keeper, "45.00")
    outdate(keeper)
    state, campaign = keeper.state, keeper.project.campaign("win_back")
    approve_by_policy(keeper.project, campaign, store, state.reviews, state.review_record, FixedClock(NOW))
    assert store.get(line.creative_id)[0].approval == "outdated"
    store.review(line.creative_id, "approved", "ana", "the sign in the window says so", NOW.isoformat())
    assert outdate(keeper) == []
    assert store.get(line.creative_id)[0].usable


@pytest.mark.parametrize("changed", [False, True])
@pytest.mark.parametrize("keeper", ["filled"], indirect=True)
def test_the_next_decision_does_not_choose_it(keeper: Any, changed: bool) -> None:
    line = add(keeper)
    outdate(keeper)
    if changed:
        change_price(keeper, "45.00")
    campaign = keeper.project.campaign("win_back")
    keeper.run(campaign=replace(campaign, policy=replace(campaign.policy, arms_max=1000)))
    slates = [d.slate for d in keeper.arm("treatment").values()]
    assert slates
    assert any(p.creative_id == line.creative_id for slate in slates for p in slate) is not changed


def test_an_outdated_last_resort_gives_way_to_the_brand_s_name(keeper: Any) -> None:
    project = keeper.project
    campaign = project.campaign("win_back")
    text = project.templates[campaign.template].lines["subject"]["en-GB"]
    items = load_catalog(open_warehouse(project), project.state_dir)
    decision = next(d for d in keeper.arm("treatment").values() if d.locale == "en-GB")
    profile = next(p for p in keeper.profiles() if p.person_id == decision.person_id)
    told = {}
    for approval in ("approved", "outdated"):
        line = Creative("t", "", campaign.name, "subject", "en-GB", text, "template", "h", approval=approval)
        stitcher = Stitcher(project, campaign, items, {"t": line}, b"k" * 32)
        told[approval] = stitcher.stitch(decision, profile, False, False, "m").blocks["subject"]
    assert told["outdated"] == project.brand.name != told["approved"]


def test_without_a_catalog_there_is_nothing_to_compare(keeper: Any) -> None:
    (keeper.project.state_dir / "catalog" / "current").unlink()
    assert outdate(keeper) == []


def test_the_note_of_a_version_that_is_gone_is_written_anew(keeper: Any, tmp_path: Path) -> None:
    (keeper.project.state_dir / "catalog" / "lines_of").write_text("gone")
    assert outdate(keeper) == []
    assert (keeper.project.state_dir / "catalog" / "lines_of").read_text().strip() != "gone"
