"""Reading YAML files into types, with errors that point at the line."""

import dataclasses
import difflib
import math
import types
import typing
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from tailorbird.project.errors import ProjectError

T = TypeVar("T")
_DEPTH_MAX, _VALUES_MAX = 50, 500_000
_SHAPES = {
    "tuple_type": "must be a list",
    "dataclass_type": "must be a block of keys and values",
    "mapping_type": "must be a block of keys and values",
    "dict_type": "must be a block of keys and values",
    "string_type": "must be text",
}
"""What should stand there, in the words of the file instead of Python's."""
_UNKNOWN = ("unexpected_keyword_argument", "extra_forbidden")


def read_text(path: Path) -> str:
    """A project file's text. A missing or undecodable file is a ProjectError."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ProjectError(path, None, "", "this file is missing; create it") from None
    except UnicodeDecodeError as error:
        raise ProjectError(path, None, "", f"not UTF-8 at byte {error.start}; save the file as UTF-8") from None
    except OSError as error:
        raise ProjectError(path, None, "", f"this file cannot be read: {error.strerror}") from None


def read_yaml(path: Path) -> Any:
    """A YAML file as ruamel's commented tree, which knows every key's line."""
    try:
        tree = _load(read_text(path))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        raise ProjectError(path, line, "", f"not YAML: {error.problem or error.context}") from None
    except (YAMLError, ValueError) as error:
        # Among the values that Python refuses: a number of thousands of digits.
        raise ProjectError(path, None, "", f"not YAML: {error}") from None
    except RecursionError:
        raise ProjectError(path, None, "", "nested too deeply; write it flatter") from None
    return tree if tree is not None else CommentedMap()


@lru_cache(maxsize=256)
def _load(text: str) -> Any:
    # The parser is pure Python and slow; equal texts are parsed once per process. Nobody changes the tree.
    tree = YAML(typ="rt").load(text)
    _measure(tree, 0, 0)
    return tree


def _measure(node: Any, depth: int, count: int) -> int:
    """How many values a tree has, aliases written out. YAMLError before a short file fills the memory: `&a [*a]`."""
    if depth > _DEPTH_MAX:
        raise YAMLError(f"nested deeper than {_DEPTH_MAX} levels, or an alias that holds itself; write it out")
    if count > _VALUES_MAX:
        raise YAMLError(f"more than {_VALUES_MAX:,} values once its aliases are written out; use fewer aliases")
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        count = _measure(child, depth + 1, count + 1)
    return count


def plain(node: Any) -> Any:
    """A ruamel tree as plain dicts and lists."""
    if isinstance(node, dict):
        return {str(key): plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [plain(value) for value in node]
    if isinstance(node, datetime):  # ruamel's own kind of time, which encoders do not know
        return datetime.fromisoformat(node.isoformat())
    return node


def parse(path: Path, expected: type[T] | Any) -> T:
    """A YAML file as `expected` (a dataclass, or a generic such as tuple[X, ...]).

    Raises ProjectError with file, line, field and the mend: for an unknown key the nearest valid name.
    """
    tree = read_yaml(path)
    _refuse_odd_values(path, tree, expected, [], tree)
    try:
        result: T = TypeAdapter(expected).validate_python(plain(tree))
    except ValidationError as error:
        raise _explain(path, tree, expected, error) from None
    return result


def _refuse_odd_values(path: Path, tree: Any, expected: Any, loc: list[str | int], node: Any) -> None:
    """Raise ProjectError for what parses as a number and is none: .nan, .inf, and true where a number belongs."""
    if isinstance(node, dict | list):
        for key, child in node.items() if isinstance(node, dict) else enumerate(node):
            _refuse_odd_values(path, tree, expected, [*loc, key], child)
        return
    odd = isinstance(node, float) and not math.isfinite(node)
    if odd or (isinstance(node, bool) and _type_at(expected, loc) in (int, float)):
        found = str(node).lower()
        raise ProjectError(
            path, line_of(tree, loc), ".".join(map(str, loc)), f"must be a finite number (found {found})"
        )


def line_of(tree: Any, loc: Sequence[str | int]) -> int | None:
    """The 1-based line of the deepest part of `loc` that is in the file."""
    line: int | None = None
    node = tree
    for part in loc:
        try:
            if isinstance(node, CommentedMap) and part in node:
                line = node.lc.key(part)[0] + 1
            elif isinstance(node, CommentedSeq) and isinstance(part, int) and part < len(node):
                line = node.lc.item(part)[0] + 1
            else:
                break
            node = node[part]
        except (KeyError, AttributeError, TypeError):
            break
    return line or (node.lc.line + 1 if hasattr(node, "lc") and node.lc.line is not None else None)


def nearest(name: str, valid: Sequence[str]) -> str:
    """'; did you mean X?' or '; valid: A, B', for the end of a message."""
    close = difflib.get_close_matches(name, valid, n=1, cutoff=0.5)
    if close:
        return f"; did you mean {close[0]!r}?"
    shown = ", ".join(sorted(valid)[:12])
    return f"; valid: {shown}" if valid else ""


def _explain(path: Path, tree: Any, expected: Any, error: ValidationError) -> ProjectError:
    problems = error.errors(include_url=False)
    problem = problems[0]
    if problem["type"] == "string_type" and isinstance(problem.get("input"), dict):
        # Either a text or an object may stand here, and an object does: the object's own mistake is the one to tell.
        own = [p for p in problems[1:] if p["loc"][: len(problem["loc"]) - 1] == problem["loc"][:-1]]
        problem = next((p for p in own if p["type"] in _UNKNOWN), own[0] if own else problem)
    loc = _in_file(tree, problem["loc"])
    field = ".".join(str(part) for part in loc)
    line = line_of(tree, loc)
    kind = problem["type"]
    if kind in _UNKNOWN:
        name = str(loc[-1])
        return ProjectError(path, line, field, f"unknown key{nearest(name, _keys(_type_at(expected, loc[:-1])))}")
    if kind in ("missing", "missing_argument"):
        present = _at(tree, loc[:-1])
        given = [str(key) for key in present] if isinstance(present, dict) else []
        misspelt = difflib.get_close_matches(str(loc[-1]), given, n=1, cutoff=0.6)
        if misspelt:
            line = line_of(tree, [*loc[:-1], misspelt[0]])
            return ProjectError(path, line, misspelt[0], f"unknown key; did you mean {loc[-1]!r}?")
        return ProjectError(path, line, field, "this key is missing; add it")
    got = problem.get("input")
    return ProjectError(path, line, field, f"{_SHAPES.get(kind) or problem['msg'].lower()} (found {got!r})")


def _in_file(tree: Any, loc: Sequence[str | int]) -> list[str | int]:
    """A validation error's place without the marks of unions and functions, which are in no file."""
    kept: list[str | int] = []
    for i, part in enumerate(loc):
        node = _at(tree, kept)
        known = part in node if isinstance(node, dict) else isinstance(part, int)
        if known or (i == len(loc) - 1 and isinstance(node, dict)):
            kept.append(part)
    return kept


def _at(tree: Any, loc: Sequence[str | int]) -> Any:
    for part in loc:
        try:
            tree = tree[part]
        except (KeyError, IndexError, TypeError):
            return None
    return tree


def _type_at(expected: Any, loc: Sequence[str | int]) -> Any:
    for part in loc:
        expected = _strip_optional(expected)
        if dataclasses.is_dataclass(expected) and isinstance(part, str):
            expected = get_type_hints(expected).get(part)
            continue
        arguments = get_args(expected)
        if not arguments:
            return None
        expected = arguments[1] if len(arguments) > 1 and arguments[1] is not Ellipsis else arguments[0]
    return _strip_optional(expected)


def _strip_optional(expected: Any) -> Any:
    if get_origin(expected) in (typing.Union, types.UnionType):
        given = [a for a in get_args(expected) if a is not type(None)]
        return next((a for a in given if dataclasses.is_dataclass(a)), given[0] if given else expected)
    return expected


def _keys(expected: Any) -> list[str]:
    return [field.name for field in dataclasses.fields(expected)] if dataclasses.is_dataclass(expected) else []
