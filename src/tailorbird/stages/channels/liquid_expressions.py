"""Liquid expressions lowered to Python expressions.

Names and texts of a template enter the emitted source only as `repr` of a string, or not at all: every other constant
is passed by reference. Python names in the source are made here from counters.
"""

from functools import partial
from typing import Any

from liquid import Environment, Markup
from liquid.builtin.expressions.arguments import PositionalArgument
from liquid.builtin.expressions.filtered import Filter, FilteredExpression
from liquid.builtin.expressions.logical import (
    BooleanExpression,
    ContainsExpression,
    EqExpression,
    GeExpression,
    GtExpression,
    LeExpression,
    LogicalAndExpression,
    LogicalOrExpression,
    LtExpression,
    NeExpression,
)
from liquid.builtin.expressions.path import Path
from liquid.builtin.expressions.primitive import (
    Blank,
    Empty,
    FalseLiteral,
    FloatLiteral,
    IntegerLiteral,
    Nil,
    StringLiteral,
    TrueLiteral,
)
from liquid.expression import Expression

from tailorbird.stages.channels.quoted_printable import LINE_MAX, SOFT_BREAK

CLOCK_NAMES = frozenset({"now", "today"})

_SPECIAL_KEYS = frozenset({"size", "first", "last"})
_FORLOOP = {
    "index": "({i} + 1)",
    "index0": "{i}",
    "rindex": "({n} - {i})",
    "rindex0": "({n} - {i} - 1)",
    "first": "({i} == 0)",
    "last": "({i} == {n} - 1)",
    "length": "{n}",
}
_STRING_METHODS = {"upcase": "upper", "downcase": "lower", "capitalize": "capitalize", "strip": "strip"}


class _UnsupportedError(Exception):
    """The template uses something outside the compiled subset."""


class Names:
    """Where each Liquid name lives in the emitted Python: loop frames, assigned names, then the context.

    `constants` become the emitted function's globals; `roots` maps a context name to its Python variable.
    """

    def __init__(self, environment: Environment, assigned: frozenset[str]) -> None:
        self.environment = environment
        self.constants: dict[str, Any] = {}
        self.roots: dict[str, str] = {}
        self.assigned = {name: f"a{index}" for index, name in enumerate(sorted(assigned))}
        self.loops: list[tuple[str, int]] = []
        self.keyed: set[str] = set()
        self.indexed: set[int] = set()
        self.elements: dict[str, dict[str, str]] = {}
        self._count = 0

    def fresh(self) -> int:
        """A number that no other name in the function has."""
        self._count += 1
        return self._count

    def element(self, variable: str, key: str) -> str:
        """The Python expression for one key of a variable; of a loop's element each key is read once a turn."""
        if variable.startswith("r"):
            return f"g{variable}({key!r}, U)"
        keys = self.elements.setdefault(variable, {})
        return keys.setdefault(key, f"e{self.fresh()}")

    def constant(self, value: Any) -> str:
        """A name under which the function reaches `value`."""
        name = f"k{len(self.constants)}"
        self.constants[name] = value
        return name

    def variable(self, name: str) -> str:
        """The Python variable that holds a Liquid name."""
        if name == "forloop" and self.loops:
            raise _UnsupportedError("forloop as a value")
        for identifier, number in reversed(self.loops):
            if identifier == name:
                return f"v{number}"
        if name in self.assigned:
            return self.assigned[name]
        if name in CLOCK_NAMES:
            raise _UnsupportedError(name)
        return self.roots.setdefault(name, f"r{len(self.roots)}")


def emit_value(expression: Expression, names: Names) -> str:
    """A Python expression with the value of a Liquid expression. Raises _UnsupportedError outside the subset."""
    match expression:
        case FilteredExpression():
            return _filtered(expression, names)
        case Path():
            return _path(expression, names)
        case StringLiteral():
            if names.environment.autoescape:
                return names.constant(Markup(expression.value))
            return repr(str(expression.value))
        case TrueLiteral():
            return "True"
        case FalseLiteral():
            return "False"
        case IntegerLiteral() | FloatLiteral():
            return names.constant(expression.value)
        case Nil():
            return "None"
        case Empty() | Blank():
            return names.constant(expression)
    raise _UnsupportedError(type(expression).__name__)


def _path(path: Path, names: Names) -> str:
    head, *rest = path.path
    if not isinstance(head, str):
        raise _UnsupportedError("a path that begins with brackets")
    if head == "forloop" and names.loops:
        return _forloop(rest, names)
    variable = names.variable(head)
    if not rest:
        return variable
    first, *rest = rest
    if isinstance(first, str) and first not in _SPECIAL_KEYS and not variable.startswith("a"):
        names.keyed.add(variable)
        out = names.element(variable, str(first))
    else:
        out = f"look_up({variable}, {_segment(first, names)})"
    for segment in rest:
        if isinstance(segment, str) and segment not in _SPECIAL_KEYS:
            kept, key = f"t{names.fresh()}", repr(str(segment))
            out = f"({kept}.get({key}, U) if ({kept} := {out}).__class__ is dict else look_up({kept}, {key}))"
        else:
            out = f"look_up({out}, {_segment(segment, names)})"
    return out


def _segment(segment: Any, names: Names) -> str:
    if isinstance(segment, Path):
        return _path(segment, names)
    return names.constant(segment)


def _forloop(rest: list[Any], names: Names) -> str:
    if len(rest) != 1 or rest[0] not in _FORLOOP:
        raise _UnsupportedError("forloop beyond index, first, last and length")
    number = names.loops[-1][1]
    names.indexed.add(number)
    return _FORLOOP[rest[0]].format(i=f"i{number}", n=f"n{number}")


