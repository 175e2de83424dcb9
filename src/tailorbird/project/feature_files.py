"""The files of features/: where each feature is defined, and which of its values make sense."""

import re
from collections.abc import Iterator
from pathlib import Path

from tailorbird.project.errors import ProjectError
from tailorbird.project.numbers import Range
from tailorbird.project.source import line_of, parse, read_yaml
from tailorbird.types.feature import FeatureDefinition

WINDOW_DAYS = Range(1, 36_500, "a window is some days before the moment of the decision")

_RESERVED = ("person_id", "as_of")
_STEPS = re.compile(r'[^."]+(\.[^."]+)*')
_COUNTED = ("count", "sum", "distinct", "days_since")


def read_features(folder: Path) -> tuple[FeatureDefinition, ...]:
    """Every feature of every file, in the order of the files' names."""
    return tuple(feature for _, _, feature in _features(folder))


def check_features(folder: Path) -> None:
    """Raise ProjectError for the first feature whose name is taken, or whose values make no sense."""
    seen: dict[str, str] = {}
    for path, index, feature in _features(folder):
        # The engine that computes them takes `Spent` and `spent` for one column.
        folded = feature.name.casefold()
        if folded in seen:
            other = "" if seen[folded] == feature.name else f" (as {seen[folded]!r}; capitals do not count)"
            _fail(path, index, "name", f"this feature is defined twice{other}: {feature.name!r}")
        if folded in _RESERVED:
            _fail(path, index, "name", f"{feature.name!r} is a name of our own; give it another name")
        seen[folded] = feature.name
        if feature.window_days is not None and not WINDOW_DAYS.holds(feature.window_days):
            message = f"must be {WINDOW_DAYS}: {WINDOW_DAYS.why} (found {feature.window_days})"
            _fail(path, index, "window_days", message)
        _check_default(path, index, feature)
        for field in ("field", "each"):
            value = getattr(feature, field)
            if value is not None and not _STEPS.fullmatch(value):
                _fail(path, index, field, f"must be names with single dots, such as properties.total (found {value!r})")


def feature_error(folder: Path, name: str, message: str) -> ProjectError:
    """The error of a feature that parses but does not compile, with its place."""
    for path, index, feature in _features(folder):
        if feature.name == name:
            return ProjectError(path, line_of(read_yaml(path), [index]), f"{index}", message)
    return ProjectError(folder, None, "", message)


def _check_default(path: Path, index: int, feature: FeatureDefinition) -> None:
    default = feature.default
    if default is None or feature.kind == "last":
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
            yield path, index, feature


def _fail(path: Path, index: int, field: str, message: str) -> None:
    raise ProjectError(path, line_of(read_yaml(path), [index, field]), f"{index}.{field}", message)
