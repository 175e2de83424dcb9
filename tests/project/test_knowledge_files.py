"""The files of knowledge/."""

from pathlib import Path

import pytest

from tailorbird.cli.init import copy_example
from tailorbird.project.errors import ProjectError
from tailorbird.project.project import load_project


@pytest.fixture
def root(tmp_path: Path) -> Path:
    copy_example(tmp_path / "wren")
    return tmp_path / "wren"


def test_a_table_s_columns_are_facts_that_copy_may_state(root: Path) -> None:
    project = load_project(root)
    assert project.settings.catalog.facts["guide_tip"] == "text"
    assert project.knowledge["guide"].by == "family"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("source: a.csv\nby: family\nkey: k\ncolumns: {Tip: {}}\n", "no name for a slot"),
        ("source: a.csv\nby: family\nkey: k\ncolumns: {tip: {}}\nttl_days: 0\n", "at least 1"),
        ("source: a.csv\nby: shelf\nkey: k\ncolumns: {tip: {}}\n", "by"),
        ("source: a.csv\nby: item\nkey: k\ncolumns: {tip: {kind: text}}\n", "unknown key"),
    ],
)
def test_a_mistake_is_told_with_its_file_and_line(root: Path, text: str, why: str) -> None:
    (root / "knowledge" / "odd.yaml").write_text(text)
    with pytest.raises(ProjectError, match=why) as told:
        load_project(root)
    assert "odd.yaml" in str(told.value)


def test_a_fact_is_declared_once(root: Path) -> None:
    settings = root / "tailorbird.yaml"
    settings.write_text(settings.read_text().replace("    care: text", "    care: text\n    guide_tip: text"))
    with pytest.raises(ProjectError, match="has a fact 'guide_tip' already"):
        load_project(root)
