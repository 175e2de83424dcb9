"""Audiences in SQL: one condition over features, read once, then a function that judges a person in microseconds.

The condition is of DuckDB's dialect: comparisons, BETWEEN, IN, LIKE, IS NULL, AND, OR, NOT, arithmetic, coalesce, lower
and abs over the names of features. It sees features only, never events or traits: a feature has a purpose, and what a
person's consent does not cover is withheld before any audience looks. One reading serves everybody in a campaign and
one person on a server, so the two cannot differ.

Logic has three values, as in SQL: a comparison with a missing value is neither true nor false, and only true lets a
person in. Three things are stricter or plainer than in an engine: values of different kinds (a text and a number) do
not compare and give no answer instead of an error, so do a NaN and a division by zero.
"""

import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlglot
from sqlglot import exp

from tailorbird.stages.audiences.audience_error import AudienceError, unknown_feature

CHARACTERS_MAX = 10_000

_Row = Sequence[Any]
_Read = Callable[[_Row], Any]
_MEND = "write one condition over features, such as orders >= 2 AND country IN ('DE', 'AT')"
_COMPARED: dict[type[exp.Expr], Callable[[Any, Any], bool]] = {
    exp.EQ: operator.eq,
    exp.NEQ: operator.ne,
    exp.GT: operator.gt,
    exp.GTE: operator.ge,
    exp.LT: operator.lt,
    exp.LTE: operator.le,
}
_COMPUTED: dict[type[exp.Expr], Callable[[Any, Any], Any]] = {
    exp.Add: operator.add,
    exp.Sub: operator.sub,
    exp.Mul: operator.mul,
    exp.Div: operator.truediv,
}
_CONDITIONS: tuple[type[exp.Expr], ...] = (
    exp.And, exp.Or, exp.Not, exp.Between, exp.In, exp.Is, exp.Like, exp.ILike, *_COMPARED,
)  # fmt: skip
_ARGUMENTS = frozenset({"this", "expression", "expressions", "low", "high", "is_string"})
_READ_ARGUMENTS: dict[type[exp.Expr], frozenset[str]] = {
    exp.Like: _ARGUMENTS | {"negate"},
    exp.ILike: _ARGUMENTS | {"negate"},
    exp.Div: _ARGUMENTS | {"typed", "safe"},  # how the dialect divides: here always in floats
}


@dataclass(frozen=True)
class Clause:
    """One of the parts that AND joins at the top: its text, its features, and whether it holds (None: unknown) for a
    row of the predicate's features."""

    text: str
    names: tuple[str, ...]
    holds: Callable[[_Row], bool | None]


@dataclass(frozen=True)
class Predicate:
    """A condition that was read: `names` are the features of a row, in order; every clause must be true."""

    names: tuple[str, ...]
    clauses: tuple[Clause, ...]

    def holds(self, row: _Row) -> bool:
        """Whether a person with these values of `names` is meant."""
        return all(clause.holds(row) is True for clause in self.clauses)


@lru_cache(maxsize=256)
def read_predicate(audience: str, sql: str, known: tuple[str, ...]) -> Predicate:
    """The condition of an audience over the features that are `known`. AudienceError: what it must not, or cannot, say.

    Capitals in names do not count, as in SQL.
    """
    tree = _parse(audience, sql)
    if (query := tree.find(exp.Query)) is not None:
        raise _refusal(audience, query)
    names: list[str] = []
    for column in tree.find_all(exp.Column, bfs=False):
        name = _feature(audience, column, known)
        if name not in names:
            names.append(name)
    reader = _Reader(audience, {name.casefold(): place for place, name in enumerate(names)})
    parts = [part.unnest() for part in _conjuncts(tree)]
    clauses = [
        Clause(part.sql(dialect="duckdb"), _names_in(audience, part, known), reader.truth(part)) for part in parts
    ]
    return Predicate(tuple(names), tuple(clauses))


