from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tailorbird.pipeline.rollback.versions import begin_version, with_good_prompts

pytestmark = pytest.mark.slow


def test_a_run_keeps_its_lines_and_prompts_and_what_ran_before_was_good(sent: Any) -> None:
    versions, project = sent.state.versions, sent.rollback.project
    (first,) = versions.find("win_back")
    usable = {c.creative_id for c in sent.state.creatives.find("win_back") if c.usable}
    assert (set(first.lines), set(first.prompts), first.state) == (usable, {"subject", "headline"}, "running")
    again = begin_version(project, sent.campaign, sent.state.creatives, versions, sent.now)
    assert again == first
    sent.line("new")
    later = begin_version(project, sent.campaign, sent.state.creatives, versions, sent.now + timedelta(1))
    assert "new" in later.lines and later.version != first.version
    assert [(v.version, v.state) for v in versions.find("win_back")] == [
        (first.version, "good"), (later.version, "running"),
    ]  # fmt: skip


def test_what_was_rolled_back_and_is_in_use_again_is_on_trial_again(sent: Any) -> None:
    versions = sent.state.versions
    (first,) = versions.find("win_back")
    versions.mark("win_back", first.version, "rolled_back")
    begin_version(sent.rollback.project, sent.campaign, sent.state.creatives, versions, sent.now)
    (again,) = versions.find("win_back")
    assert again.state == "running" and again.at == sent.now.isoformat()


def test_the_prompt_that_ran_well_is_used_in_the_place_of_one_that_was_rolled_back(sent: Any) -> None:
    project, versions = sent.rollback.project, sent.state.versions
    (first,) = versions.find("win_back")
    versions.mark("win_back", first.version, "good")
    newer = replace(project.prompts["subject"], version=9, digest="nine", system="Shout.")
    changed = replace(project, prompts={**project.prompts, "subject": newer})
    bad = begin_version(changed, sent.campaign, sent.state.creatives, versions, sent.now)
    versions.mark("win_back", bad.version, "rolled_back")
    used, told = with_good_prompts(changed, sent.campaign, versions)
    assert used.prompts["subject"] == project.prompts["subject"]
    assert "subject v1 in the place of what the files say" in told
    assert with_good_prompts(project, sent.campaign, versions) == (project, "")
