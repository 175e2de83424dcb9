"""catalog/schema.yaml."""

from pathlib import Path

import pytest

from tailorbird.project.errors import ProjectError
from tailorbird.project.schema_file import add_attributes, read_schema
from tailorbird.types.catalog_schema import AttributeSchema, CatalogSchema


def test_what_is_written_is_read_back_and_a_person_s_edits_stay(tmp_path: Path) -> None:
    wood = (AttributeSchema("enum", values=("oak", "ash"), required=True), "0% missing; oak 4")
    assert read_schema(tmp_path) == CatalogSchema()
    assert add_attributes(tmp_path, {"wood": wood}) == ("wood",)
    assert read_schema(tmp_path).attributes == {"wood": wood[0]}
    file = tmp_path / "catalog" / "schema.yaml"
    file.write_text(file.read_text().replace("violations: warn", "violations: quarantine # we mean it"))
    weight = (AttributeSchema("number", "kg"), "2% missing")
    changed = (AttributeSchema("text"), "other")
    assert add_attributes(tmp_path, {"wood": changed, "weight": weight}) == ("weight",)
    schema = read_schema(tmp_path)
    assert (schema.violations, dict(schema.attributes)) == ("quarantine", {"wood": wood[0], "weight": weight[0]})
    assert "# we mean it" in file.read_text() and "# 2% missing" in file.read_text()
    assert add_attributes(tmp_path, {"wood": changed}) == ()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("attributes: {a: {type: enum}}", "an enum lists its values"),
        ("attributes: {a: {type: text, unit: kg}}", "is for numbers"),
        ("attributes: {a: {type: colour}}", "type"),
        ("attributes: {a: {tpye: text}}", "unknown key"),
        ("violation: warn", "unknown key"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "schema.yaml").write_text(f"{text}\n")
    with pytest.raises(ProjectError, match=why) as told:
        read_schema(tmp_path)
    assert "schema.yaml:1" in str(told.value)
