"""Items as facts."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from tailorbird.pipeline.validation.facts_of import Reader, decimal_sign, facts_of_items, names_of, vocabularies_of
from tailorbird.types.catalog_schema import AttributeSchema, CatalogSchema
from tailorbird.types.fact import Entity, Fact
from tailorbird.types.item import Item

NOW = datetime(2026, 6, 1, tzinfo=UTC)
KETTLE = Item(
    "hobbin", "v1", "Hobbin whistling kettle", "kettles", Decimal("48.00"), "GBP", 34, "https://wren.example/hobbin",
    texts={
        "": {"short_name": "Hobbin kettle", "material": "steel", "colour": "red, blue", "capacity": "1.8 litres",
             "dishwasher_safe": "false", "launched": "2026-03-01", "manual": "https://wren.example/m.pdf", "model": "42",
             "weight": "1,100 g", "care": "-"},
        "de-DE": {"name": "Pfeifkessel Hobbin", "material": "Stahl", "capacity": "1,8 Liter", "weight": "1.100 g"},
    },
    prices={"EUR": Decimal("55.00"), "GBP": Decimal("48.00")},
)  # fmt: skip
MUG = Item("mug", "v1", "Dapplin mug", "mugs", None, "GBP", texts={"": {"colour": "red", "capacity": "350 ml"}})
CAN = Item("can", "v1", "Dribley can", "cans", Decimal(20), "GBP", 0, texts={"": {"colour": "blue"}})


def facts(entity: Entity) -> dict[str, list[tuple[object, str]]]:
    found: dict[str, list[tuple[object, str]]] = {}
    for fact in entity.facts:
        found.setdefault(fact.name, []).append((fact.value, fact.unit))
    return found


def test_an_item_is_its_names_prices_stock_and_attributes() -> None:
    items = [KETTLE, MUG, CAN]
    reader = Reader("en-GB", vocabularies=vocabularies_of(items, "en-GB"))
    made = facts_of_items([KETTLE], NOW, reader, [MUG], "Wren")
    kettle, brand = made.subjects
    assert kettle.names == ("Hobbin whistling kettle", "Hobbin kettle") and kettle.family == "kettles"
    assert facts(kettle) == {
        "price": [(Decimal("48.00"), "GBP"), (Decimal("55.00"), "EUR")],
        "in stock": [(True, "")],
        "stock": [(Decimal(34), "")],
        "family": [("kettles", "")],
        "material": [("steel", "")],
        "colour": [("red", ""), ("blue", "")],
        "capacity": [(Decimal("1.8"), "litres")],
        "dishwasher safe": [(False, "")],
        "launched": [(date(2026, 3, 1), "")],
        "model": [(Decimal(42), "")],
        "weight": [("1,100 g", "")],
    }
    assert kettle.facts[0].source == "catalog v1: price"
    assert (brand.names, made.others[0].names, made.as_of) == (("Wren",), ("Dapplin mug",), NOW)


def test_a_text_in_german_is_held_against_german_values_and_numbers() -> None:
    entity = Reader("de-DE").entity(KETTLE)
    found = facts(entity)
    assert entity.names[:2] == ("Hobbin whistling kettle", "Pfeifkessel Hobbin")
    assert found["material"] == [("Stahl", "")]
    assert found["capacity"] == [(Decimal("1.8"), "Liter")] and found["weight"] == [(Decimal(1100), "g")]
    assert facts(Reader("de-AT").entity(KETTLE))["material"] == [("Stahl", "")], "the language's, without its country"
    assert (decimal_sign("de-DE"), decimal_sign("en-GB"), decimal_sign("xx-YY")) == (",", ".", "")


def test_the_schema_says_what_is_words() -> None:
    schema = CatalogSchema({"model": AttributeSchema("text"), "manual": AttributeSchema("url")})
    assert facts(Reader("en", schema=schema).entity(KETTLE))["model"] == [("42", "")]


def test_nothing_in_stock_and_no_price_are_told_as_they_are() -> None:
    assert facts(Reader("en").entity(CAN))["in stock"] == [(False, "")]
    assert "price" not in facts(Reader("en").entity(MUG)) and "stock" not in facts(Reader("en").entity(MUG))


def test_a_sale_says_what_the_item_costs_otherwise_and_when_it_ends() -> None:
    end = datetime(2026, 6, 8, tzinfo=UTC)
    sale = facts(Reader("en").entity(replace(CAN, price=Decimal(15), regular_price=Decimal(20), sale_until=end)))
    assert (sale["price"], sale["was price"]) == ([(Decimal(15), "GBP")], [(Decimal(20), "GBP")])
    assert sale["offer ends"] == [(end, "")]


def test_a_value_from_a_knowledge_table_says_its_source_and_until_when_it_holds() -> None:
    until = datetime(2027, 1, 1, tzinfo=UTC)
    item = replace(MUG, texts={"": {"guide_tip": "rinse it"}})
    entity = Reader("en", sources={"mug": {"guide_tip": ("knowledge guide: handbook", until)}}).entity(item)
    assert entity.facts[-1] == Fact("guide tip", "rinse it", "", None, "knowledge guide: handbook", until)


def test_vocabularies_are_closed_words_and_the_names_of_all_items() -> None:
    many = [
        replace(
            MUG, item_id=str(n), name=f"Mug {n}", texts={"": {"colour": "red", "story": f"tale {n}", "size": "9 cm"}}
        )
        for n in range(60)
    ]
    schema = CatalogSchema({"finish": AttributeSchema("enum", values=("matt", "gloss"))})
    found = vocabularies_of([KETTLE, CAN, *many], "en", schema)
    assert found["colour"] == {"red": (), "blue": ()}, "'red, blue' is two of them"
    assert found["finish"] == {"matt": (), "gloss": ()}
    assert "story" not in found and "size" not in found and "manual" not in found
    assert found["name"]["Hobbin whistling kettle"] == ("Hobbin kettle",) and len(found["name"]) == 62


def test_names_are_each_once_the_fullest_first() -> None:
    assert names_of(KETTLE, "de-DE") == ("Hobbin whistling kettle", "Pfeifkessel Hobbin", "Hobbin kettle")
