"""The file policies/bias.yaml: whose attributes the bias audit swaps, beside our own lists."""

from collections.abc import Sequence
from pathlib import Path

from tailorbird.project.errors import ProjectError
from tailorbird.project.source import line_of, nearest, parse, read_yaml
from tailorbird.types.bias import BiasPolicy, PersonaAttribute
from tailorbird.types.feature import FeatureDefinition

BIAS_FILE = "policies/bias.yaml"


def read_bias(path: Path, features: Sequence[FeatureDefinition]) -> BiasPolicy:
    """The file's personas; the default where there is no such file. ProjectError: file, line, field and the mend."""
    if not path.exists():
        return BiasPolicy()
    policy: BiasPolicy = parse(path, BiasPolicy)
    seen: set[str] = set()
    for at, attribute in enumerate(policy.attributes):
        if attribute.name in seen:
            _fail(path, at, "name", f"this attribute is there twice: {attribute.name!r}; give it another name")
        seen.add(attribute.name)
        _check_place(path, at, attribute, [feature.name for feature in features])
        _check_groups(path, at, attribute)
    for name, group in (policy.reference or {}).items():
        known = {attribute.name: attribute for attribute in policy.attributes}.get(name)
        if known is not None and group not in known.groups:
            line = line_of(read_yaml(path), ["reference", name])
            raise ProjectError(
                path, line, f"reference.{name}", f"there is no group {group!r}{nearest(group, list(known.groups))}"
            )
    return policy


def _check_place(path: Path, at: int, attribute: PersonaAttribute, features: Sequence[str]) -> None:
    if (attribute.trait is None) == (attribute.feature is None):
        said = "both trait and feature" if attribute.trait is not None else "neither trait nor feature"
        _fail(path, at, "", f"{attribute.name} has {said}; write one: trait: gender, or feature: NAME of features/")
    if attribute.trait is not None and not all(attribute.trait.split(".")):
        _fail(path, at, "trait", f"must be names with single dots, such as address.city (found {attribute.trait!r})")
    if attribute.feature is not None and attribute.feature not in features:
        _fail(
            path, at, "feature", f"no feature {attribute.feature!r} in features/{nearest(attribute.feature, features)}"
        )


def _check_groups(path: Path, at: int, attribute: PersonaAttribute) -> None:
    if len(attribute.groups) < 2:
        _fail(path, at, "groups", f"{len(attribute.groups)} group; at least two are needed to compare")
    place: dict[str, str] = {}
    for group, values in attribute.groups.items():
        if not values:
            _fail(path, at, f"groups.{group}", "holds no value; name one, or remove the group")
        for value in values:
            folded = str(value).strip().casefold()
            if place.setdefault(folded, group) != group:
                _fail(path, at, f"groups.{group}", f"{value!r} is in group {place[folded]!r} as well; keep it in one")


def _fail(path: Path, at: int, field: str, message: str) -> None:
    steps: list[str | int] = ["attributes", at, *(field.split(".", 1) if field else [])]
    raise ProjectError(path, line_of(read_yaml(path), steps), ".".join(map(str, steps)), message)
