"""Write the reference from the code: cli.md, project-files.md, http.md, openapi.json and the JSON Schemas.

Run `.venv/bin/python docs/reference/generate.py` after any change of a command, a route or a project file's type.
"""

import dataclasses
import inspect
import json
import runpy
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import typer
from pydantic import TypeAdapter
from typer.models import ArgumentInfo, OptionInfo, ParameterInfo

from tailorbird.cli.app import app
from tailorbird.stages.facts.given_schema import FACTS_SCHEMA
from tailorbird.types.audience import AudienceRule
from tailorbird.types.bias import BiasPolicy
from tailorbird.types.brand import ApprovedLine
from tailorbird.types.campaign import Campaign
from tailorbird.types.catalog_schema import CatalogSchema
from tailorbird.types.feature import FeatureDefinition
from tailorbird.types.knowledge import KnowledgeTable
from tailorbird.types.mapping import ImportMapping
from tailorbird.types.pilot import PilotSpec
from tailorbird.types.policy_pack import PolicyFile, PolicyPack
from tailorbird.types.review_policy import ReviewPolicy
from tailorbird.types.settings import Settings
from tailorbird.types.tracking_plan import TrackingPlan

DOCS = Path(__file__).resolve().parent.parent
NOTE = "<!-- Made by docs/reference/generate.py; change the code, then run it again. -->\n"

# (file, what it holds, root type, schema name)
FILES: tuple[tuple[str, str, Any, str], ...] = (
    ("tailorbird.yaml", "The project's settings.", Settings, "tailorbird"),
    ("campaigns/*.yaml", "One campaign a file; the file's name is the campaign's name.", Campaign, "campaign"),
    ("pilots/*.yaml", "One pilot a file: how a campaign begins. There may be none.", PilotSpec, "pilot"),
    ("features/*.yaml", "A list of features a file.", tuple[FeatureDefinition, ...], "features"),
    ("audiences/*.yaml", "One audience a file; campaigns name the file.", AudienceRule, "audience"),
    ("events.yaml", "The tracking plan: what events look like, and what their fields are for.", TrackingPlan, "events"),
    ("imports/*.yaml", "One import mapping a file.", ImportMapping, "import"),
    ("catalog/schema.yaml", "What kind of value each attribute of an item holds.", CatalogSchema, "catalog"),
    ("knowledge/*.yaml", "One table of facts beside the catalog a file.", KnowledgeTable, "knowledge"),
    ("policies/review.yaml", "Who reviews lines, and which of them. The file may be absent.", ReviewPolicy, "review"),
    ("policies/bias.yaml", "Attributes that the bias audit swaps, beside our own lists.", BiasPolicy, "bias"),
    ("policies/policy.yaml", "Which policy packs hold, what is changed in them, and which evidence there is.",
     PolicyFile, "policy"),
    ("policies/packs/*.yaml", "One policy pack of your own a file; the file's name is the pack's name.",
     PolicyPack, "policy-pack"),
    ("brand/approved.yaml", "The list of lines that people wrote.", tuple[ApprovedLine, ...], "approved"),
    ("brand/disallowed.yaml", "Phrases that the brand never uses, per locale; `*` holds in every locale.",
     dict[str, tuple[str, ...]], "disallowed"),
    ("brand/vocabulary.yaml",
     "The brand's own words, per locale, beyond the built-in plain ones. The file may be absent.",
     dict[str, tuple[str, ...]], "vocabulary"),
    ("brand/legal.yaml", "Legal lines, per locale and name; templates read them as `legal.<name>`.",
     dict[str, dict[str, str]], "legal"),
    ("templates/<name>/lines.yaml", "The last rung: one line per block and locale, in slot form.",
     dict[str, dict[str, str]], "template-lines"),
    ("templates/<name>/words.yaml",
     "The frame's own words, per locale and name; templates read them as `words.<name>`.",
     dict[str, dict[str, str]], "template-words"),
)  # fmt: skip

PLAIN = {
    str: "text", int: "whole number", float: "number", bool: "true or false", datetime: "date and time", date: "date",
    type(None): "nothing",
}  # fmt: skip


