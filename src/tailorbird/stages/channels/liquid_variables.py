"""Which variables a Liquid template reads, so that a project check can name the unknown ones."""

from collections.abc import Iterator
from dataclasses import dataclass

from liquid import RenderContext
from liquid.ast import Node
from liquid.builtin.expressions.filtered import FilteredExpression
from liquid.builtin.expressions.path import Path
from liquid.builtin.tags.assign_tag import AssignNode
from liquid.builtin.tags.for_tag import ForNode
from liquid.expression import Expression

from tailorbird.stages.channels.liquid_compiler import parse_liquid


@dataclass(frozen=True, slots=True)
class TemplateVariable:
    """One variable a template reads. `path` is dotted; a list's element is `items[]`, so `items[].name`."""

    path: str
    line: int


def template_variables(source: str) -> tuple[TemplateVariable, ...]:
    """Every variable of the context that a template reads, once each, at its first line, in the order of lines.

    Names that the template assigns, captures or loops with are resolved or left out: in
    `{% for item in items %}{{ item.name }}{% endfor %}` the variables are `items` and `items[].name`.
    Raises TemplateError where the template does not parse.
    """
    template = parse_liquid(source, False)
    context = RenderContext(template)
    found: dict[str, int] = {}
    assigned: dict[str, str] = {}
    for node in template.nodes:
        for path, token_index in _read(node, context, assigned):
            line = source.count("\n", 0, max(token_index, 0)) + 1
            found[path] = min(line, found.get(path, line))
    return tuple(TemplateVariable(path, line) for path, line in sorted(found.items(), key=lambda each: each[::-1]))


def _read(node: Node, context: RenderContext, aliases: dict[str, str]) -> Iterator[tuple[str, int]]:
    for expression in node.expressions():
        yield from _paths(expression, aliases)
    for name in node.template_scope():
        # What a template makes itself is its own affair: '' marks such names. A plain path keeps its meaning.
        aliases[str(name)] = _assigned_path(node, aliases)
    inner = aliases
    scope = [str(name) for name in node.block_scope()]
    if scope:
        inner = {**aliases, **dict.fromkeys(scope, "")}
    if isinstance(node, ForNode):
        over = node.expression.iterable
        element = f"{_dotted(over, aliases)}[]" if isinstance(over, Path) else ""
        inner[str(node.expression.identifier)] = "" if element == "[]" else element
    for child in node.children(context, include_partials=False):
        yield from _read(child, context, inner)
    aliases.update({name: inner[name] for name in inner if name not in scope})


def _assigned_path(node: Node, aliases: dict[str, str]) -> str:
    value = node.expression if isinstance(node, AssignNode) else None
    if isinstance(value, FilteredExpression) and isinstance(value.left, Path) and not value.filters:
        return _dotted(value.left, aliases)
    return ""


def _paths(expression: Expression, aliases: dict[str, str]) -> Iterator[tuple[str, int]]:
    if isinstance(expression, Path):
        name = _dotted(expression, aliases)
        if name:
            yield name, expression.token.start_index
    for child in expression.children():
        yield from _paths(child, aliases)


def _dotted(path: Path, aliases: dict[str, str]) -> str:
    """The path with its first name resolved; '' where the template itself made it. Computed keys end the path."""
    head, *rest = path.path
    out = aliases.get(str(head), str(head))
    if not out or not isinstance(head, str):
        return ""
    for segment in rest:
        if isinstance(segment, int):
            out += "[]"
        elif isinstance(segment, str):
            if segment == "size" and len(rest) == 1:
                break
            out += "[]" if segment in ("first", "last") else f".{segment}"
        else:
            break
    return out
