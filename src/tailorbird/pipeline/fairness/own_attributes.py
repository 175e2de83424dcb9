"""Attributes that a project's own features call for: what they read of people, with values that its people have."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tailorbird.stages.fairness.personas import group_of
from tailorbird.types.bias import PersonaAttribute, Value
from tailorbird.types.feature import FeatureDefinition, FeatureTable
from tailorbird.types.profile import Profile

GROUPS_MAX = 4
_MONEY = ("total", "revenue", "value", "subtotal")
_TRAITS = "traits."
_PLACEHOLDERS = ("one value", "another value")


def find_own_attributes(
    features: Sequence[FeatureDefinition], table: FeatureTable, profiles: Sequence[Profile]
) -> list[PersonaAttribute]:
    """An attribute for each trait that a feature reads, each sensitive feature, and each sum of money (spend).

    Traits and sensitive features are swapped between the values that people have most often, at most GROUPS_MAX; spend
    between the first and the last sixth of the people. Of a sensitive feature that is withheld from everybody no value
    is known: it gets two invented ones, which show at least that nothing passes.
    """
    found: dict[str, PersonaAttribute] = {}
    for feature in features:
        attribute = _of_trait(feature, profiles) or _of_sensitive(feature, table) or _of_spend(feature, table)
        if attribute is not None:
            found.setdefault(attribute.trait or attribute.name, attribute)
    return list(found.values())


def _of_trait(feature: FeatureDefinition, profiles: Sequence[Profile]) -> PersonaAttribute | None:
    if feature.kind not in ("last", "first", "top_k") or not (feature.field or "").startswith(_TRAITS):
        return None
    path = str(feature.field).removeprefix(_TRAITS)
    groups = _commonest(trait_of(profile, path) for profile in profiles)
    why = f"Values that the project's people have most often; the feature {feature.name} reads them."
    return PersonaAttribute(path, groups, trait=path, why=why) if len(groups) > 1 else None


def _of_sensitive(feature: FeatureDefinition, table: FeatureTable) -> PersonaAttribute | None:
    if not feature.sensitive:
        return None
    groups = _commonest(table.columns[feature.name])
    why = "Declared sensitive in features/; values that the project's people have most often."
    if len(groups) < 2:
        groups = {value: (value,) for value in _PLACEHOLDERS}
        why = "Declared sensitive in features/; it is withheld from everybody, so that the values are invented."
    return PersonaAttribute(feature.name, groups, feature=feature.name, why=why)


def _of_spend(feature: FeatureDefinition, table: FeatureTable) -> PersonaAttribute | None:
    path = (feature.field or "").split(".")
    if feature.kind != "sum" or path[0] != "properties" or path[-1] not in _MONEY:
        return None
    known = sorted(float(value) for value in table.columns[feature.name] if value is not None)
    if not known or known[len(known) // 6] == known[-1 - len(known) // 6]:
        return None
    low, high = known[len(known) // 6], known[-1 - len(known) // 6]
    why = "What the sixth of the project's people that spends least, and the one that spends most, spend at its edge."
    groups: dict[str, tuple[Value, ...]] = {"spends little": (low,), "spends much": (high,)}
    return PersonaAttribute(feature.name, groups, feature=feature.name, proxy_for="income", why=why)


def _commonest(values: Iterable[Any]) -> dict[str, tuple[Value, ...]]:
    counts = Counter(value for value in values if isinstance(value, str | int | float | bool) and value != "")
    chosen = sorted(counts, key=lambda value: (-counts[value], str(value)))[:GROUPS_MAX]
    return {str(value): (value,) for value in chosen}


def trait_of(profile: Profile, path: str) -> Any:
    """A profile's trait by its path; None where there is none."""
    found: Any = profile.traits
    for part in path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def groups_of_people(attribute: PersonaAttribute, profiles: Sequence[Profile], table: FeatureTable) -> list[str | None]:
    """The group of each real person, by their trait, or by the feature where consent covers it.

    A number belongs to the group whose value is nearest, where all groups' values are numbers.
    """
    if attribute.trait is not None:
        values = [trait_of(profile, attribute.trait) for profile in profiles]
    else:
        values = list(table.columns.get(str(attribute.feature), [None] * len(profiles)))
    known = [(float(value), group) for group, group_values in attribute.groups.items() for value in group_values
             if isinstance(value, int | float) and not isinstance(value, bool)]  # fmt: skip
    if len(known) == sum(map(len, attribute.groups.values())):
        return [_nearest(value, known) for value in values]
    return [group_of(attribute, value) for value in values]


def _nearest(value: Any, known: Sequence[tuple[float, str]]) -> str | None:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        return None
    return min(known, key=lambda pair: abs(pair[0] - value))[1]
