"""The policies of campaigns in project files: the features that they ask for are there, and may be asked for."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from tailorbird.project.errors import ProjectError
from tailorbird.project.source import line_of, nearest, read_yaml
from tailorbird.types.campaign import Campaign
from tailorbird.types.feature import FeatureDefinition
from tailorbird.types.policy_spec import PolicySpec


def check_policy_features(path: Path, campaign: Campaign, features: Sequence[FeatureDefinition]) -> None:
    """Raise ProjectError for the first feature of a `policy`, of the campaign or a variant, that it cannot have.

    A run opens its policy after models were paid for their lines: what is wrong here has to be told before.
    """
    known = {one.name: one for one in features}
    for at, spec in policy_specs(campaign):
        if spec.kind == "cohorts" and not spec.cohort:
            _fail(path, [*at, "cohort"], "is missing: a policy of kind cohorts needs the feature that makes them")
        if spec.kind == "linear" and not spec.features:
            _fail(path, [*at, "features"], "is missing: a policy of kind linear needs features that hold numbers")
        asked = [([*at, "cohort"], spec.cohort)] if spec.cohort else []
        asked += [([*at, "features", place], name) for place, name in enumerate(spec.features)]
        for loc, name in asked:
            if name not in known:
                mend = nearest(name, list(known)) or "; there are none yet"
                _fail(path, loc, f"no feature {name!r} is defined in features/{mend}")
            if known[name].sensitive:
                _fail(path, loc, f"{name!r} is sensitive: what is shown would tell what its people have")


def policy_specs(campaign: Campaign) -> Iterator[tuple[list[str | int], PolicySpec]]:
    """(where it stands in the file, the policy) of the campaign, and of variants with one of their own."""
    yield ["policy"], campaign.policy
    for name, variant in (campaign.experiment.variants if campaign.experiment else {}).items():
        if variant.policy is not None:
            yield ["experiment", "variants", name, "policy"], variant.policy


def _fail(path: Path, loc: list[str | int], message: str) -> None:
    raise ProjectError(path, line_of(read_yaml(path), loc), ".".join(map(str, loc)), message)
