"""How campaigns choose, beside what there is: features that policies ask for, and kinds and recommenders that exist."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tailorbird.project.errors import ProjectError
from tailorbird.project.policy_references import policy_specs
from tailorbird.project.project import Project
from tailorbird.project.source import line_of, nearest, read_yaml
from tailorbird.stages.features.definitions import value_type
from tailorbird.types.campaign import Campaign
from tailorbird.types.item_spec import ItemSpec

Place = list[str | int]


def check_policy_types(project: Project) -> None:
    """Raise ProjectError for the first feature that a policy, the campaign's or a variant's, cannot be given.

    A cohort is one value of a feature; `features` are numbers, or true and false. That they are defined is known since
    the project was read.
    """
    kinds = {feature.name: value_type(feature) for feature in project.features}
    for stem, campaign in project.campaigns.items():
        path = project.root / "campaigns" / f"{stem}.yaml"
        for place, spec in policy_specs(campaign):
            if spec.cohort and kinds[spec.cohort] == "list":
                message = f"{spec.cohort!r} is a list of values; define a feature of kind top_k with k: 1"
                _fail(path, [*place, "cohort"], f"{message} and name that")
            for number, name in enumerate(spec.features):
                if kinds[name] in ("text", "list"):
                    told = "texts" if kinds[name] == "text" else "lists"
                    mend = "a policy of kind cohorts takes such a value as its cohort"
                    _fail(path, [*place, "features", number], f"{name!r} holds {told}, and numbers are needed; {mend}")


def check_installed(project: Project, policies: Mapping[str, str], recommenders: Mapping[str, str]) -> None:
    """Raise ProjectError for the first policy or recommender that is not there.

    Both are {name: what has to be installed before it works, '' for nothing}, of all that are built in or registered.
    """
    for stem, campaign in project.campaigns.items():
        path = project.root / "campaigns" / f"{stem}.yaml"
        for place, policy in policy_specs(campaign):
            _have(path, [*place, "kind"], "policy", policy.kind, policies, "tailorbird.policies")
        for place, items in _items(campaign):
            at = [*place, "recommender"]
            _have(path, at, "recommender", items.recommender, recommenders, "tailorbird.recommenders")


def _items(campaign: Campaign) -> Iterator[tuple[Place, ItemSpec]]:
    yield ["items"], campaign.items
    for name, variant in (campaign.experiment.variants if campaign.experiment else {}).items():
        if variant.items is not None:
            yield ["experiment", "variants", name, "items"], variant.items


def _have(path: Path, place: Place, what: str, name: str, known: Mapping[str, str], group: str) -> None:
    if name not in known:
        mend = f"; or install the package that registers it under {group!r}"
        _fail(path, place, f"no {what} {name!r} is built in or installed{nearest(name, list(known))}{mend}")
    if known[name]:
        _fail(path, place, f"{name!r} is not installed: {known[name]}")


def _fail(path: Path, place: Sequence[str | int], message: str) -> None:
    raise ProjectError(path, line_of(read_yaml(path), place), ".".join(map(str, place)), message)
