"""Personas and their values."""

import numpy as np
import pytest

from tailorbird.stages.fairness.personas import (
    SAMPLES,
    built_in_attributes,
    draw_values,
    gather_attributes,
    group_of,
    samples_of,
)
from tailorbird.types.bias import BiasPolicy, PersonaAttribute

GENDER = PersonaAttribute("gender", {"men": ("m",), "women": ("f",)}, trait="gender")


@pytest.mark.parametrize("language", ["en", "de"])
def test_our_lists_have_names_descriptors_and_areas_and_call_the_proxies_so(language: str) -> None:
    attributes = {attribute.name: attribute for attribute in built_in_attributes(language)}
    assert {"first_name", "gender", "religion", "disability", "postcode"} <= attributes.keys()
    assert {name for name, each in attributes.items() if each.proxy_for} == {"first_name", "postcode"}
    assert all(len(each.groups) >= 3 and each.why for each in attributes.values())


def test_a_context_gets_different_values_of_a_group_and_the_seed_repeats_them() -> None:
    names = built_in_attributes("en")[0]
    drawn, again = (draw_values(names, 30, np.random.default_rng(4)) for _ in range(2))
    assert drawn == again
    for group, samples in drawn.items():
        assert len(samples) == samples_of(names) == SAMPLES
        for context in range(30):
            values = [sample[context] for sample in samples]
            assert len(set(values)) == SAMPLES and set(values) <= set(names.groups[group])


def test_the_users_own_attribute_takes_the_place_of_ours_on_the_same_trait() -> None:
    own = PersonaAttribute("sex", {"a": ("1",), "b": ("2",)}, trait="gender")
    chosen = gather_attributes(BiasPolicy((own,)), [GENDER], [], "en")
    assert [each.name for each in chosen if each.trait == "gender"] == ["sex"]
    assert "religion" in {each.name for each in chosen}
    assert gather_attributes(BiasPolicy((own,), built_in=False), [], [], "en") == [own]


def test_another_group_can_be_the_one_to_compare_with() -> None:
    policy = BiasPolicy((GENDER,), built_in=False, reference={"gender": "women", "other": "x"})
    (chosen,) = gather_attributes(policy, [], [], "en")
    assert list(chosen.groups) == ["women", "men"]


@pytest.mark.parametrize(
    ("attribute", "value", "group"),
    [
        (GENDER, "F ", "women"),
        (GENDER, "x", None),
        (GENDER, None, None),
        (GENDER, ["f"], None),
        (PersonaAttribute("a", {"one": (True,), "two": (False,)}, trait="a"), True, "one"),
    ],
)
def test_a_persons_group_is_that_of_their_value(attribute: PersonaAttribute, value: object, group: str | None) -> None:
    assert group_of(attribute, value) == group


@pytest.mark.parametrize(
    ("value", "group"), [("e17 9ZZ", "inner cities"), ("EX1 1AA", None), ("BD22 8AA", "northern industrial towns")]
)
def test_a_postcode_belongs_to_its_area_and_not_to_one_that_begins_alike(value: str, group: str | None) -> None:
    areas = next(each for each in built_in_attributes("en") if each.name == "postcode")
    assert group_of(areas, value) == group


def test_german_areas_go_by_the_first_two_digits() -> None:
    areas = next(each for each in built_in_attributes("de") if each.name == "postcode")
    assert group_of(areas, "70599") == "Südwesten" and group_of(areas, "99999") is None
