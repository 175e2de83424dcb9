"""The files of features/: where each feature is defined, and which of its values make sense."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tailorbird.project.errors import ProjectError
from tailorbird.project.numbers import Range
from tailorbird.project.source import line_of, parse, read_text, read_yaml
from tailorbird.types.feature import FeatureDefinition

WINDOW_DAYS = Range(1, 36_500, "a window is some days before the moment of the decision")

_RESERVED = ("person_id", "as_of")
_SQL_FILE = re.compile(r"[\w-]+(\.[\w-]+)*\.sql")
_STEPS = re.compile(r'[^."]+(\.[^."]+)*')
_COUNTED = ("count", "sum", "mean", "distinct", "recency", "days_since", "ratio")


def read_features(folder: Path) -> tuple[FeatureDefinition, ...]:
    """Every feature of every file, in the order of the files' names."""
    return tuple(feature for _, _, feature in _features(folder))


def check_features(folder: Path) -> None:
    """Raise ProjectError for the first feature whose name is taken, or whose values make no sense."""
    seen: dict[str, str] = {}
    queries: set[str] = set()
    for path, index, feature in _features(folder):
        # The engine that computes them takes `Spent` and `spent` for one column.
        folded = feature.name.casefold()
        if folded in seen:
            other = "" if seen[folded] == feature.name else f" (as {seen[folded]!r}; capitals do not count)"
            _fail(path, index, "name", f"this feature is defined twice{other}: {feature.name!r}")
        if folded in _RESERVED:
            _fail(path, index, "name", f"{feature.name!r} is a name of our own; give it another name")
        seen[folded] = feature.name
        queries.add(str(feature.query))
        if feature.window_days is not None and not WINDOW_DAYS.holds(feature.window_days):
            message = f"must be {WINDOW_DAYS}: {WINDOW_DAYS.why} (found {feature.window_days})"
            _fail(path, index, "window_days", message)
        _check_default(path, index, feature)
        for field in ("field", "each"):
            value = getattr(feature, field)
            if value is not None and not _STEPS.fullmatch(value):
                _fail(path, index, field, f"must be names with single dots, such as properties.total (found {value!r})")

    for path in sorted(folder.glob("*.sql")):
        if read_text(path) not in queries:
            message = f"no feature reads this file; add one of kind sql with query: {path.name}, or remove the file"
            raise ProjectError(path, None, "", message)


def feature_error(folder: Path, name: str, message: str, field: str = "") -> ProjectError:
    """The error of a feature that parses but does not compile, with its place; `field` is the key at fault."""
    for path, index, feature in _features(folder):
        if feature.name == name:
            loc: list[str | int] = [
                index,
                *(int(part) if part.isdigit() else part for part in field.split(".") if part),
            ]
            return ProjectError(path, line_of(read_yaml(path), loc), ".".join(map(str, loc)), message)
    return ProjectError(folder, None, "", message)


def _check_default(path: Path, index: int, feature: FeatureDefinition) -> None:
    default = feature.default
    if default is None:
        return
    number = isinstance(default, int | float) and not isinstance(default, bool)
    if feature.kind in _COUNTED and not number:
        _fail(path, index, "default", f"must be a number for kind {feature.kind} (found {default!r})")
    if feature.kind == "daypart" and not isinstance(default, str):
        _fail(path, index, "default", f"must be a part of the day, such as evening (found {default!r})")


def _features(folder: Path) -> Iterator[tuple[Path, int, FeatureDefinition]]:
    for path in sorted(folder.glob("*.yaml")):
        features: tuple[FeatureDefinition, ...] = parse(path, tuple[FeatureDefinition, ...])
        for index, feature in enumerate(features):
            query = feature.query
            if query is not None and _SQL_FILE.fullmatch(query):
                if not (folder / query).is_file():
                    _fail(
                        path, index, "query", f"there is no file {query!r} beside this one; write it, or name another"
                    )
                yield path, index, replace(feature, query=read_text(folder / query))
            else:
                yield path, index, feature


def _fail(path: Path, index: int, field: str, message: str) -> None:
    raise ProjectError(path, line_of(read_yaml(path), [index, field]), f"{index}.{field}", message)
