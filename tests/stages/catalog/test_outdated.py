"""Which lines rest on facts that changed."""

from typing import Any

import pytest

from tailorbird.stages.catalog.outdated import Ground, find_outdated
from tailorbird.types.catalog_diff import CatalogDiff, ItemChange
from tailorbird.types.creative import Creative
from tailorbird.types.outdated import OutdatedLine


def line(text: str, locale: str = "en-GB", approval: Any = "approved") -> Creative:
    return Creative("c1", "", "win_back", "subject", locale, text, "approved", "h", approval=approval)


def change(field: str, old: Any, new: Any, family: str = "kettles") -> CatalogDiff:
    return CatalogDiff("a", "b", changed=(ItemChange("hobbin", "Hobbin kettle", family, {field: (old, new)}),))


def find(text: str, diff: CatalogDiff, *families: str, locale: str = "en-GB") -> OutdatedLine | None:
    found = find_outdated(diff, [line(text, locale)], {"c1": Ground(families)})
    return found[0] if found else None


@pytest.mark.parametrize(
    ("text", "field", "old", "families", "outdated"),
    [
        ("Enamelled steel for the stove", "attributes.material", "enamelled steel", ("kettles",), True),
        ("Enamelled steel for the stove", "attributes.material", "enamelled steel", ("mugs",), False),
        ("A silver lining", "attributes.colour", "silver", (), False),
        ("A silver lining", "attributes.colour", "silver", ("kettles",), True),
        ("Quicksilver", "attributes.colour", "silver", ("kettles",), False),
        ("1.8 litres of tea", "attributes.capacity", "1.8 litres", (), True),
        ("Our Hobbin kettle sings", "attributes.short_name", "Hobbin kettle", (), True),
        ("Now £48", "price", "48.00", (), True),
        ("Jetzt 48,00 €", "price", "48.00", (), True),
        ("Now £1,048.00", "price", "48.00", (), False),
        ("48 ways to make tea", "price", "48.00", (), False),
        ("{{ item.name }} for {{ item.price }}", "price", "48.00", ("kettles",), False),
        ("Buy 7", "stock", 7, ("kettles",), False),
        ("Size M", "attributes.size", "M", ("kettles",), False),
    ],
)
def test_a_line_is_outdated_where_its_own_words_state_the_fact(
    text: str, field: str, old: Any, families: tuple[str, ...], outdated: bool
) -> None:
    found = find(text, change(field, old, "other"), *families)
    assert (found is not None and found.kind == "literal") is outdated
    if found is not None:
        assert "hobbin" in found.reason


def test_a_value_of_another_language_is_no_concern() -> None:
    diff = change("attributes.material@de-DE", "Eiche", "Esche")
    assert find("Aus Eiche", diff, "kettles", locale="de-DE") is not None
    assert find("Aus Eiche", diff, "kettles") is None


def test_what_left_the_catalog_is_no_longer_so() -> None:
    diff = CatalogDiff("a", "b", removed={"hobbin": {"name": "Hobbin kettle", "family": "kettles", "price": "48.00"}})
    found = find("The Hobbin kettle is back", diff)
    assert found is not None
    assert found.reason == "it states name 'Hobbin kettle' of hobbin, which is gone"


def test_slots_are_safe_unless_their_value_vanished() -> None:
    text = "{{ item.material }}, made to last"
    assert find(text, change("attributes.material", "oak", "ash"), "kettles") is None
    found = find(text, change("attributes.material", "oak", None), "kettles")
    assert found is not None
    assert (found.kind, found.reason) == ("slot", "1 items no longer fill item.material")


def test_a_line_of_the_model_is_written_anew_when_its_example_changed() -> None:
    ground = Ground(("kettles",), "hobbin", {"item.price": "£48.00"})
    (found,) = find_outdated(change("price", "48.00", "45.00"), [line("{{ item.name }}")], {"c1": ground})
    assert found.kind == "brief"
    assert find_outdated(change("url", "a", "b"), [line("{{ item.name }}")], {"c1": ground}) == []


def test_what_a_person_rejected_is_left_alone() -> None:
    rejected = line("Now £48", approval="rejected")
    assert find_outdated(change("price", "48.00", "1.00"), [rejected], {}) == []
