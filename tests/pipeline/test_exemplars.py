"""What a model learns from."""

from decimal import Decimal

from tailorbird.pipeline.exemplars import choose_exemplars, invented_values, wide_samples
from tailorbird.types.brand import ApprovedLine, Brand
from tailorbird.types.brief import Brief, Limits, Slot, Subject
from tailorbird.types.item import Item

ITEMS = {
    name: Item(name, "1", name, family, Decimal("9.00"), "GBP", texts={"": {"material": "oak"}})
    for name, family in (
        ("Ash peg", "pegs"),
        ("Long bone peg", "pegs"),
        ("Snipley secateurs", "tools"),
        ("Quillet kettle", "kettles"),
    )
}
FACTS = {"material": "text"}
BRAND = Brand(
    "Wren",
    "",
    {},
    (
        ApprovedLine("1", "subject", "en-GB", "Worth another look: {{ item.name }}"),
        ApprovedLine("2", "subject", "en-GB", "{{ item.name }}, {{ item.price }}"),
        ApprovedLine("3", "headline", "en-GB", "One for the list: {{ item.name }}"),
        ApprovedLine("4", "subject", "en-GB", "Room for one more? {{ item.name }}", exemplar=False),
        ApprovedLine("5", "subject", "de-DE", "Vielleicht das hier? {{ item.name }}"),
    ),
    {},
    {},
    {},
)


def brief(brief_id: str = "b_1", item: str = "Ash peg") -> Brief:
    names = ("item.name", "item.price", "item.material", "last_item.short_name", "person.first_name")
    slots = tuple(Slot(name, "text", "catalog") for name in names)
    return Brief(brief_id, "c", "email", "subject", Subject("default"), "en-GB", "a while", slots, Limits(60), "",
                 "subject/v1", "h", item, {"item.name": item})  # fmt: skip


def test_samples_cover_the_whole_catalog_and_the_forms_that_break_sentences() -> None:
    samples = wide_samples(("item.name", "person.first_name"), "en-GB", ITEMS, FACTS)
    assert samples["item.name"][:2] == ("Ash peg", "Snipley secateurs")
    assert "Jo" in samples["person.first_name"]


def test_exemplars_are_lines_that_would_pass_themselves_filled_with_real_items() -> None:
    exemplars = choose_exemplars(brief(), 5, BRAND, ITEMS, FACTS)
    assert [e.line.split(":")[0] for e in exemplars] == ["Worth another look", "One for the list"]
    for exemplar in exemplars:
        assert exemplar.facts["item.name"] in exemplar.line
        assert len(exemplar.facts) == 2


def test_exemplars_do_not_depend_on_the_briefs_subject() -> None:
    assert choose_exemplars(brief(), 5, BRAND, ITEMS, FACTS) == choose_exemplars(
        brief("b_2", "Quillet kettle"), 5, BRAND, ITEMS, FACTS
    )


def test_the_last_item_is_another_one_of_the_family() -> None:
    values = invented_values(brief(), ITEMS, FACTS)
    assert values["last_item.short_name"] == "Long bone peg"
    assert values["person.first_name"]
