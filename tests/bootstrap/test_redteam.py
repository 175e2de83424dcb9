"""A project becomes a target."""

from pathlib import Path

import pytest

from tailorbird.bootstrap.redteam import open_target
from tailorbird.cli.init import copy_example
from tailorbird.pipeline.catalog import CatalogError
from tailorbird.project.project import load_project

pytestmark = pytest.mark.slow


def test_a_target_approves_new_lines_by_itself_and_has_the_screened_items(filled: Path) -> None:
    project = load_project(filled)
    target = open_target(project, project.campaign("win_back"))
    assert len(target.items) == 88 and target.campaign.review == "auto"


def test_without_a_catalog_there_is_one_clear_error(tmp_path: Path) -> None:
    copy_example(tmp_path / "wren")
    project = load_project(tmp_path / "wren")
    with pytest.raises(CatalogError, match="no catalog was imported"):
        open_target(project, project.campaign("win_back"))
