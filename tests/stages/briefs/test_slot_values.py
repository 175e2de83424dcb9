from decimal import Decimal

from tailorbird.stages.briefs.slot_values import format_price, item_slots, slot_samples
from tailorbird.types.item import Item


def item(**changes: object) -> Item:
    fields: dict[str, object] = {
        "item_id": "peg-1",
        "version": "v1",
        "name": "Row of pegs",
        "family": "hooks",
        "price": Decimal("1234.5"),
        "currency": "GBP",
        "texts": {"": {"material": "oak", "short_name": "Pegs"}, "de-DE": {"name": "Hakenleiste", "material": "Eiche"}},
    }
    return Item(**{**fields, **changes})  # type: ignore[arg-type]


def test_prices_are_written_as_the_locale_writes_them() -> None:
    assert format_price(item(), "en-GB") == "£1,234.50"
    assert format_price(item(), "de-DE") == "1.234,50 £"


def test_an_item_fills_the_slots_it_has_facts_for_in_the_locale() -> None:
    facts = {"material": "text", "size": "text"}
    english, german = item_slots(item(), "en-GB", facts), item_slots(item(), "de-DE", facts)
    assert english["item.material"] == "oak" and german["item.material"] == "Eiche"
    assert german["item.name"] == "Hakenleiste" and german["item.short_name"] == "Pegs"
    assert "item.size" not in english


def test_an_item_without_a_price_has_no_price_slot() -> None:
    assert "item.price" not in item_slots(item(price=None), "en-GB", {})


def test_samples_are_the_shortest_the_longest_and_the_most_awkward_value() -> None:
    rows = [{"item.name": "Jug"}, {"item.name": "A rather long name"}, {"item.name": 'No. 2 "XL"'}]
    samples = slot_samples(["item.name", "item.size", "last_item.name"], rows)
    assert samples["item.name"] == ("Jug", "A rather long name", 'No. 2 "XL"')
    assert samples["last_item.name"] == samples["item.name"]
    assert "item.size" not in samples


def test_names_of_people_are_judged_with_invented_difficult_ones() -> None:
    assert "Zoë D'Arcy" in slot_samples(["person.first_name"], [])["person.first_name"]
