"""catalog/schema.yaml: read with its mistakes' lines, and written so that a person's edits and comments stay."""

import io
from collections.abc import Mapping
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from tailorbird.project.errors import ProjectError
from tailorbird.project.source import line_of, parse, read_text, read_yaml
from tailorbird.types.catalog_schema import AttributeSchema, CatalogSchema

HEAD = "What kind of value each attribute holds. Edit it: what is here stays, only new attributes are added.\n"


def read_schema(root: Path) -> CatalogSchema:
    """The project's schema; an empty one if there is no file. ProjectError: what is wrong and on which line."""
    path = root / "catalog" / "schema.yaml"
    if not path.is_file():
        return CatalogSchema()
    schema: CatalogSchema = parse(path, CatalogSchema)
    for name, attribute in schema.attributes.items():
        if attribute.unit is not None and attribute.type != "number":
            _fail(path, name, "unit", f"is for numbers, and this is of type {attribute.type}")
        if (attribute.type == "enum") != bool(attribute.values):
            _fail(path, name, "values", "an enum lists its values, and nothing else does")
    return schema


def add_attributes(root: Path, found: Mapping[str, tuple[AttributeSchema, str]]) -> tuple[str, ...]:
    """Write the attributes that the file does not have yet, each with its comment; their names."""
    path = root / "catalog" / "schema.yaml"
    yaml = YAML(typ="rt")
    yaml.width = 120
    tree = yaml.load(read_text(path)) if path.is_file() else None
    if tree is None:
        tree = CommentedMap({"violations": "warn", "attributes": CommentedMap()})
        tree.yaml_set_start_comment(HEAD)
    attributes = tree.setdefault("attributes", CommentedMap())
    fresh = tuple(name for name in found if name not in attributes)
    for name in fresh:
        schema, comment = found[name]
        entry = CommentedMap({"type": schema.type})
        if schema.unit:
            entry["unit"] = schema.unit
        if schema.values:
            entry["values"] = CommentedSeq(schema.values)
            entry["values"].fa.set_flow_style()
        if schema.required:
            entry["required"] = True
        attributes[name] = entry
        attributes.yaml_set_comment_before_after_key(name, before=comment, indent=2)
    if fresh:
        text = io.StringIO()
        yaml.dump(tree, text)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.getvalue(), encoding="utf-8")
    return fresh


def _fail(path: Path, name: str, key: str, message: str) -> None:
    where = line_of(read_yaml(path), ["attributes", name, key])
    raise ProjectError(path, where, f"attributes.{name}.{key}", message)
