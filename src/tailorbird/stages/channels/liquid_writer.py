"""Liquid's syntax tree written as the lines of one Python function.

The function collects pieces of text in lists (`o0`, `o1`…), reads the context's names once (`r0`…), keeps assigned
names in `a0`…, loop elements in `v1`…, their getters in `gv1`… and their keys in `e1`…; `m1`… multiply up the turns
of nested loops.
"""

from collections.abc import Iterable

from liquid.ast import BlockNode, Node
from liquid.builtin.content import ContentNode
from liquid.builtin.expressions.loop import LoopExpression
from liquid.builtin.expressions.primitive import StringLiteral
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.assign_tag import AssignNode
from liquid.builtin.tags.capture_tag import CaptureNode
from liquid.builtin.tags.case_tag import CaseNode, MultiExpressionBlockNode
from liquid.builtin.tags.comment_tag import CommentNode
from liquid.builtin.tags.for_tag import ForNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.inline_comment_tag import InlineCommentNode
from liquid.builtin.tags.unless_tag import UnlessNode

from tailorbird.stages.channels.liquid_expressions import (
    Names,
    _UnsupportedError,
    emit_condition,
    emit_equal,
    emit_output,
    emit_value,
)
from tailorbird.stages.channels.liquid_runtime import LOOP_ITERATIONS_MAX
from tailorbird.stages.channels.quoted_printable import quoted_piece


