"""Experiments in project files: variants that can be compared, layers that know their campaigns."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from tailorbird.project.errors import ProjectError
from tailorbird.project.numbers import CAMPAIGN_RANGES, Range
from tailorbird.project.source import line_of, nearest, read_yaml
from tailorbird.types.campaign import Campaign
from tailorbird.types.experiment import ExperimentSpec
from tailorbird.types.settings import Settings

VARIANTS_MAX = 20
WEIGHT = Range(0.0001, 1_000_000, "a variant without weight has no people")
SHARE = Range(0.0001, 1, "it is the campaign's part of the layer's people")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,50}")
_TAKEN = ("holdout", "treatment")


def check_experiment(path: Path, campaign: Campaign, settings: Settings, features: Sequence[str]) -> None:
    """Raise ProjectError for the first thing in `experiment` that cannot be. `features` are those of single values."""
    experiment = campaign.experiment
    if experiment is None:
        return
    _check_variants(path, experiment)
    for name, spec in experiment.variants.items():
        at = ["experiment", "variants", name]
        if not WEIGHT.holds(spec.weight):
            _fail(path, [*at, "weight"], f"must be {WEIGHT}: {WEIGHT.why} (found {spec.weight:g})")
        changed = replace(campaign, policy=spec.policy or campaign.policy, items=spec.items or campaign.items)
        for field, allowed in CAMPAIGN_RANGES.items():
            part, _, key = field.partition(".")
            if part in ("policy", "items") and not allowed.holds(value := getattr(getattr(changed, part), key)):
                _fail(path, [*at, part, key], f"must be {allowed}: {allowed.why} (found {value:g})")
        if changed.items.candidates < changed.items.slots:
            _fail(path, [*at, "items", "candidates"], f"must be at least items.slots ({changed.items.slots})")
        needed = {"last_item": "last_item", "basket": "basket_item"}.get(changed.items.source)
        if needed is not None and needed not in features:
            _fail(path, [*at, "items", "source"], f"needs a feature named {needed!r}; define it in features/")
    for place, name in enumerate(experiment.strata):
        if name not in features:
            _fail(path, ["experiment", "strata", place], f"no feature of one value {name!r}{nearest(name, features)}")
    _check_layer_of(path, campaign, experiment.layer, settings)


def _check_variants(path: Path, experiment: ExperimentSpec) -> None:
    names = list(experiment.variants)
    if not names:
        if experiment.control:
            _fail(path, ["experiment", "control"], "there are no variants that it could be compared with")
        return
    if len(names) == 1:
        _fail(path, ["experiment", "variants"], "one variant alone compares with nothing; name two at least, or none")
    if len(names) > VARIANTS_MAX:
        _fail(path, ["experiment", "variants"], f"at most {VARIANTS_MAX} variants (found {len(names)})")
    for name in names:
        if not _NAME.fullmatch(name) or name in _TAKEN:
            _fail(
                path,
                ["experiment", "variants", name],
                "a variant's name is 1 to 50 letters, digits, hyphens and underscores, and neither 'holdout' nor "
                "'treatment'",
            )
    if experiment.control not in names:
        wrong = f"no variant {experiment.control!r}{nearest(experiment.control, names)}"
        _fail(
            path,
            ["experiment", "control"],
            wrong if experiment.control else "say which variant the others are compared with",
        )


def _check_layer_of(path: Path, campaign: Campaign, layer: str, settings: Settings) -> None:
    layers = settings.experiments.layers
    if layer and layer not in layers:
        mend = (
            nearest(layer, list(layers)) or f"; add experiments.layers.{layer}.shares there, with each campaign's part"
        )
        _fail(path, ["experiment", "layer"], f"tailorbird.yaml has no layer {layer!r}{mend}")
    if layer and campaign.name not in layers[layer].shares:
        _fail(
            path,
            ["experiment", "layer"],
            f"layer {layer!r} has no share for {campaign.name!r}: add it to experiments.layers.{layer}.shares in "
            "tailorbird.yaml, at the end",
        )


def check_layers(path: Path, settings: Settings, campaigns: Mapping[str, Campaign]) -> None:
    """Raise ProjectError for a layer in tailorbird.yaml whose campaigns do not know it, or whose shares are too much.

    A campaign that is gone may keep its share: its people stay where they were.
    """
    for layer, spec in settings.experiments.layers.items():
        at: list[str | int] = ["experiments", "layers", layer, "shares"]
        for name, share in spec.shares.items():
            if not SHARE.holds(share):
                _fail(path, [*at, name], f"must be {SHARE}: {SHARE.why} (found {share:g})")
            campaign = campaigns.get(name)
            if campaign is not None and (campaign.experiment is None or campaign.experiment.layer != layer):
                _fail(
                    path,
                    [*at, name],
                    f"campaigns/{name}.yaml is not in this layer: write experiment: {{layer: {layer}}} there",
                )
        if (total := sum(spec.shares.values())) > 1 + 1e-9:
            _fail(path, at, f"the shares add up to {total:g}, and a layer has 1 at most")


def _fail(path: Path, loc: Sequence[str | int], message: str) -> None:
    raise ProjectError(path, line_of(read_yaml(path), list(loc)), ".".join(map(str, loc)), message)
