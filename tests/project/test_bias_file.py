"""policies/bias.yaml."""

from pathlib import Path

import pytest

from tailorbird.cli.init import copy_example
from tailorbird.project.bias_file import read_bias
from tailorbird.project.errors import ProjectError
from tailorbird.project.project import load_project
from tailorbird.types.bias import BiasPolicy

GOOD = """
built_in: false
reference: {district: north}
attributes:
  - name: district
    trait: address.postalCode
    proxy_for: income
    match: prefix
    groups:
      south: [1, "2"]
      north: [N1]
  - name: spend
    feature: spent_90d
    groups: {little: [0], much: [500]}
"""


@pytest.fixture(scope="module")
def features(tmp_path_factory: pytest.TempPathFactory) -> tuple[object, ...]:
    root = tmp_path_factory.mktemp("bias") / "wren"
    copy_example(root)
    return load_project(root).features


def test_attributes_of_a_project_are_read_with_their_groups(tmp_path: Path, features: tuple[object, ...]) -> None:
    path = tmp_path / "bias.yaml"
    path.write_text(GOOD)
    policy = read_bias(path, features)  # type: ignore[arg-type]
    district, spend = policy.attributes
    assert (district.trait, district.proxy_for, district.match) == ("address.postalCode", "income", "prefix")
    assert district.groups == {"south": (1, "2"), "north": ("N1",)}
    assert spend.feature == "spent_90d" and policy.reference == {"district": "north"} and not policy.built_in


def test_without_a_file_our_own_lists_serve(tmp_path: Path) -> None:
    assert read_bias(tmp_path / "bias.yaml", ()) == BiasPolicy()


@pytest.mark.parametrize(
    ("old", "new", "line", "why"),
    [
        ("built_in:", "builtin:", 2, "did you mean 'built_in'"),
        ("    trait: address.postalCode\n", "", 5, "neither trait nor feature; write one"),
        ("    feature: spent_90d\n", "    feature: spent_90d\n    trait: x\n", 12, "both trait and feature"),
        ("feature: spent_90d", "feature: spent_9d", 13, "did you mean 'spent_90d'"),
        ("trait: address.postalCode", "trait: address..city", 6, "single dots"),
        ("name: spend", "name: district", 12, "there twice"),
        ("      north: [N1]\n", "", 9, "at least two"),
        ("north: [N1]", "north: []", 11, "holds no value"),
        ("north: [N1]", 'north: [N1, " 2"]', 11, "in group 'south' as well"),
        ("district: north", "district: nord", 3, "did you mean 'north'"),
        ("match: prefix", "match: like", 8, "'exact' or 'prefix'"),
        ('south: [1, "2"]', "south: 1", 10, "must be a list"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_mend(
    tmp_path: Path, features: tuple[object, ...], old: str, new: str, line: int, why: str
) -> None:
    path = tmp_path / "bias.yaml"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(ProjectError, match=why) as told:
        read_bias(path, features)  # type: ignore[arg-type]
    assert told.value.line == line and str(path) in str(told.value)


@pytest.mark.parametrize("text", ["[", "attributes: 3", "attributes: [{name: a}]", "\x00"])
def test_a_file_that_is_none_is_one_clear_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bias.yaml"
    path.write_text(text)
    with pytest.raises(ProjectError, match=r"bias\.yaml"):
        read_bias(path, ())
