from decimal import Decimal

from tailorbird.stages.briefs.compose import compose_brief, family_items, shared_slots
from tailorbird.types.brand import Brand
from tailorbird.types.brief import SlotType, Subject
from tailorbird.types.campaign import BlockSpec, BriefSpec, Campaign, MetricSpec
from tailorbird.types.item import Item

BRAND = Brand("Wren", "garden", {"en-GB": "plain"}, (), {}, {}, {})
CAMPAIGN = Campaign(
    name="win_back",
    reason={"en-GB": "it has been a while"},
    hypothesis="",
    metric=MetricSpec("orders", "Order Completed"),
    audience="lapsed",
    template="letter",
    blocks={
        "subject": BlockSpec(60, slots=("item.name", "item.material", "person.first_name"), required=("item.name",))
    },
    briefs=BriefSpec(lattice=(("last_family",),), family="last_family"),
)


def item(item_id: str, family: str, stock: int = 5, **texts: str) -> Item:
    return Item(item_id, "v1", item_id.title(), family, Decimal(9), "GBP", stock, texts={"": texts})


ITEMS = [item("mug-1", "mugs", material="clay"), item("mug-2", "mugs", 0, material="clay"), item("soap-1", "soap")]
FACTS: dict[str, SlotType] = {"material": "text"}


def test_a_family_brief_offers_only_the_facts_that_all_its_items_have() -> None:
    subject = Subject("family", (("last_family", "mugs"),))
    brief = compose_brief(CAMPAIGN, "subject", subject, "en-GB", ITEMS, BRAND, None, FACTS)
    assert [slot.name for slot in brief.slots] == ["item.name", "item.material", "person.first_name"]
    assert brief.exemplar_item_id == "mug-1"
    assert brief.facts == {"item.name": "Mug-1", "item.material": "clay"}
    everybody = compose_brief(CAMPAIGN, "subject", Subject("default"), "en-GB", ITEMS, BRAND, None, FACTS)
    assert [slot.name for slot in everybody.slots] == ["item.name", "person.first_name"]


def test_a_slot_about_a_person_carries_its_consent_purpose() -> None:
    brief = compose_brief(CAMPAIGN, "subject", Subject("default"), "en-GB", ITEMS, BRAND, None, FACTS)
    purposes = {slot.name: (slot.purpose, slot.required, slot.source) for slot in brief.slots}
    assert purposes["person.first_name"] == ("personalization", False, "profile")
    assert purposes["item.name"] == ("", True, "catalog")


def test_items_in_stock_come_first() -> None:
    assert [i.item_id for i in family_items(ITEMS, "mugs")] == ["mug-1", "mug-2"]


def test_a_family_without_items_shares_no_item_slot() -> None:
    assert shared_slots(["item.name", "person.first_name"], [], "en-GB", {}) == ("person.first_name",)


def test_a_family_that_left_the_catalog_still_gives_a_brief() -> None:
    subject = Subject("family", (("last_family", "gone"),))
    brief = compose_brief(CAMPAIGN, "subject", subject, "en-GB", ITEMS, BRAND, None, FACTS)
    assert brief.exemplar_item_id is None and brief.facts == {}