def _parse(audience: str, sql: str) -> exp.Expr:
    if len(sql) > CHARACTERS_MAX:
        raise AudienceError(f"audience {audience!r}: sql has {len(sql):,} characters; at most {CHARACTERS_MAX:,}")
    try:
        trees = sqlglot.parse(sql, dialect="duckdb")
    except sqlglot.ParseError as error:
        first = error.errors[0] if error.errors else {}
        place = f" at line {first['line']}, column {first['col']}" if first.get("line") else ""
        said = str(first.get("description") or "it cannot be read").rstrip(".")
        raise AudienceError(f"audience {audience!r}: sql{place}: {said}; {_MEND}") from None
    except (sqlglot.errors.SqlglotError, RecursionError):
        raise AudienceError(f"audience {audience!r}: sql cannot be read; {_MEND}") from None
    if len(trees) != 1 or trees[0] is None:
        raise AudienceError(f"audience {audience!r}: sql must be one condition; {_MEND}")
    tree = trees[0]
    return tree.this if isinstance(tree, exp.Paren) else tree


def _conjuncts(tree: exp.Expr) -> list[exp.Expr]:
    inner = tree.unnest()
    return list(inner.flatten()) if isinstance(inner, exp.And) else [inner]


def _feature(audience: str, column: exp.Column, known: Sequence[str]) -> str:
    """The known feature that a column names."""
    wanted = column.name
    if column.table:
        raise AudienceError(f"audience {audience!r}: {column.sql()!r} names a table; name the feature alone")
    for name in known:
        if name.casefold() == wanted.casefold():
            return name
    raise unknown_feature(audience, wanted, known)


def _names_in(audience: str, part: exp.Expr, known: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_feature(audience, column, known) for column in part.find_all(exp.Column, bfs=False)))


@dataclass(frozen=True)
class _Reader:
    """From syntax to functions of a row; `places` says where each feature stands in it."""

    audience: str
    places: Mapping[str, int]

    def truth(self, node: exp.Expr) -> Callable[[_Row], bool | None]:
        """A condition: TRUE, FALSE or None."""
        node = self._plain(node)
        if isinstance(node, exp.And | exp.Or):
            parts = [self.truth(part) for part in node.flatten()]
            decisive = isinstance(node, exp.Or)
            return lambda row: _joined(parts, row, decisive)
        if isinstance(node, exp.Not):
            inner = self.truth(node.this)
            return lambda row: None if (held := inner(row)) is None else not held
        if type(node) in _COMPARED:
            return _comparison(_COMPARED[type(node)], self.value(node.this), self.value(node.expression))
        if isinstance(node, exp.Between):
            value, low, high = (self.value(node.args[part]) for part in ("this", "low", "high"))
            bounds = [_comparison(operator.ge, value, low), _comparison(operator.le, value, high)]
            return lambda row: _joined(bounds, row, False)
        if isinstance(node, exp.In) and node.expressions:
            tested = self.value(node.this)
            equal = [_comparison(operator.eq, tested, self.value(each)) for each in node.expressions]
            return lambda row: _joined(equal, row, True)
        if isinstance(node, exp.Is):
            return self._is(node)
        if isinstance(node, exp.Like | exp.ILike):
            return self._like(node)
        if isinstance(node, exp.Column | exp.Boolean | exp.Coalesce | exp.Null):
            said = self.value(node)
            return lambda row: held if isinstance(held := said(row), bool) else None
        raise _refusal(self.audience, node)

    def value(self, node: exp.Expr) -> _Read:
        """An expression: text, number, boolean, or None where it is missing."""
        node = self._plain(node)
        if isinstance(node, exp.Column):
            place = self.places[node.name.casefold()]
            return lambda row: _present(row[place])
        if isinstance(node, exp.Literal | exp.Boolean | exp.Null):
            constant = _constant(node)
            return lambda row: constant
        if isinstance(node, exp.Neg):
            negated = self.value(node.this)
            return lambda row: -number if _is_number(number := negated(row)) else None
        if type(node) in _COMPUTED:
            compute, left, right = _COMPUTED[type(node)], self.value(node.this), self.value(node.expression)
            return lambda row: _computed(compute, left(row), right(row))
        if isinstance(node, exp.Coalesce):
            given = [self.value(each) for each in (node.this, *node.expressions)]
            return lambda row: next((found for read in given if (found := read(row)) is not None), None)
        if isinstance(node, exp.Lower):
            text = self.value(node.this)
            return lambda row: found.lower() if isinstance(found := text(row), str) else None
        if isinstance(node, exp.Abs):
            signed = self.value(node.this)
            return lambda row: abs(number) if _is_number(number := signed(row)) else None
        if isinstance(node, _CONDITIONS):
            return self.truth(node)
        raise _refusal(self.audience, node)

    def _is(self, node: exp.Is) -> Callable[[_Row], bool | None]:
        value, wanted = self.value(node.this), node.expression.unnest()
        if isinstance(wanted, exp.Null):
            return lambda row: value(row) is None
        if isinstance(wanted, exp.Boolean):
            asked = bool(wanted.this)
            return lambda row: value(row) is asked
        raise _refusal(self.audience, node)

    def _like(self, node: exp.Like | exp.ILike) -> Callable[[_Row], bool | None]:
        value, pattern = self.value(node.this), node.expression.unnest()
        if not (isinstance(pattern, exp.Literal) and pattern.is_string):
            raise _refusal(self.audience, node)
        pieces = {"%": ".*", "_": "."}
        written = "".join(pieces.get(letter, re.escape(letter)) for letter in pattern.this)
        found = re.compile(written, re.DOTALL | (re.IGNORECASE if isinstance(node, exp.ILike) else 0))
        wanted = not node.args.get("negate")

        def like(row: _Row) -> bool | None:
            text = value(row)
            return (found.fullmatch(text) is not None) is wanted if isinstance(text, str) else None

        return like

    def _plain(self, node: exp.Expr) -> exp.Expr:
        """The node without brackets; a refusal where it says more than its parts, such as BETWEEN SYMMETRIC."""
        node = node.unnest()
        if any(value for name, value in node.args.items() if name not in _READ_ARGUMENTS.get(type(node), _ARGUMENTS)):
            raise _refusal(self.audience, node)
        return node


