from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tailorbird.project.errors import ProjectError
from tailorbird.project.item_references import check_items
from tailorbird.project.project import load_project
from tailorbird.types.experiment import ExperimentSpec, VariantSpec
from tailorbird.types.item_spec import ItemSpec

WREN = Path(__file__).parents[2] / "examples" / "wren"
PROJECT = load_project(WREN)
FILE = WREN / "campaigns" / "win_back.yaml"


def refusal(spec: ItemSpec, **changed: Any) -> str:
    with pytest.raises(ProjectError) as caught:
        check_items(FILE, replace(PROJECT.campaign("win_back"), items=spec, **changed), PROJECT.features)
    return str(caught.value)


def test_a_cell_is_a_feature_that_is_there_and_not_sensitive() -> None:
    assert "no feature 'daypat'" in refusal(ItemSpec(cell="daypat"))
    sensitive = [replace(feature, sensitive=True) for feature in PROJECT.features]
    with pytest.raises(ProjectError, match="is sensitive"):
        check_items(FILE, replace(PROJECT.campaign("win_back"), items=ItemSpec(cell="daypart")), sensitive)
    check_items(FILE, replace(PROJECT.campaign("win_back"), items=ItemSpec(cell="daypart")), PROJECT.features)


def test_margin_rules_say_where_the_margin_stands() -> None:
    assert "needs items.margin" in refusal(ItemSpec(margin_min=0.2))
    assert "margin_weight" in refusal(ItemSpec(margin_weight=2.0))


def test_the_items_of_a_variant_are_looked_at_too() -> None:
    experiment = ExperimentSpec({"a": VariantSpec(), "b": VariantSpec(items=ItemSpec(cell="nothing"))}, "a")
    assert "experiment.variants.b.items.cell" in refusal(ItemSpec(), experiment=experiment)
