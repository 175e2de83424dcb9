"""Names and descriptors from public files: a table of names with sex and origin, or a JSON tree of descriptors."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tailorbird.pipeline.rows_of import read_rows
from tailorbird.pipeline.source_file import SourceError
from tailorbird.ports.warehouse import Warehouse
from tailorbird.types.bias import PersonaAttribute, Value

_NAME = ("name", "first_name", "firstname")
_GROUPING = ("ethnicity", "race", "origin", "group", "gender", "sex")
_WHY = "From the file {file}; its groups are those of the file."


def read_names(path: Path, warehouse: Warehouse) -> list[PersonaAttribute]:
    """The attributes of a file, which is one of two kinds.

    A table (CSV, TSV, JSON lines, Parquet) with a column `name`, and one or more of `ethnicity`, `race`, `origin`,
    `group`, `gender` and `sex`: first names, in groups such as 'afam female'. A name that the file puts in two groups
    is left out. A JSON object {attribute: {group: [text, or {"descriptor": text}]}}: a trait for each attribute.
    SourceError: neither, with the mend.
    """
    if path.suffix.lower() == ".json":
        return _descriptors(path)
    groups: dict[str, dict[str, None]] = {}
    of_name: dict[str, set[str]] = {}
    for line, row in read_rows(path, warehouse):
        if isinstance(row, str):
            raise SourceError(f"{path}:{line}: {row}; mend the line")
        folded = {str(key).casefold(): value for key, value in row.items()}
        column = next((key for key in _NAME if key in folded), None)
        by = [key for key in _GROUPING if key in folded]
        if column is None or not by:
            raise SourceError(f"{path}:{line}: needs a column 'name' and one of {', '.join(_GROUPING)}; found: "
                              f"{', '.join(map(str, row))}")  # fmt: skip
        name, group = str(folded[column] or "").strip(), " ".join(str(folded[key] or "").strip() for key in by).strip()
        if name and group:
            groups.setdefault(group, {})[name] = None
            of_name.setdefault(name, set()).add(group)
    chosen: dict[str, tuple[Value, ...]] = {
        group: sure
        for group, names in sorted(groups.items())
        if (sure := tuple(name for name in names if len(of_name[name]) == 1))
    }
    if len(chosen) < 2:
        raise SourceError(f"{path}: {len(chosen)} groups of names; at least two are needed to compare")
    why = _WHY.format(file=path.name)
    return [PersonaAttribute("first_name", chosen, trait="firstName", proxy_for="origin and gender", why=why)]


def _descriptors(path: Path) -> list[PersonaAttribute]:
    try:
        tree = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SourceError(f"{path} cannot be read as JSON: {error}") from None
    if not isinstance(tree, dict):
        raise SourceError(f"{path}: must be an object of attributes, each an object of groups with lists of words")
    found = []
    for attribute, groups in tree.items():
        words = {str(group): _words(values) for group, values in groups.items()} if isinstance(groups, Mapping) else {}
        filled = {group: values for group, values in words.items() if values}
        if len(filled) > 1:
            found.append(PersonaAttribute(str(attribute), filled, trait=str(attribute),
                                          why=_WHY.format(file=path.name)))  # fmt: skip
    if not found:
        raise SourceError(
            f"{path}: no attribute with two groups of words; write {{'religion': {{'a': ['…'], 'b': …}}}}"
        )
    return found


def _words(values: Any) -> tuple[Value, ...]:
    texts = [value.get("descriptor") if isinstance(value, Mapping) else value for value in values] \
        if isinstance(values, list) else []  # fmt: skip
    return tuple(dict.fromkeys(text for text in texts if isinstance(text, str) and text))
