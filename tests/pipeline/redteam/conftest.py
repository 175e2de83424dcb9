"""The example shop as the red team's target."""

from pathlib import Path

import pytest

from tailorbird.bootstrap.redteam import open_target
from tailorbird.pipeline.redteam.attack import Target
from tailorbird.project.project import load_project


@pytest.fixture(scope="session")
def wren(filled: Path) -> Target:
    project = load_project(filled)
    return open_target(project, project.campaign("win_back"))
