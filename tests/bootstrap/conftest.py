"""The example shop as a project, and the same with one setting changed."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def wren(filled: Path) -> Any:
    from tailorbird.project.project import load_project

    return load_project(filled)


@pytest.fixture
def changed() -> Any:
    """A function (project, section, **values) that answers the project with those settings changed."""

    def with_values(project: Any, section: str, **values: Any) -> Any:
        settings = project.settings
        return replace(project, settings=replace(settings, **{section: replace(getattr(settings, section), **values)}))

    return with_values