def _refusal(audience: str, node: exp.Expr) -> AudienceError:
    shown = node.sql(dialect="duckdb")
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    mend = "what needs events or a query is a feature: define it in features/ and name it here"
    return AudienceError(f"audience {audience!r}: sql cannot say {shown!r}; {_MEND}; {mend}")


def _joined(parts: Sequence[Callable[[_Row], bool | None]], row: _Row, decisive: bool) -> bool | None:
    """Three-valued AND (`decisive` False) and OR (True): one decisive part settles it, else an unknown one does."""
    answer: bool | None = not decisive
    for part in parts:
        held = part(row)
        if held is decisive:
            return decisive
        if held is None:
            answer = None
    return answer


def _comparison(compare: Callable[[Any, Any], bool], left: _Read, right: _Read) -> Callable[[_Row], bool | None]:
    def holds(row: _Row) -> bool | None:
        a, b = left(row), right(row)
        if _is_number(a) and _is_number(b):
            return compare(a, b)
        if (isinstance(a, str) and isinstance(b, str)) or (isinstance(a, bool) and isinstance(b, bool)):
            return compare(a, b)
        return None

    return holds


def _computed(compute: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    if not (_is_number(left) and _is_number(right)):
        return None
    try:
        return _present(compute(left, right))
    except (ZeroDivisionError, OverflowError):
        return None


def _constant(node: exp.Expr) -> Any:
    if isinstance(node, exp.Null):
        return None
    if isinstance(node, exp.Boolean) or node.args.get("is_string"):
        return node.this
    number = str(node.this)
    return int(number) if number.isdigit() else float(number)


def _present(value: Any) -> Any:
    """The value, None for a NaN."""
    return None if isinstance(value, float) and math.isnan(value) else value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
