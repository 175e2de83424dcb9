"""A new project."""

from pathlib import Path
from typing import Any

import pytest

from tailorbird.cli.init import copy_example
from tailorbird.project.project import load_project


@pytest.mark.slow
def test_a_new_project_is_the_example_without_derived_state(tailorbird: Any, tmp_path: Path) -> None:
    said = tailorbird("init", tmp_path / "mine")
    assert (said.code, "tailorbird check" in said.out) == (0, True)
    assert load_project(tmp_path / "mine").settings.name == "wren"
    assert not (tmp_path / "mine" / ".tailorbird").exists()


def test_a_folder_with_something_in_it_is_left_alone(tailorbird: Any, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("x")
    assert "not empty" in tailorbird("init", tmp_path).error
    assert [path.name for path in tmp_path.iterdir()] == ["precious"]


def test_copying_into_an_empty_folder_works(tmp_path: Path) -> None:
    copy_example(tmp_path)
    assert (tmp_path / "tailorbird.yaml").exists()
