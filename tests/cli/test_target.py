"""Which project and campaign the words of a command mean."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tailorbird.cli.target import read_campaign, read_campaigns, read_moment, read_target
from tailorbird.types.errors import TailorbirdError

NOW = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def home(ran_root: Path) -> Path:
    return ran_root


@pytest.mark.slow
def test_a_folder_and_a_name_may_stand_in_any_order(home: Path) -> None:
    for words in ([str(home), "win_back"], ["win_back", str(home)]):
        project, name = read_target(words)
        assert (project.root, name) == (home, "win_back")


@pytest.mark.slow
def test_inside_a_project_its_own_folders_are_names(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home)
    assert (home / "catalog").is_dir()
    assert read_target(["catalog"])[1] == "catalog"
    assert read_target(None)[1] is None


@pytest.mark.parametrize(
    ("words", "told"), [(["a", "b"], "one name"), (["no/such/folder"], "no folder 'no/such/folder'")]
)
def test_too_many_words_and_missing_folders_are_told(words: list[str], told: str) -> None:
    with pytest.raises(TailorbirdError, match=told):
        read_target(words)


@pytest.mark.slow
def test_a_project_with_several_campaigns_asks_which(home: Path) -> None:
    with pytest.raises(TailorbirdError, match=r"name a campaign of .*: abandoned_basket, replenish, win_back"):
        read_campaign([str(home)])
    assert read_campaign([str(home), "win_back"], "7")[1].step == "7"


def test_a_moment_is_the_options_else_the_campaigns_else_now(opened_project: Any) -> None:
    project, campaign = opened_project
    assert (
        read_moment("2026-06-02", project, campaign, NOW).isoformat() == "2026-06-01T23:00:00+00:00"
    )  # London, summer
    assert read_moment("2026-06-02T09:00:00+00:00", project, campaign, NOW).hour == 9
    assert read_moment(None, project, campaign, NOW).isoformat() == "2026-06-01T00:00:00+00:00"
    with pytest.raises(TailorbirdError, match="2026-06-01T09:00"):
        read_moment("yesterday", project, campaign, NOW)


@pytest.fixture(scope="module")
def opened_project(home: Path) -> Any:
    return read_campaign([str(home), "win_back"])


@pytest.mark.slow
def test_a_command_about_campaigns_takes_one_by_name_or_all_of_them(home: Path) -> None:
    assert [campaign.name for campaign in read_campaigns([str(home), "win_back"])[1]] == ["win_back"]
    names = [campaign.name for campaign in read_campaigns([str(home)])[1]]
    assert names == ["abandoned_basket", "replenish", "win_back"]
    assert read_campaigns([str(home), "win_back"], "7")[1][0].step == "7"
    with pytest.raises(TailorbirdError, match="--step is of one campaign"):
        read_campaigns([str(home)], "7")
