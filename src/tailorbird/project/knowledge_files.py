"""The files of knowledge/: which tables of facts there are beside the catalog."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tailorbird.project.errors import ProjectError
from tailorbird.project.source import line_of, parse, read_yaml
from tailorbird.types.knowledge import KnowledgeTable
from tailorbird.types.settings import Settings

_NAME = re.compile("[a-z][a-z0-9_]*")


def read_knowledge(folder: Path) -> dict[str, KnowledgeTable]:
    """Every table by its file's name. ProjectError: a name that no slot could have, or a time to live below a day."""
    tables: dict[str, KnowledgeTable] = {}
    for path in sorted(folder.glob("*.yaml")):
        table: KnowledgeTable = parse(path, KnowledgeTable)
        for field, name in [("", path.stem), *((f"columns.{name}", name) for name in table.columns)]:
            if not _NAME.fullmatch(name):
                line = line_of(read_yaml(path), field.split(".")) if field else None
                raise ProjectError(
                    path, line, field, f"{name!r} is no name for a slot; use small letters, digits and _"
                )
        if table.ttl_days is not None and table.ttl_days < 1:
            line = line_of(read_yaml(path), ["ttl_days"])
            raise ProjectError(path, line, "ttl_days", f"must be at least 1 (found {table.ttl_days})")
        tables[path.stem] = table
    return tables


def with_knowledge(root: Path, settings: Settings, tables: Mapping[str, KnowledgeTable]) -> Settings:
    """The settings, in which the tables' columns are facts too: `item.care_washing` for column washing of care."""
    facts = dict(settings.catalog.facts)
    for name, table in tables.items():
        for column, spec in table.columns.items():
            fact = f"{name}_{column}"
            if fact in facts:
                path = root / "knowledge" / f"{name}.yaml"
                line = line_of(read_yaml(path), ["columns", column])
                raise ProjectError(path, line, f"columns.{column}", f"catalog.facts has a fact {fact!r} already")
            facts[fact] = spec.type
    return replace(settings, catalog=replace(settings.catalog, facts=facts))
