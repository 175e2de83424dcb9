"""The items of campaigns in project files: the feature that makes cells, and margin rules that say what margin is."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from tailorbird.project.errors import ProjectError
from tailorbird.project.source import line_of, nearest, read_yaml
from tailorbird.types.campaign import Campaign
from tailorbird.types.feature import FeatureDefinition
from tailorbird.types.item_spec import ItemSpec


def check_items(path: Path, campaign: Campaign, features: Sequence[FeatureDefinition]) -> None:
    """Raise ProjectError for the first thing in `items`, of the campaign or a variant, that cannot be."""
    known = {feature.name: feature for feature in features}
    for at, spec in _specs(campaign):
        if spec.cell and spec.cell not in known:
            _fail(path, [*at, "cell"], f"no feature {spec.cell!r}{nearest(spec.cell, list(known))}")
        if spec.cell and known[spec.cell].sensitive:
            _fail(path, [*at, "cell"], f"{spec.cell!r} is sensitive: what is shown would tell what its people have")
        if (spec.margin_weight or spec.margin_min) and not spec.margin:
            field = "margin_weight" if spec.margin_weight else "margin_min"
            _fail(path, [*at, field], "needs items.margin: the catalog's attribute that holds the margin")


def _specs(campaign: Campaign) -> Iterator[tuple[list[str], ItemSpec]]:
    yield ["items"], campaign.items
    for name, variant in (campaign.experiment.variants if campaign.experiment else {}).items():
        if variant.items is not None:
            yield ["experiment", "variants", name, "items"], variant.items


def _fail(path: Path, loc: list[str], message: str) -> None:
    raise ProjectError(path, line_of(read_yaml(path), loc), ".".join(loc), message)
