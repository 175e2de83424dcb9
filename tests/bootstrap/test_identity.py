"""Duplicates among a project's people."""

from pathlib import Path

import pytest

from tailorbird import bootstrap
from tailorbird.project.project import load_project


@pytest.mark.engines
def test_the_people_of_a_project_are_compared_by_what_they_have(filled: Path) -> None:
    found = bootstrap.find_duplicates(load_project(filled), 0.5, 1)
    assert all(each.one < each.other and 0.5 <= each.probability <= 1 for each in found)