class LiquidWriter:
    """Writes the function's lines. `shown` False means that the library would throw the output of a block away.

    With `quoted` the function prints quoted-printable pieces: fixed texts are encoded here, values when it runs.
    """

    def __init__(self, names: Names, quoted: bool = False) -> None:
        self.quoted = quoted
        self.names = names
        self.lines: list[str] = []
        self.depth = 1
        self.out = 0
        self.pieces: list[str] = []

    @property
    def encodes(self) -> bool:
        """Whether what is printed here goes straight out; what a capture holds is still to be worked with."""
        return self.quoted and not self.out

    def line(self, text: str) -> None:
        """One line of source, after the output that is waiting."""
        self.flush()
        self.lines.append("    " * self.depth + text)

    def flush(self) -> None:
        """Write the waiting pieces of output as one call."""
        if self.pieces:
            pieces, self.pieces = self.pieces, []
            self.lines.append("    " * self.depth + f"w{self.out}(({', '.join(pieces)},))")

    def source(self) -> str:
        """The whole function."""
        roots = [f"    {variable} = c.get({name!r}, U)" for name, variable in self.names.roots.items()]
        first = [f"    {variable} = c.get({name!r}, U)" for name, variable in self.names.assigned.items()]
        keyed = [f"    {_getter(variable)}" for variable in sorted(self.names.keyed) if variable.startswith("r")]
        head = ["def render(c):", "    o0 = []", "    w0 = o0.extend", "    m0 = 1"]
        return "\n".join([*head, *roots, *first, *keyed, *self.lines, "    return ''.join(o0)"])

    def nodes(self, nodes: Iterable[Node], shown: bool) -> None:
        """Write nodes in turn."""
        for node in nodes:
            self.node(node, shown)

    def block(self, block: BlockNode, shown: bool) -> None:
        """Write a block one level deeper; a block of white space alone prints nothing."""
        self.flush()
        self.depth += 1
        self.line("pass")
        self.nodes(block.nodes, shown and not block.blank)
        self.flush()
        self.depth -= 1

    def node(self, node: Node, shown: bool) -> None:
        """Write one node. Raises _UnsupportedError for a tag outside the subset."""
        match node:
            case ContentNode():
                if shown and node.text:
                    self.pieces.append(repr(quoted_piece(node.text) if self.encodes else str(node.text)))
            case OutputNode():
                value = emit_output(node.expression, self.names, self.encodes)
                self.pieces.append(value) if shown else self.line(value)
            case IfNode():
                self.branches(f"if {emit_condition(node.condition, self.names)}:", node, shown)
            case UnlessNode():
                self.branches(f"if not {emit_condition(node.condition, self.names)}:", node, shown)
            case CaseNode():
                self.case(node, shown)
            case ForNode():
                self.loop(node, shown)
            case AssignNode():
                self.assign(str(node.name), emit_value(node.expression, self.names))
            case CaptureNode():
                self.capture(node)
            case CommentNode() | InlineCommentNode():
                pass
            case _:
                raise _UnsupportedError(f"tag {node.token.value}")

    def branches(self, first: str, node: IfNode | UnlessNode, shown: bool) -> None:
        """Write if/elsif/else. Each test after the first stands in the `else` before it, so that it runs in turn."""
        self.line(first)
        self.block(node.consequence, shown)
        for alternative in node.alternatives:
            self.line(f"elif {emit_condition(alternative.expression, self.names)}:")
            self.block(alternative.block, shown)
        if node.default:
            self.line("else:")
            self.block(node.default, shown)

    def case(self, node: CaseNode, shown: bool) -> None:
        """Write case/when/else: every `when` that matches prints, once for each of its values that matches."""
        other = f"d{self.names.fresh()}"
        self.line(f"{other} = True")
        for block in node.blocks:
            if not isinstance(block, MultiExpressionBlockNode):
                self.line(f"if {other}:")
                self.block(block, shown)
                continue
            tests = [emit_equal(block.expression.left, each, self.names) for each in block.expression.expressions]
            self.line(f"for _ in range({' + '.join(f'bool({test})' for test in tests)}):")
            self.block(block.block, shown)
            self.depth += 1
            self.line(f"{other} = False")
            self.depth -= 1

    def loop(self, node: ForNode, shown: bool) -> None:
        """Write a for tag with its else."""
        expression: LoopExpression = node.expression
        if isinstance(expression.offset, StringLiteral) or str(expression.identifier) == "forloop":
            raise _UnsupportedError("offset: continue, or a loop variable named forloop")
        outer = f"m{self.names.loops[-1][1]}" if self.names.loops else "m0"
        number = self.names.fresh()
        items, plain = f"q{number}", not (expression.limit or expression.offset or expression.reversed)
        limit, offset = (
            emit_value(each, self.names) if each else "..." for each in (expression.limit, expression.offset)
        )
        self.line(f"{items} = {emit_value(expression.iterable, self.names)}")
        test = f"if {items}.__class__ is not list: " if plain else ""
        self.line(f"{test}{items} = loop_items({items}, {limit}, {offset}, {expression.reversed!r})")
        self.line(f"n{number} = len({items})")
        self.line(f"if n{number}:")
        self.depth += 1
        self.line(f"m{number} = {outer} * n{number}")
        self.line(f"if m{number} > {LOOP_ITERATIONS_MAX}: raise _OverrunError")
        self.turns(node, number, shown)
        self.depth -= 1
        if node.default:
            self.line("else:")
            self.block(node.default, shown)

    def turns(self, node: ForNode, number: int, shown: bool) -> None:
        """Write the loop itself: the counter and the element's getter only where the body uses them."""
        place = len(self.lines)
        self.names.loops.append((str(node.expression.identifier), number))
        self.block(node.block, shown)
        self.names.loops.pop()
        counted = number in self.names.indexed
        head = f"for i{number}, v{number} in enumerate(q{number}):" if counted else f"for v{number} in q{number}:"
        keys = self.names.elements.get(f"v{number}", {})
        keyed = [_getter(f"v{number}")] if keys else []
        keyed += [f"{local} = gv{number}({key!r}, U)" for key, local in keys.items()]
        self.lines[place:place] = ["    " * self.depth + head] + ["    " * (self.depth + 1) + each for each in keyed]

    def assign(self, name: str, value: str) -> None:
        """Write an assignment; inside a loop the value is held to the output limit."""
        self.line(f"{self.names.assigned[name]} = " + (f"bounded({value})" if self.names.loops else value))

    def capture(self, node: CaptureNode) -> None:
        """Write a capture: its block prints into a list of its own."""
        self.flush()
        before, self.out = self.out, self.names.fresh()
        self.line(f"o{self.out} = []")
        self.line(f"w{self.out} = o{self.out}.extend")
        self.nodes(node.block.nodes, not node.block.blank)
        self.flush()
        text = f"''.join(o{self.out})"
        self.out, captured = before, f"Markup({text})" if self.names.environment.autoescape else text
        self.assign(str(node.name), captured)


def _getter(variable: str) -> str:
    return f"g{variable} = {variable}.get if {variable}.__class__ is dict else getter({variable})"
