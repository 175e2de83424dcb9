"""How campaigns choose, beside the features, policies and recommenders that there are."""

import shutil
from pathlib import Path

import pytest

from tailorbird.pipeline.check import check_project
from tailorbird.pipeline.check_choosing import check_installed, check_policy_types
from tailorbird.project.errors import ProjectError
from tailorbird.project.project import load_project

WREN = Path(__file__).resolve().parents[2] / "examples" / "wren"
POLICY = "policy: {kind: thompson, "
KINDS = {"thompson": "", "vowpal_wabbit": "pip install 'tailorbird[bandit]'", "ours": ""}
RECOMMENDERS = {"neighbours": "", "popular": ""}


@pytest.fixture
def wren(tmp_path: Path) -> Path:
    shutil.copytree(WREN, tmp_path / "wren", ignore=shutil.ignore_patterns(".tailorbird", "media", "art"))
    return tmp_path / "wren"


def change(wren: Path, campaign: str, old: str, new: str) -> tuple[Path, int]:
    """The file, and the 1-based line of what was put there."""
    path = wren / "campaigns" / f"{campaign}.yaml"
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))
    return path, text[: text.index(old)].count("\n") + 1


def test_the_example_asks_for_nothing_that_is_not_there() -> None:
    project = load_project(WREN)
    check_policy_types(project)
    check_installed(project, KINDS, RECOMMENDERS)


@pytest.mark.parametrize(
    ("asked", "field", "told"),
    [
        ("cohort: contry", "policy.cohort", "no feature 'contry' is defined in features/; did you mean 'country'?"),
        ("cohort: favourite_families", "policy.cohort", "is a list of values"),
        ("features: [orders_90d, ordrs]", "policy.features.1", "did you mean 'orders_90d'?"),
        ("features: [country]", "policy.features.0", "'country' holds texts, and numbers are needed"),
        ("features: [favourite_families]", "policy.features.0", "holds lists"),
    ],
)
def test_a_feature_that_a_policy_cannot_be_given_is_told_with_file_line_and_field(
    wren: Path, asked: str, field: str, told: str
) -> None:
    path, line = change(wren, "win_back", POLICY, f"{POLICY}{asked}, ")
    with pytest.raises(ProjectError) as caught:
        check_policy_types(load_project(wren))
    assert (caught.value.file, caught.value.line, caught.value.field) == (str(path), line, field)
    assert told in caught.value.message


@pytest.mark.slow
def test_the_project_check_and_so_every_run_refuses_it(wren: Path) -> None:
    change(wren, "win_back", POLICY, f"{POLICY}cohort: contry, ")
    with pytest.raises(ProjectError, match="contry"):
        check_project(load_project(wren))


def test_numbers_and_single_values_are_given(wren: Path) -> None:
    change(wren, "win_back", POLICY, f"{POLICY}cohort: country, features: [orders_90d, spent_90d], ")
    check_policy_types(load_project(wren))


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("tompson", "no policy 'tompson' is built in or installed; did you mean 'thompson'?"),
        ("vowpal_wabbit", "'vowpal_wabbit' is not installed: pip install 'tailorbird[bandit]'"),
    ],
)
def test_a_kind_of_policy_that_is_not_there_is_told_and_an_installed_one_is_fine(
    wren: Path, kind: str, told: str
) -> None:
    path, line = change(wren, "win_back", "kind: thompson", f"kind: {kind}")
    with pytest.raises(ProjectError) as caught:
        check_installed(load_project(wren), KINDS, RECOMMENDERS)
    assert (caught.value.file, caught.value.line, caught.value.field) == (str(path), line, "policy.kind")
    assert caught.value.message.startswith(told)
    change(wren, "win_back", f"kind: {kind}", "kind: ours")
    check_installed(load_project(wren), KINDS, RECOMMENDERS)


def test_variants_are_looked_at_too(wren: Path) -> None:
    _, line = change(wren, "replenish", "    four: {}", "    four: {policy: {kind: nope}, items: {slots: 4}}")
    with pytest.raises(ProjectError, match="no policy 'nope'") as caught:
        check_installed(load_project(wren), KINDS, RECOMMENDERS)
    assert (caught.value.line, caught.value.field) == (line, "experiment.variants.four.policy.kind")
    change(wren, "replenish", "policy: {kind: nope}, items: {slots: 4}", "items: {slots: 4, recommender: deep}")
    with pytest.raises(ProjectError, match="no recommender 'deep'") as caught:
        check_installed(load_project(wren), KINDS, RECOMMENDERS)
    assert caught.value.field == "experiment.variants.four.items.recommender"
