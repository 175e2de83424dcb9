"""Lines set aside."""

from pathlib import Path

import pytest

from tailorbird import bootstrap
from tailorbird.pipeline.fairness.lines_aside import LinesAside
from tailorbird.project.project import load_project
from tailorbird.types.creative import Creative

NEW = Creative("c_new", "", "win_back", "subject", "en-GB", "Hello", "approved", "h")


def test_what_is_saved_and_reviewed_here_stays_here(ran_root: Path) -> None:
    store = bootstrap.open_state(load_project(ran_root)).creatives
    before = store.find("win_back")
    aside = LinesAside(store)
    aside.save([NEW], {"c_new": {"why": "a test"}})
    reviewed = aside.review("c_new", "approved", "a", "fine", "2026-06-01")
    rejected = aside.review(before[0].creative_id, "rejected", "a", "no", "2026-06-01")
    assert reviewed.usable and not rejected.usable
    assert len(aside.find("win_back")) == len(before) + 1
    assert [line.creative_id for line in aside.find("win_back", "rejected")] == [before[0].creative_id]
    assert aside.get("c_new") == (reviewed, {"why": "a test"})
    assert [one["approval"] for one in aside.reviews("c_new")] == ["approved"]
    assert store.find("win_back") == before and store.get("c_new") is None and store.reviews("c_new") == []


def test_of_another_campaign_nothing_is_found_and_an_unknown_line_cannot_be_reviewed(ran_root: Path) -> None:
    aside = LinesAside(bootstrap.open_state(load_project(ran_root)).creatives)
    aside.save([NEW])
    assert "c_new" not in {line.creative_id for line in aside.find("replenish")}
    with pytest.raises(KeyError):
        aside.review("c_unknown", "approved", "a", "b", "c")
