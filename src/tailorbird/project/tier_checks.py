"""Tiers in project files: money that makes sense, and a large model where one is named."""

from collections.abc import Sequence
from pathlib import Path

from tailorbird.project.errors import ProjectError
from tailorbird.project.numbers import SETTINGS_RANGES, Range
from tailorbird.project.source import line_of, read_yaml
from tailorbird.types.campaign import Campaign
from tailorbird.types.settings import Settings

TIER_RANGES = {
    "message_micros": Range(0, 1e12, "it is a price"),
    "budget": Range(0, 1e12, "it is an amount of money"),
}
"""Ranges by the field's place under `tiers`."""
_GENERATOR = "generator."


def check_tiers(path: Path, campaign: Campaign, settings: Settings) -> None:
    """Raise ProjectError for an amount that makes no sense, or for the large tier in a project without such a model."""
    if campaign.tiers is not None:
        for name, allowed in TIER_RANGES.items():
            value = getattr(campaign.tiers, name)
            if value is not None and not allowed.holds(value):
                _fail(path, ["tiers", name], f"must be {allowed}: {allowed.why} (found {value:g})")
        if campaign.tiers.otherwise == "large" and settings.large is None:
            _fail(path, ["tiers", "otherwise"], _NO_LARGE)
    for name, spec in campaign.experiment.variants.items() if campaign.experiment else ():
        if spec.tier == "large" and settings.large is None:
            _fail(path, ["experiment", "variants", name, "tier"], _NO_LARGE)


_NO_LARGE = "the project has no large model; name one under `large` in tailorbird.yaml"


def check_large_model(path: Path, settings: Settings) -> None:
    """Raise ProjectError for a number of the large model that makes no sense: the ranges are the generator's."""
    if settings.large is None:
        return
    for field, allowed in SETTINGS_RANGES.items():
        name = field.removeprefix(_GENERATOR)
        if field.startswith(_GENERATOR) and "." not in name:
            value = getattr(settings.large, name)
            if value is not None and not allowed.holds(value):
                _fail(path, ["large", name], f"must be {allowed}: {allowed.why} (found {value:g})")


def _fail(path: Path, loc: Sequence[str], message: str) -> None:
    raise ProjectError(path, line_of(read_yaml(path), loc), ".".join(loc), message)
