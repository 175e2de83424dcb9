"""Personas: our own attributes with their groups, and which value each context gets for a group."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from tailorbird.stages.fairness.word_lists import word_lists
from tailorbird.types.bias import BiasPolicy, PersonaAttribute, Value

SAMPLES = 5
"""At most so many values of a group does each context get."""
_NAMES = "Our own list of first names that readers are likely to place in the group; no name is certain of anybody."
_DESCRIPTORS = "Our own list of words by which people describe themselves; the trait need not exist in the project."
_AREAS = "Our own list of postcodes, far apart on the map; nothing is said of who lives there."


def built_in_attributes(language: str) -> list[PersonaAttribute]:
    """First names (traits.firstName), postcodes (traits.postcode), and an attribute for each kind of descriptor."""
    names = PersonaAttribute("first_name", word_lists("names", language), "firstName", None, "origin and gender",
                             why=_NAMES)  # fmt: skip
    areas = PersonaAttribute("postcode", word_lists("areas", language), "postcode", None, "origin and income",
                             "prefix", _AREAS)  # fmt: skip
    groups: dict[str, dict[str, tuple[Value, ...]]] = {}
    for key, values in word_lists("descriptors", language).items():
        attribute, group = (part.strip() for part in key.split("/", 1))
        groups.setdefault(attribute, {})[group] = values
    described = [PersonaAttribute(name, found, trait=name, why=_DESCRIPTORS) for name, found in groups.items()]
    return [names, *described, areas]


def gather_attributes(
    policy: BiasPolicy, own: Sequence[PersonaAttribute], given: Sequence[PersonaAttribute], language: str
) -> list[PersonaAttribute]:
    """All attributes of an audit, each with the group that the others are compared with first.

    Of two with one name, or about one trait or feature, the user's own comes before those of a file of names (`given`),
    these before what the project's features show (`own`), and that before our lists.
    """
    chosen: list[PersonaAttribute] = []
    for attribute in (*policy.attributes, *given, *own, *(built_in_attributes(language) if policy.built_in else [])):
        names = {other.name for other in chosen}
        places = {(other.trait, other.feature) for other in chosen}
        if attribute.name not in names and (attribute.trait, attribute.feature) not in places:
            chosen.append(attribute)
    return [_reordered(attribute, (policy.reference or {}).get(attribute.name)) for attribute in chosen]


def _reordered(attribute: PersonaAttribute, first: str | None) -> PersonaAttribute:
    if first is None or first not in attribute.groups:
        return attribute
    return replace(attribute, groups={first: attribute.groups[first], **attribute.groups})


def samples_of(attribute: PersonaAttribute) -> int:
    """How many values of each group every context gets: the fewest that a group has, at most SAMPLES."""
    return min(SAMPLES, *(len(values) for values in attribute.groups.values()))


def draw_values(
    attribute: PersonaAttribute, contexts: int, rng: np.random.Generator
) -> Mapping[str, Sequence[Sequence[Value]]]:
    """{group: for each sample the value of each context}: a context's values of one group are different ones."""
    drawn = {}
    for group, values in attribute.groups.items():
        orders = np.argsort(rng.random((contexts, len(values))), axis=1)
        drawn[group] = [[values[at] for at in orders[:, sample]] for sample in range(samples_of(attribute))]
    return drawn


def group_of(attribute: PersonaAttribute, value: object) -> str | None:
    """The group of a real person with this value, if any; capitals do not count.

    Of numbers that lie between the groups' values nothing is said. With `prefix`, the part before the space of a
    group's value (or, without one, its first two characters) must begin the person's.
    """
    if value is None or isinstance(value, list | dict):
        return None
    told = str(value).strip().casefold()
    for group, values in attribute.groups.items():
        for each in values:
            known = str(each).strip().casefold()
            if attribute.match == "prefix":
                head = _area(known)
                if told.startswith(head) and not (head[-1:].isalpha() and told[len(head) : len(head) + 1].isalpha()):
                    return group
            elif told == known:
                return group
    return None


def _area(postcode: str) -> str:
    """'gu1 1aa' is in area 'gu', '70173' in '70'."""
    letters = "".join(character for character in postcode.split(" ")[0] if character.isalpha())
    return letters or postcode[:2]