def _filtered(expression: FilteredExpression, names: Names) -> str:
    value = emit_value(expression.left, names)
    for each in expression.filters or ():
        value = _apply(each, value, names)
    return value


def _apply(each: Filter, value: str, names: Names) -> str:
    function = names.environment.filters.get(each.name)
    if function is None or each.name == "date" or getattr(function, "with_context", False):
        raise _UnsupportedError(f"filter {each.name}")
    if not all(isinstance(argument, PositionalArgument) for argument in each.args):
        raise _UnsupportedError(f"named arguments of filter {each.name}")
    if getattr(function, "with_environment", False):
        function = partial(function, environment=names.environment)
    arguments = [emit_value(argument.value, names) for argument in each.args]
    kept = f"t{names.fresh()}"
    slow = f"{names.constant(function)}({', '.join([kept, *arguments])})"
    quick = _quick(each, kept, names)
    if quick is None:
        return f"{names.constant(function)}({', '.join([value, *arguments])})"
    test, fast = quick
    return f"({fast} if ({kept} := {value}).__class__ is {test} else {slow})"


def _quick(each: Filter, kept: str, names: Names) -> tuple[str, str] | None:
    """A (class, expression) that answers the commonest case of a filter without calling it."""
    if each.name in _STRING_METHODS and not each.args:
        return "str", f"{kept}.{_STRING_METHODS[each.name]}()"
    if each.name == "round" and len(each.args) == 1:
        digits = getattr(each.args[0], "value", None)
        if isinstance(digits, IntegerLiteral) and digits.value > 0:
            return "float", f"round({kept}, {names.constant(digits.value)})"
    return None


def emit_condition(expression: Expression, names: Names) -> str:
    """A Python expression that is true where Liquid takes the branch. Raises _UnsupportedError outside the subset."""
    match expression:
        case BooleanExpression():
            return emit_condition(expression.expression, names)
        case LogicalAndExpression():
            return f"({emit_condition(expression.left, names)} and {emit_condition(expression.right, names)})"
        case LogicalOrExpression():
            return f"({emit_condition(expression.left, names)} or {emit_condition(expression.right, names)})"
        case EqExpression():
            return emit_equal(expression.left, expression.right, names)
        case NeExpression():
            return f"(not {emit_equal(expression.left, expression.right, names)})"
        case LtExpression():
            return _ordered("less", "<", expression.left, expression.right, names)
        case GtExpression():
            return _ordered("less", "<", expression.right, expression.left, names)
        case LeExpression():
            return _ordered("less_or_equal", "<=", expression.left, expression.right, names)
        case GeExpression():
            return _ordered("less_or_equal", "<=", expression.right, expression.left, names)
        case ContainsExpression():
            return f"contains({emit_value(expression.left, names)}, {emit_value(expression.right, names)})"
    kept = f"t{names.fresh()}"
    value = emit_value(expression, names)
    return f"(({kept} := {value}).__class__ is str or {kept}.__class__ is list or truthy({kept}))"


def emit_equal(left: Expression, right: Expression, names: Names) -> str:
    """`left == right`, quick where the right side is a text or an integer."""
    one, other = emit_value(left, names), emit_value(right, names)
    if isinstance(right, StringLiteral | IntegerLiteral):
        test = "str" if isinstance(right, StringLiteral) else "int"
        kept = f"t{names.fresh()}"
        return f"({kept} == {other} if ({kept} := {one}).__class__ is {test} else truthy(equal({kept}, {other})))"
    return f"truthy(equal({one}, {other}))"


def _ordered(function: str, operator: str, left: Expression, right: Expression, names: Names) -> str:
    one, other = emit_value(left, names), emit_value(right, names)
    if isinstance(right, IntegerLiteral):
        kept = f"t{names.fresh()}"
        return f"({kept} {operator} {other} if ({kept} := {one}).__class__ is int else {function}({kept}, {other}))"
    if isinstance(left, IntegerLiteral):
        kept = f"t{names.fresh()}"
        return f"({one} {operator} {kept} if ({kept} := {other}).__class__ is int else {function}({one}, {kept}))"
    return f"truthy({function}({one}, {other}))"


def emit_output(expression: Expression, names: Names, quoted: bool = False) -> str:
    """A Python expression with the printed text of `{{ expression }}`; with `quoted`, in quoted-printable pieces."""
    text = _printed(expression, names)
    if not quoted:
        return text
    kept = f"t{names.fresh()}"
    # The commonest values need nothing but their soft break: short, printable ASCII without '='.
    plain = f"0 < len({kept}) < {LINE_MAX} and {kept}.isascii() and {kept}.isprintable() and '=' not in {kept}"
    return f"({kept} + {SOFT_BREAK!r} if ({kept} := {text}) and {plain} else quoted_piece({kept}))"


def _printed(expression: Expression, names: Names) -> str:
    kept = f"t{names.fresh()}"
    if not names.environment.autoescape:
        value = emit_value(expression, names)
        return f"({kept} if ({kept} := {value}).__class__ is str else as_text({kept}))"
    slow = f"as_html({kept})"
    if isinstance(expression, FilteredExpression) and expression.filters and _escapes(expression.filters[-1]):
        # `| escape` at the end does to a plain string just what autoescaping does.
        function = names.constant(partial(names.environment.filters["escape"], environment=names.environment))
        slow = f"as_html({function}({kept}))"
        expression = FilteredExpression(expression.token, expression.left, expression.filters[:-1])
    value = emit_value(expression, names)
    return f"(escape({kept}) if ({kept} := {value}).__class__ is str else {slow})"


def _escapes(last: Filter) -> bool:
    return last.name == "escape" and not last.args
