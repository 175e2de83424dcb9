"""The reference of the server's routes: its OpenAPI document, and the same as a page to read.

`generate.py` runs it, and writes what `pages` gives.
"""

import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from tailorbird.cli.init import copy_example
from tailorbird.cli.serve import make_app
from tailorbird.project.project import load_project

NOTE = "<!-- Made by docs/reference/generate.py; change the code, then run it again. -->\n"
REF = "#/components/schemas/"
_SHORT = re.compile("/v1/[a-z]")
"""Short names of browsers: the table has them, and they work as their long names do."""


def pages() -> dict[Path, str]:
    """The two files by their path under docs/."""
    document = openapi()
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    return {Path("reference/openapi.json"): text, Path("reference/http.md"): http_page(document)}


def openapi() -> dict[str, Any]:
    """The document of a server that has every key, so that no route is missing."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "example"
        copy_example(root)
        keys = {f"{name}_key": name for name in ("read", "catalog", "validate", "feedback")}
        app = make_app(load_project(root), "write", **keys)
        document: dict[str, Any] = TestClient(app).get("/openapi.json").json()
    return document


def http_page(document: Mapping[str, Any]) -> str:
    """Every route with what it needs, takes and answers; then the types, field by field."""
    out = ["# Routes\n", NOTE]
    out.append(
        "The routes of `tailorbird serve`, as [`openapi.json`](openapi.json) describes them (OpenAPI 3.1). A running "
        "server answers `GET /openapi.json` with the document of the routes that it has: those that need a key are "
        "there if it has the key. Errors are problem documents (RFC 9457). Guides: [tracking](../guides/tracking.md), "
        "[audiences](../guides/audiences.md#live), [catalog](../guides/catalog.md#changes-over-http), "
        "[validation](../guides/validation.md#over-http), [review](../guides/review.md#over-http), "
        "[complaints](../guides/rollback.md#complaints-and-bounces-come-in-over-http).\n"
    )
    out.append("| Route | Does | Key |\n|---|---|---|")
    listed = [(method, path, one) for path, methods in document["paths"].items() for method, one in methods.items()]
    for method, path, one in listed:
        out.append(f"| `{method.upper()} {path}` | {one['summary']} | {_key(one)} |")
    out.append("")
    for method, path, one in listed:
        if not _SHORT.fullmatch(path):
            out += _route(f"{method.upper()} {path}", one)
    out.append("## Types\n")
    for name, schema in sorted(document["components"]["schemas"].items()):
        out += _type(name, schema)
    return "\n".join(out).rstrip() + "\n"


def _key(one: Mapping[str, Any]) -> str:
    asked = one.get("security", ())
    names = [name.removesuffix("Key") for way in asked for name in way]
    return "none" if not names else names[0] + (", if the server has one" if {} in asked else "")


def _route(title: str, one: Mapping[str, Any]) -> Iterator[str]:
    yield f"## `{title}`\n\n{one['summary']}.\n"
    for parameter in one.get("parameters", ()):
        words = f": {parameter['description']}" if parameter.get("description") else ""
        need = "" if parameter["required"] else ", may be left out"
        yield f"- `{parameter['name']}` in the {parameter['in']}, {_words(parameter['schema'])}{need}{words}"
    for media, content in one.get("requestBody", {}).get("content", {}).items():
        yield f"- Body, `{media}`: {_words(content['schema'])}"
    yield "\n| Status | Meaning | Content |\n|---|---|---|"
    for status, answer in one["responses"].items():
        content = ", ".join(_words(told["schema"]) for told in answer.get("content", {}).values())
        yield f"| {status} | {_cell(answer['description'])} | {_cell(content)} |"
    yield ""


def _type(name: str, schema: Mapping[str, Any]) -> Iterator[str]:
    yield f"### {name}\n\n{' '.join(schema.get('description', '').split())}\n"
    fields = schema.get("properties", {})
    if fields:
        yield "| Field | Type | Default |\n|---|---|---|"
    for field, told in fields.items():
        default = "**required**" if field in schema.get("required", ()) else _default(told)
        yield f"| `{field}` | {_cell(_words(told))} | {default} |"
    yield ""


def _default(told: Mapping[str, Any]) -> str:
    value = told.get("default")
    return f"`{json.dumps(value, ensure_ascii=False)}`" if value not in (None, "", {}, []) else "none"


def _words(schema: Mapping[str, Any]) -> str:
    """A JSON Schema in words: 'list of [Event](#event)'."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(REF)
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_words(one) for one in schema["anyOf"]))
    if "enum" in schema or "const" in schema:
        return " or ".join(f"`{value}`" for value in schema.get("enum", [schema.get("const")]))
    kind = schema.get("type")
    if kind == "array":
        most = f", at most {schema['maxItems']:,}" if "maxItems" in schema else ""
        return f"list of {_words(schema.get('items', {}))}{most}"
    if kind == "object":
        inner = schema.get("additionalProperties")
        return f"map of text to {_words(inner)}" if isinstance(inner, Mapping) and inner else "object"
    plain = {
        "string": "text",
        "integer": "whole number",
        "number": "number",
        "boolean": "true or false",
        "null": "null",
    }
    return plain.get(str(kind), "anything")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
