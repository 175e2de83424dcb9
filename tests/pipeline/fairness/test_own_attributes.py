"""Attributes that the project's features call for."""

from datetime import UTC, datetime

import pytest

from tailorbird.pipeline.fairness.own_attributes import find_own_attributes, groups_of_people, trait_of
from tailorbird.types.bias import PersonaAttribute
from tailorbird.types.feature import FeatureDefinition, FeatureTable
from tailorbird.types.profile import Profile

NOW = datetime(2026, 6, 1, tzinfo=UTC)
PROFILES = [Profile(str(i), {"gender": ("f", "m", "f", "")[i % 4], "address": {"city": "Leeds"}}) for i in range(8)]
GENDER = FeatureDefinition(name="sex", kind="last", purpose="personalization", field="traits.gender")
HEALTH = FeatureDefinition(name="health", kind="last", purpose="health", field="properties.topic", sensitive=True)
SPENT = FeatureDefinition(name="spent", kind="sum", purpose="personalization", field="properties.total")


def table(**columns: list[object]) -> FeatureTable:
    return FeatureTable(NOW, [p.person_id for p in PROFILES], columns)


def test_a_trait_that_a_feature_reads_is_swapped_between_the_values_that_people_have() -> None:
    (found,) = find_own_attributes([GENDER], table(sex=[None] * 8), PROFILES)
    assert (found.trait, found.feature, found.groups) == ("gender", None, {"f": ("f",), "m": ("m",)})
    assert list(found.groups) == ["f", "m"]  # the commonest is compared with


def test_a_sensitive_feature_is_swapped_and_gets_invented_values_where_it_is_withheld_from_all() -> None:
    (seen,) = find_own_attributes([HEALTH], table(health=["a", "b", "a", None] * 2), PROFILES)
    assert seen.feature == "health" and seen.groups == {"a": ("a",), "b": ("b",)}
    (hidden,) = find_own_attributes([HEALTH], table(health=[None] * 8), PROFILES)
    assert len(hidden.groups) == 2 and "invented" in hidden.why


def test_spend_goes_from_the_first_sixth_to_the_last_and_is_a_proxy() -> None:
    (found,) = find_own_attributes([SPENT], table(spent=[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 90.0, None]), PROFILES)
    assert found.proxy_for == "income"
    assert found.groups == {"spends little": (1.0,), "spends much": (5.0,)}
    assert find_own_attributes([SPENT], table(spent=[3.0] * 8), PROFILES) == []
    assert find_own_attributes([SPENT], table(spent=[None] * 8), PROFILES) == []


def test_other_features_call_for_nothing() -> None:
    count = FeatureDefinition(name="orders", kind="count", purpose="p", event="Order Completed")
    assert find_own_attributes([count], table(orders=[1] * 8), PROFILES) == []


def test_people_belong_to_groups_by_trait_or_to_the_nearest_number_of_a_feature() -> None:
    gender = PersonaAttribute("gender", {"women": ("F",), "men": ("m",)}, trait="gender")
    assert groups_of_people(gender, PROFILES, table())[:4] == ["women", "men", "women", None]
    spend = PersonaAttribute("spent", {"little": (10,), "much": (100,)}, feature="spent")
    spent: list[object] = [0.0, 54.0, 56.0, 900.0, None, float("nan"), "x", True]
    groups = groups_of_people(spend, PROFILES, table(spent=spent))
    assert groups == ["little", "little", "much", "much", None, None, None, None]
    assert groups_of_people(spend, PROFILES, table()) == [None] * 8


@pytest.mark.parametrize(("path", "value"), [("address.city", "Leeds"), ("address.street", None), ("gender.x", None)])
def test_a_trait_is_found_by_its_path(path: str, value: object) -> None:
    assert trait_of(PROFILES[0], path) == value
