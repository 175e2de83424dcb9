"""Checks of the code's own shape: sizes, names, docstrings, a test file per module, a line in the map per file."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "tailorbird"
FILE_LINES_MAX = 300
FUNCTION_LINES_MAX = 60
BANNED_MODULES = {"utils", "util", "helpers", "helper", "common", "misc", "core", "handlers", "managers", "base"}
BANNED_CLASS = re.compile(r"(Manager|Processor|Handler|Helper|Util|Utils)$")
# Data only, or Protocols: exercised by every test that uses them and by the conformance suites.
NO_TEST_FILE = ("types/", "ports/")


def modules() -> Iterator[Path]:
    yield from sorted(SOURCE.rglob("*.py"))


def definitions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node


def test_no_file_is_longer_than_the_limit() -> None:
    checked = [*modules(), *(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")]
    lengths = {path.relative_to(ROOT): len(path.read_text().splitlines()) for path in checked}
    assert {str(path): lines for path, lines in lengths.items() if lines > FILE_LINES_MAX} == {}


def test_no_function_is_longer_than_the_limit() -> None:
    long = {}
    for path in modules():
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
        definition = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if definition and not node.name.startswith("_") and not ast.get_docstring(node):
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


def test_every_folder_and_file_has_a_line_in_the_map() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text()
    unmapped = [str(p.relative_to(SOURCE)) for p in modules() if p.name != "__init__.py" and f"`{p.name}`" not in text]
    assert unmapped == []


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
