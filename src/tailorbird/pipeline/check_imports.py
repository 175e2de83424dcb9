"""The check of imports/: what would fail at the first import is told before it."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from tailorbird.pipeline.copy_rows import database_problem
from tailorbird.project.errors import ProjectError
from tailorbird.project.project import Project
from tailorbird.project.source import line_of, nearest, read_yaml
from tailorbird.stages.catalog.fold import ATTRIBUTES
from tailorbird.stages.catalog.formats import FEEDS
from tailorbird.stages.events.columns import MappingError
from tailorbird.stages.events.mapping_sql import compile_import
from tailorbird.stages.events.values_sql import columns_of
from tailorbird.types.feed import FEED_COLUMNS
from tailorbird.types.mapping import DatabaseSource, Derivation, ImportMapping, Lines, RowTest, Value

_PLACE = re.compile(r"(?:\S+): ([\w.\[\]]+): (.*)", re.S)
_WORDS = ("event", "type", "currency")


def check_mappings(project: Project) -> None:
    """Compile every mapping as if its file had the columns it asks for. ProjectError: with the place of the mistake."""
    for stem, mapping in project.mappings.items():
        check_mapping(project.root / "imports" / f"{stem}.yaml", mapping, sorted(columns_named(mapping)))


def check_mapping(path: Path, mapping: ImportMapping, columns: Sequence[str], source: str = "") -> None:
    """Compile one mapping for a file of these columns, named `source`. ProjectError: with the place of the mistake."""
    if mapping.timezone not in available_timezones():
        _fail(path, ["timezone"], f"no time zone {mapping.timezone!r}{_nearest_zone(mapping.timezone)}")
    if len(mapping.delimiter.encode()) != 1 or mapping.delimiter in '"\r\n':
        _fail(path, ["delimiter"], f"must be one character, such as ';' (found {mapping.delimiter!r})")
    if isinstance(mapping.source, DatabaseSource) and (
        wrong := database_problem(mapping.source, mapping.makes_catalog)
    ):
        _fail(path, ["source", wrong[0]], wrong[1])
    if not (mapping.events or mapping.traits or mapping.catalog):
        return  # The file itself says what its columns mean.
    types = dict.fromkeys(columns, "VARCHAR")
    if mapping.format in FEEDS:
        types = {**dict.fromkeys(FEED_COLUMNS, "VARCHAR"), ATTRIBUTES: "JSON"}
    named = source or (mapping.source if isinstance(mapping.source, str) else "the query")
    try:
        compile_import(mapping, types, named, path.name, datetime(2000, 1, 1, tzinfo=UTC))
    except MappingError as error:
        place = _PLACE.fullmatch(str(error))
        if place is None:
            raise ProjectError(path, None, "", str(error).removeprefix(f"{path.name}: ")) from None
        _fail(path, _loc(place[1]), place[2], place[1])


def header_of(source: Path, delimiter: str) -> list[str] | None:
    """The column names of a CSV file; None for another format, or where the file is not there or not text."""
    if source.suffix.lower() != ".csv" or not source.is_file():
        return None
    try:
        with source.open(newline="", encoding="utf-8-sig") as file:
            return [name for name in next(csv.reader(file, delimiter=delimiter), []) if name]
    except (UnicodeDecodeError, csv.Error, OSError):
        return None


def columns_named(node: Any) -> set[str]:
    """Every column that a part of a mapping names; derived columns are not columns of the file."""
    if isinstance(node, Value):
        return set(columns_of(node))
    if isinstance(node, RowTest | Derivation):
        return {node.column}
    if isinstance(node, ImportMapping):
        parts = (node.where, tuple(node.derive.values()), node.events, node.traits, node.catalog)
        return _union(parts) - set(node.derive)
    if is_dataclass(node):
        given = {f.name: getattr(node, f.name) for f in fields(node)}
        found = {key: value for key, value in given.items() if key not in _WORDS or isinstance(value, Value)}
        if "attributes" in found:
            found["attributes"] = tuple(name for name in found["attributes"] if "*" not in name)
        if isinstance(node, Lines):
            del found["name"]  # In a catalog it is a column, here the name of the list.
        checks = found.pop("checks", {})
        return set(checks) | _union(found.values())
    if isinstance(node, Mapping):
        return _union(node.values())
    if isinstance(node, tuple):
        return _union(node)
    return {node} if isinstance(node, str) else set()


def _union(nodes: Iterable[Any]) -> set[str]:
    return {column for node in nodes for column in columns_named(node)}


def _loc(place: str) -> list[str | int]:
    """`events[0].where[1]` as a place in the file."""
    return [int(part) if part.isdigit() else part for part in re.split(r"[.\[\]]+", place) if part]


def _nearest_zone(zone: str) -> str:
    near = nearest(zone, sorted(available_timezones())) if zone else ""
    return near if "did you mean" in near else "; write one such as Europe/London"


def _fail(path: Path, loc: Sequence[str | int], message: str, field: str = "") -> None:
    raise ProjectError(path, line_of(read_yaml(path), loc), field or ".".join(map(str, loc)), message)