def pages() -> dict[Path, str]:
    """Every generated file: its path under docs/ and its text."""
    made = {Path("reference/cli.md"): cli_page(), Path("reference/project-files.md"): project_page()}
    for file, _, expected, name in FILES:
        made[Path(f"schemas/{name}.schema.json")] = schema_text(file, TypeAdapter(expected).json_schema())
    made[Path("schemas/facts.schema.json")] = schema_text("facts.json", FACTS_SCHEMA)
    for other in ("http_reference.py", "policy_reference.py"):
        made |= runpy.run_path(str(DOCS / "reference" / other))["pages"]()
    return made


def schema_text(title: str, schema: Mapping[str, Any]) -> str:
    """A JSON Schema as a file."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
    rest = {key: value for key, value in schema.items() if key != "title"}
    return json.dumps(head | rest, indent=2, ensure_ascii=False) + "\n"


def cli_page() -> str:
    """Every command with its arguments and options, in the order and groups of the code."""
    out = ["# Commands\n", NOTE]
    out.append(
        "Every command has `--help`. Where a command takes a project folder, no folder means the current one. Exit "
        "codes: 0 done, 1 a mistake that the message explains, 2 wrong usage, 130 interrupted. Progress and results "
        "of long jobs go to standard error, `--json` to standard output.\n"
    )
    groups: dict[str, list[str]] = {}
    commands = {info.callback: info for info in app.registered_commands if info.callback}
    for callback, info in commands.items():
        panel = info.rich_help_panel if isinstance(info.rich_help_panel, str) else "Commands"
        groups.setdefault(panel, []).extend(_command(f"tailorbird {_name(info.name, callback)}", callback))
    for group in app.registered_groups:
        inner = group.typer_instance
        panel = group.rich_help_panel if isinstance(group.rich_help_panel, str) else "Commands"
        assert inner is not None
        for info in inner.registered_commands:
            assert info.callback is not None
            name = f"tailorbird {group.name} {_name(info.name, info.callback)}"
            groups.setdefault(panel, []).extend(_command(name, info.callback))
    for panel, lines in groups.items():
        out += [f"## {panel}\n", *lines]
    return "\n".join(out).rstrip() + "\n"


def _name(name: str | None, callback: Callable[..., Any]) -> str:
    return name or callback.__name__.replace("_", "-")


def _command(name: str, callback: Callable[..., Any]) -> Iterator[str]:
    parameters = list(_parameters(callback))
    shown = [name]
    for parameter in parameters:
        if parameter[0] == "argument":
            shown.append(f"[{parameter[1]}]" if parameter[4] else parameter[1])
    options = any(parameter[0] == "option" for parameter in parameters)
    yield f"### `{name}`\n"
    yield "```\n" + " ".join(shown) + (" [OPTIONS]" if options else "") + "\n```\n"
    yield _help(callback)
    if parameters:
        yield "| Name | Value | Default | Meaning |\n|---|---|---|---|"
        for _, spelled, kind, meaning, default in parameters:
            yield f"| `{spelled}` | {kind} | {default or 'must be given'} | {meaning} |"
        yield ""


def _help(callback: Callable[..., Any]) -> str:
    head, _, rest = inspect.cleandoc(callback.__doc__ or "").partition("\n")
    text, _, example = head.partition(" Example: ")
    parts = [text]
    if rest.strip():
        parts.append(" ".join(rest.split()))
    if example:
        parts.append(f"Example: `{example.strip()}`")
    return "\n\n".join(parts) + "\n"


def _parameters(callback: Callable[..., Any]) -> Iterator[tuple[str, str, str, str, str]]:
    """(argument or option, spelling, type, help, default) of each parameter; an empty default means required."""
    hints = typing.get_type_hints(callback, include_extras=True)
    for name, parameter in inspect.signature(callback).parameters.items():
        hint = hints[name]
        bare = typing.get_args(hint)[0] if typing.get_origin(hint) is typing.Annotated else hint
        marks = [m for m in getattr(hint, "__metadata__", ()) if isinstance(m, ParameterInfo)]
        mark = marks[0] if marks else None
        required = parameter.default is inspect.Parameter.empty
        if isinstance(mark, OptionInfo) or (mark is None and not required and not isinstance(mark, ArgumentInfo)):
            # Inside Annotated, Typer keeps the first spelling where a default would stand.
            kind, first = "option", getattr(mark, "default", None)
            decls = (first,) if isinstance(first, str) else ()
            decls += tuple(getattr(mark, "param_decls", None) or ())
            spelled = ", ".join(decls) or f"--{name.replace('_', '-')}"
            if bare is bool and not decls:
                spelled += f" / --no-{name.replace('_', '-')}"
        else:
            kind, spelled = "argument", name.upper() + ("..." if "list" in str(bare) else "")
        env = getattr(mark, "envvar", None)
        meaning = (getattr(mark, "help", None) or "") + (f" Also read from `{env}`." if env else "")
        default = "" if required else _default(parameter.default)
        yield kind, spelled, _cli_type(bare), _cell(meaning.strip()), default


def _cli_type(bare: Any) -> str:
    if typing.get_origin(bare) is typing.Literal:
        return type_words(bare)
    inner = [part for part in typing.get_args(bare) if part is not type(None)]
    if isinstance(bare, types.UnionType) or typing.get_origin(bare) is typing.Union:
        bare = inner[0]
    if typing.get_origin(bare) is list:
        return "words"
    return {bool: "switch", Path: "path"}.get(bare, PLAIN.get(bare, str(bare)))


def _default(value: Any) -> str:
    if value is None or value is False or value == "":
        return "none" if value is not False else "off"
    return f"`{value}`"


def project_page() -> str:
    """Every file of a project with its types, field by field."""
    out = ["# Project files\n", NOTE]
    out.append(
        "A project is a folder of plain files. Unknown keys are errors, with the file, the line and the nearest "
        "valid name. Each YAML file has a JSON Schema in [`docs/schemas/`](../schemas); an editor with the YAML "
        "language server completes a file that begins with\n\n"
        "```yaml\n# yaml-language-server: $schema=PATH/campaign.schema.json\n```\n\n"
        "Prompts, voice and templates are texts, not YAML: see the guides on [copy](../guides/copy.md) and "
        "[templates](../guides/templates.md).\n"
    )
    seen: set[type] = set()
    for file, meaning, expected, name in FILES:
        out.append(f"## `{file}`\n\n{meaning} Schema: [`{name}.schema.json`](../schemas/{name}.schema.json).\n")
        roots = list(_dataclasses(expected))
        if not roots:
            out.append(f"A {type_words(expected)}.\n")
        elif typing.get_origin(expected) is tuple:
            out.append(f"A list of {', '.join(f'`{root.__name__}`' for root in roots)}.\n")
        for root in roots:
            out += _types(root, seen)
    return "\n".join(out).rstrip() + "\n"


def _types(root: type, seen: set[type]) -> Iterator[str]:
    if root in seen:
        return
    seen.add(root)
    hints = typing.get_type_hints(root)
    yield f"### {root.__name__}\n\n{' '.join(inspect.cleandoc(root.__doc__ or '').split())}\n"
    yield "| Field | Type | Default |\n|---|---|---|"
    for one in dataclasses.fields(root):
        yield f"| `{one.name}` | {_cell(type_words(hints[one.name]))} | {_field_default(one)} |"
    yield ""
    for one in dataclasses.fields(root):
        for inner in _dataclasses(hints[one.name]):
            yield from _types(inner, seen)


def _field_default(one: "dataclasses.Field[Any]") -> str:
    if one.default_factory is not dataclasses.MISSING:
        made = one.default_factory()
        return "empty" if isinstance(made, Mapping) and not made else "its own defaults"
    if one.default is dataclasses.MISSING:
        return "**required**"
    if one.default is None:
        return "none"
    if one.default in ("", ()):
        return "empty"
    shown = json.dumps(list(one.default) if isinstance(one.default, tuple) else one.default, ensure_ascii=False)
    return f"`{shown}`"


def _dataclasses(hint: Any) -> Iterator[type]:
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        yield hint
    for part in typing.get_args(hint):
        yield from _dataclasses(part)


def type_words(hint: Any) -> str:
    """A type in words: 'list of text', 'map of text to Value', '`email`'."""
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if hint in PLAIN:
        return PLAIN[hint]
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    if origin is typing.Literal:
        return " or ".join(f"`{value}`" for value in parts)
    if origin in (tuple, list):
        return f"list of {_grouped(parts[0])}"
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return f"map of {type_words(parts[0])} to {_grouped(parts[1])}"
    if parts:
        return " or ".join(type_words(part) for part in parts if part is not type(None))
    return str(getattr(hint, "__name__", hint))


def _grouped(hint: Any) -> str:
    text = type_words(hint)
    return f"({text})" if " or " in text and hint is not bool else text


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def main() -> None:
    """Write every page that differs."""
    for path, text in pages().items():
        file = DOCS / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
            typer.echo(f"wrote {path}")


if __name__ == "__main__":
    main()
