"""Liquid templates compiled to Python functions.

python-liquid parses; its syntax tree becomes one Python function for the subset that messages use: text, output with
filters, if/elsif/else, unless, for (limit, offset, reversed, else, forloop), assign, capture, case/when, comments.
A template that uses anything else is rendered by python-liquid itself: slower, with the same result.
"""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from liquid import Environment, Markup, RenderContext, Undefined
from liquid.ast import Node
from liquid.exceptions import LiquidError
from liquid.template import BoundTemplate

from tailorbird.stages.channels import liquid_runtime as runtime
from tailorbird.stages.channels.liquid_expressions import CLOCK_NAMES, Names, _UnsupportedError
from tailorbird.stages.channels.liquid_writer import LiquidWriter
from tailorbird.stages.channels.quoted_printable import quoted_piece, quoted_printable, whole
from tailorbird.stages.channels.template_error import TemplateError

_RUNTIME = {
    "U": runtime.UNDEFINED,
    "look_up": runtime.look_up,
    "getter": runtime.getter,
    "truthy": runtime.truthy,
    "equal": runtime.equal,
    "less": runtime.less,
    "less_or_equal": runtime.less_or_equal,
    "contains": runtime.contains,
    "loop_items": runtime.loop_items,
    "bounded": runtime.bounded,
    "escape": runtime.escape,
    "as_text": runtime.as_text,
    "as_html": runtime.as_html,
    "quoted_piece": quoted_piece,
    "_OverrunError": runtime._OverrunError,
    "Markup": Markup,
}


class BoundedEnvironment(Environment):
    """python-liquid's environment with limits, which the library takes from the class."""

    loop_iteration_limit = runtime.LOOP_ITERATIONS_MAX
    output_stream_limit = runtime.OUTPUT_BYTES_MAX
    local_namespace_limit = 10 * runtime.OUTPUT_BYTES_MAX


_ENVIRONMENTS = {flag: BoundedEnvironment(autoescape=flag, undefined=Undefined) for flag in (False, True)}


class CompiledLiquid:
    """A template as a function from a context to text. Raises TemplateError where the template cannot be rendered.

    `compiled` is False where python-liquid renders it; `reason` then says which construct made it so. With `quoted`
    the text comes in quoted-printable.
    """

    __slots__ = ("_function", "_template", "compiled", "quoted", "reason")

    def __init__(
        self, template: BoundTemplate, function: Callable[[Any], str] | None, reason: str, quoted: bool
    ) -> None:
        self._template, self._function, self.quoted = template, function, quoted
        self.compiled, self.reason = function is not None, reason

    def __call__(self, context: Mapping[str, Any]) -> str:
        """The rendered text. Undefined variables print as nothing."""
        if self._function is not None:
            try:
                text = self._function(context)
                if len(text) * 4 <= runtime.OUTPUT_BYTES_MAX:
                    return whole(text) if self.quoted else text
            except Exception:  # noqa: S110  whatever went wrong, the library's own render below says it with its line
                pass
        try:
            text = self._template.render(context)
            return quoted_printable(text) if self.quoted else text
        except LiquidError as error:
            raise _template_error(error) from error
        except (TypeError, ValueError, ArithmeticError) as error:
            raise TemplateError("", "", None, f"the template cannot be rendered: {error}") from error


def compile_liquid(source: str, autoescape: bool, quoted: bool = False) -> CompiledLiquid:
    """Compile a Liquid template; with `autoescape` values are escaped for HTML.

    With `quoted` the function answers in quoted-printable, its fixed texts encoded once, here.
    Raises TemplateError with the line for a syntax error, an unknown tag or an unknown filter.
    """
    template = parse_liquid(source, autoescape)
    try:
        return CompiledLiquid(template, _function(template, quoted), "", quoted)
    except _UnsupportedError as reason:
        return CompiledLiquid(template, None, str(reason), quoted)
    except (SyntaxError, RecursionError, MemoryError, OverflowError) as reason:
        # Nesting deeper than Python's own parser takes.
        return CompiledLiquid(template, None, type(reason).__name__, quoted)


def parse_liquid(source: str, autoescape: bool) -> BoundTemplate:
    """python-liquid's tree of a template. Raises TemplateError for bad syntax and for unknown filters."""
    environment = _ENVIRONMENTS[autoescape]
    try:
        template = environment.from_string(source)
        analysis = template.analyze(include_partials=False)
    except LiquidError as error:
        # An error without a place is one at the end: a tag that is never closed.
        raise _template_error(error, source.count("\n") + 1) from error
    for name in CLOCK_NAMES & set(analysis.globals):
        line = source.count("\n", 0, analysis.globals[name][0].span.index) + 1
        raise TemplateError("", "", line, f"{name!r} would read the clock", "pass the moment in as a variable")
    for name, spans in analysis.filters.items():
        if name not in environment.filters:
            near = get_close_matches(name, environment.filters, 1)
            line = source.count("\n", 0, spans[0].index) + 1
            raise TemplateError(
                "", "", line, f"there is no filter {name!r}", f"did you mean {near[0]!r}?" if near else ""
            )
    return template


def _template_error(error: LiquidError, line: int | None = None) -> TemplateError:
    try:
        place = error.context()
    except ValueError:
        place = None
    return TemplateError("", "", place[0] if place else line, str(error.message).strip() or type(error).__name__)


def _function(template: BoundTemplate, quoted: bool) -> Callable[[Any], str]:
    assigned = frozenset(str(name) for node in _all_nodes(template) for name in node.template_scope())
    writer = LiquidWriter(Names(template.env, assigned), quoted)
    writer.nodes(template.nodes, True)
    writer.flush()
    scope = {**_RUNTIME, **writer.names.constants}
    # The source holds no text of the template but as `repr` of a string: it cannot become code.
    exec(compile(writer.source(), "<liquid template>", "exec"), scope)  # noqa: S102
    function: Callable[[Any], str] = scope["render"]
    return function


def _all_nodes(template: BoundTemplate) -> Iterable[Node]:
    context = RenderContext(template)
    stack: list[Node] = list(template.nodes)
    while stack:
        node = stack.pop()
        yield node
        stack.extend(node.children(context, include_partials=False))
