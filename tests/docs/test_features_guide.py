"""The guide to features: every example in it is a definition that compiles and folds, and every kind has one."""

import re
from pathlib import Path
from typing import get_args

from tailorbird.project.source import parse
from tailorbird.stages.features.compile import compile_features
from tailorbird.stages.features.fold import FeatureFold
from tailorbird.types.feature import FeatureDefinition, FeatureKind

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "features.md"


def test_the_examples_compile_and_every_kind_has_one(tmp_path: Path) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(), re.S)
    (tmp_path / "all.yaml").write_text("\n".join(blocks))
    definitions: tuple[FeatureDefinition, ...] = parse(tmp_path / "all.yaml", tuple[FeatureDefinition, ...])
    assert {definition.kind for definition in definitions} == set(get_args(FeatureKind))
    assert compile_features(definitions).startswith("WITH ")
    assert len(FeatureFold(definitions).definitions) == len(definitions) - 1  # all but the one in SQL
