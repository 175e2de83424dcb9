"""The catalog's schema, inferred and applied."""

import pytest

from tailorbird.stages.catalog.schema import apply_schema, infer_attribute
from tailorbird.types.catalog_schema import AttributeSchema, CatalogSchema


@pytest.mark.parametrize(
    ("values", "kind", "unit"),
    [
        (["250 g", "1.2 kg", "300 g"], "number", "g"),
        (["22 cm", "3 kg"], "text", None),
        (["1", "2"], "integer", None),
        (["1.5", "2"], "number", None),
        (["true", "false"], "boolean", None),
        (["19.99 GBP"], "money", None),
        (["2026-01-31", "2026-02-01"], "date", None),
        (["https://a.example/x"], "url", None),
        (["oak"] * 3 + ["ash"] * 3, "enum", None),
        (["one of a kind", "another"], "text", None),
        ([], "text", None),
    ],
)
def test_the_narrowest_type_that_every_value_has_is_inferred(values: list[str], kind: str, unit: str | None) -> None:
    found = infer_attribute(values, 10)
    assert (found.schema.type, found.schema.unit) == (kind, unit)
    assert found.missing == pytest.approx(1 - len(values) / 10)


def test_an_enum_has_its_values_with_counts_and_a_full_attribute_is_required() -> None:
    found = infer_attribute(["ash"] * 3 + ["oak"] * 4, 7)
    assert (found.schema.values, found.counts, found.schema.required) == (("oak", "ash"), {"oak": 4, "ash": 3}, True)


def test_quantities_come_into_the_schema_s_unit_in_every_locale() -> None:
    schema = CatalogSchema({"weight": AttributeSchema("number", "kg")})
    texts = {"": {"weight": "900 g"}, "de-DE": {"weight": "900 g"}, "en-GB": {"weight": "1.8 kilograms"}}
    result, problems = apply_schema(texts, schema)
    assert result == {"": {"weight": "0.9 kg"}, "de-DE": {"weight": "0,9 kg"}, "en-GB": {"weight": "1.8 kilograms"}}
    assert problems == []


@pytest.mark.parametrize(
    ("attribute", "value", "why"),
    [
        (AttributeSchema("enum", values=("oak",)), "elm", "is none of its values"),
        (AttributeSchema("number", "kg"), "3 cm", "is no quantity in kg"),
        (AttributeSchema("integer"), "1.5", "is not of type integer"),
        (AttributeSchema("money"), "5", "is not of type money"),
        (AttributeSchema("date"), "soon", "is not of type date"),
        (AttributeSchema(required=True), None, "is missing"),
    ],
)
def test_what_does_not_fit_is_told(attribute: AttributeSchema, value: str | None, why: str) -> None:
    texts = {"": {} if value is None else {"a": value}}
    assert apply_schema(texts, CatalogSchema({"a": attribute})) == (texts, [("a", why)])
