"""Checks of the code's own shape: sizes, names, docstrings, a test file per module, a line in the map per file."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "tailorbird"
FILE_LINES_MAX = 300
FUNCTION_LINES_MAX = 60
BANNED_MODULES = {"utils", "util", "helpers", "helper", "common", "misc", "core", "handlers", "managers", "base"}
BANNED_CLASS = re.compile(r"(Manager|Processor|Handler|Helper|Util|Utils)$")
# Packages whose module has another name, and those that another package loads when they are there.
DISTRIBUTIONS = {
    "clickhouse_connect": "clickhouse-connect",
    "email_validator": "email-validator",
    "liquid": "python-liquid",
    "mjml": "mjml-python",
    "ruamel": "ruamel.yaml",
    "sklearn": "scikit-learn",
}
LOADED_BY_OTHERS = {"httptools", "uvloop"}
# Data only, or Protocols: exercised by every test that uses them and by the conformance suites.
NO_TEST_FILE = ("types/", "ports/")


def modules() -> Iterator[Path]:
    yield from sorted(SOURCE.rglob("*.py"))


Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@cache
def nodes(path: Path) -> Sequence[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text())))


@cache
def definitions(path: Path) -> Sequence[Definition]:
    return [node for node in nodes(path) if isinstance(node, Definition)]


def written() -> Iterator[Path]:
    """Every Python file of ours: source, tests, benchmarks, examples and the maker of the reference."""
    yield from modules()
    for folder in ("tests", "benchmarks", "examples", "docs/reference"):
        yield from sorted(path for path in (ROOT / folder).rglob("*.py") if ".tailorbird" not in path.parts)


def test_no_file_is_longer_than_the_limit() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in written()}
    assert {path: lines for path, lines in lengths.items() if lines > FILE_LINES_MAX} == {}


def test_no_function_is_longer_than_the_limit() -> None:
    long = {}
    for path in written():
        for node in definitions(path):
            if not isinstance(node, ast.ClassDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES_MAX:
                    long[f"{path.relative_to(ROOT)}:{node.name}"] = lines
    assert long == {}


def test_no_module_or_class_has_a_name_that_says_nothing() -> None:
    bad_modules = [
        str(p.relative_to(ROOT)) for p in SOURCE.rglob("*") if p.stem in BANNED_MODULES and "__pycache__" not in str(p)
    ]
    bad_classes = [
        f"{p.relative_to(ROOT)}:{n.name}"
        for p in modules()
        for n in definitions(p)
        if isinstance(n, ast.ClassDef) and BANNED_CLASS.search(n.name)
    ]
    assert bad_modules + bad_classes == []


def public_without_docstring(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text())
    if not ast.get_docstring(tree):
        yield f"{path.relative_to(ROOT)}: module"
    for node in tree.body:
        if (
            isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
        ):
            yield f"{path.relative_to(ROOT)}: {node.name}"


def test_every_public_name_has_a_docstring() -> None:
    assert [missing for path in modules() for missing in public_without_docstring(path)] == []


def test_every_module_has_a_test_file_of_its_own_name() -> None:
    missing = []
    for path in modules():
        relative = path.relative_to(SOURCE)
        if path.name == "__init__.py" or str(relative).startswith(NO_TEST_FILE):
            continue
        expected = ROOT / "tests" / relative.parent / f"test_{path.name}"
        if not expected.exists():
            missing.append(str(relative))
    assert missing == []


def the_map() -> dict[str, set[str]]:
    """{folder of the source: the files that ARCHITECTURE.md has a line for}; '' is the package itself."""
    text = (ROOT / "ARCHITECTURE.md").read_text()
    part = text[text.index("## The source, file by file") : text.index("## Beside the source")]
    found: dict[str, set[str]] = {"": set()}
    folder = ""
    for line in part.splitlines():
        if heading := re.fullmatch(r"####? `(.+)/`", line):
            folder = heading[1]
            found[folder] = set()
        elif inner := re.match(r"- `([^`]+)/`: (`.+)", line):
            found[f"{folder}/{inner[1]}"] = set(re.findall(r"`([^`]+)`", inner[2]))
        elif file := re.match(r"- `([^`]+)`: \S", line):
            found[folder].add(file[1])
    return found


def test_the_map_has_a_line_for_every_folder_and_file_and_for_nothing_else() -> None:
    tree: dict[str, set[str]] = {"": set()}
    for path in SOURCE.rglob("*"):
        if "__pycache__" not in path.parts and path.is_file():
            folder = path.parent.relative_to(SOURCE).as_posix().removeprefix(".")
            files = tree.setdefault(folder, set())
            if path.name != "__init__.py":
                files.add(path.name)
    mapped = the_map()
    assert {f: sorted(tree[f] - mapped.get(f, set())) for f in tree if tree[f] - mapped.get(f, set())} == {}
    assert {f: sorted(mapped[f] - tree.get(f, set())) for f in mapped if mapped[f] - tree.get(f, set())} == {}
    assert tree.keys() == mapped.keys()


def test_the_map_of_what_is_beside_the_source_names_what_is_there_and_every_benchmark() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text()
    part = text[text.index("## Beside the source") :]
    folder, named = "", set()
    for line in part.splitlines():
        for depth, names in re.findall(r"^( *)- ((?:`[^`]+`(?:, )?)+):", line):
            for name in re.findall(r"`([^`]+)`", names):
                if not depth:
                    folder = name if name.endswith("/") else ""
                named.add(folder + name if depth else name)
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
    assert {f"benchmarks/{path.name}" for path in (ROOT / "benchmarks").glob("*.py")} <= named


def keys_of_project_files() -> Iterator[tuple[str, str]]:
    """(dataclass, field) of every type that a project file is parsed into: those that forbid unknown keys."""
    for name in ("audience", "bias", "brand", "campaign", "feature", "mapping", "pilot", "settings", "tracking_plan"):
        for node in definitions(SOURCE / "types" / f"{name}.py"):
            if isinstance(node, ast.ClassDef) and "__pydantic_config__" in ast.unparse(node):
                fields = [each.target for each in node.body if isinstance(each, ast.AnnAssign)]
                yield from ((node.name, each.id) for each in fields if isinstance(each, ast.Name))


def test_every_key_of_a_project_file_is_read_by_something_that_acts_on_it() -> None:
    read = set()
    for path in modules():
        if path.relative_to(SOURCE).parts[0] not in ("types", "project"):
            for node in nodes(path):
                if isinstance(node, ast.Attribute):
                    read.add(node.attr)
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):  # getattr over a list of names
                    read.add(node.value)
    keys = list(keys_of_project_files())
    assert len(keys) > 100
    assert [key for key in keys if key[1] not in read] == []


def test_what_the_source_imports_is_declared_and_what_is_declared_is_imported() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    core, *extras = (
        {re.split(r"[\[<>=!~ ]", each)[0] for each in group}
        for group in (project["dependencies"], *project["optional-dependencies"].values())
    )
    imported = set()
    for path in modules():
        for node in nodes(path):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module.split(".")[0])
    imported -= {"tailorbird", *sys.stdlib_module_names}
    needed = {DISTRIBUTIONS.get(name, name) for name in imported}
    assert needed - core.union(*extras) == set()
    assert core - needed == LOADED_BY_OTHERS


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX"])
def test_no_source_file_holds_a_note_of_unfinished_work(word: str) -> None:
    assert [str(p.relative_to(ROOT)) for p in modules() if re.search(rf"\b{word}\b", p.read_text())] == []


def test_every_error_is_told_to_the_user_or_private() -> None:
    bases = {
        n.name: [ast.unparse(base) for base in n.bases]
        for p in modules()
        for n in definitions(p)
        if isinstance(n, ast.ClassDef)
    }

    def told(name: str) -> bool:
        return name == "TailorbirdError" or any(told(base) for base in bases.get(name, ()))

    loose = [name for name in bases if name.endswith("Error") and not name.startswith("_") and not told(name)]
    assert loose == []
