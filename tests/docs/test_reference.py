"""The reference is what the code says."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_reference", DOCS / "reference" / "generate.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_the_committed_reference_is_what_the_code_would_write_now(generator: ModuleType) -> None:
    stale = [
        str(path)
        for path, text in generator.pages().items()
        if not (DOCS / path).exists() or (DOCS / path).read_text(encoding="utf-8") != text
    ]
    assert stale == [], "run .venv/bin/python docs/reference/generate.py"


@pytest.mark.slow
def test_no_schema_is_left_over_from_a_file_that_is_gone(generator: ModuleType) -> None:
    made = {path.name for path in generator.pages()}
    assert {path.name for path in (DOCS / "schemas").glob("*.json")} <= made


def test_every_command_is_in_the_reference(generator: ModuleType) -> None:
    page = generator.cli_page()
    for command in ("demo", "init", "check", "import", "plan", "run", "review approve", "report", "trace", "serve"):
        assert f"### `tailorbird {command}`" in page


def test_every_route_of_a_server_with_all_keys_is_in_the_reference() -> None:
    document = json.loads((DOCS / "reference" / "openapi.json").read_text(encoding="utf-8"))
    page = (DOCS / "reference" / "http.md").read_text(encoding="utf-8")
    routes = [f"`{method.upper()} {path}`" for path, methods in document["paths"].items() for method in methods]
    assert {"`POST /v1/catalog/items`", "`POST /v1/people/features`", "`POST /v1/batch`"} <= set(routes)
    assert all(f"| {route} |" in page for route in routes)
    keys = set(document["components"]["securitySchemes"])
    assert {name for methods in document["paths"].values() for one in methods.values()
            for way in one.get("security", ()) for name in way} == keys  # fmt: skip


def test_options_are_spelled_as_the_command_line_takes_them(generator: ModuleType) -> None:
    page = generator.cli_page()
    assert "`--json`" in page and "--as-json" not in page
    assert "`--output, -o`" in page
    assert "`--into`" in page


def test_a_schema_refuses_unknown_keys_and_names_the_required_ones() -> None:
    schema = json.loads((DOCS / "schemas" / "tailorbird.schema.json").read_text(encoding="utf-8"))
    assert schema["additionalProperties"] is False
    assert {"name", "currency", "sender"} <= set(schema["required"])


def test_types_are_told_in_words(generator: ModuleType) -> None:
    assert generator.type_words(tuple[str, ...]) == "list of text"
    assert generator.type_words(dict[str, tuple[str, ...]]) == "map of text to list of text"
    assert generator.type_words(str | None) == "text"
