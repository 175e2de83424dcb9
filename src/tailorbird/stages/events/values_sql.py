"""SQL for the values of a mapping: columns, texts with columns in them, products; and the checks that go with them."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tailorbird.stages.events.columns import Columns, MappingError, literal
from tailorbird.stages.events.conversions import REASONS, convert, converts, stamp
from tailorbird.types.mapping import ColumnCheck, Value

_BRACES = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Check:
    """A condition that a bad row fulfils: the column to blame, the reason, and boolean SQL."""

    column: str
    reason: str
    failing: str


def as_value(value: str | Value) -> Value:
    """A plain string is a column's name."""
    return Value(column=value) if isinstance(value, str) else value


def columns_of(value: Value) -> tuple[str, ...]:
    """The columns that a value reads."""
    if value.column:
        return (value.column,)
    return tuple(_BRACES.findall(value.text)) if value.text else value.product


@dataclass(slots=True)
class Expressions:
    """Compiles values of one target; `checks` gathers what a row must fulfil, first the most telling.

    `sums` gathers what a grouped event adds up over its rows: sum i is column `_sum<i>` of the group.
    """

    columns: Columns
    checks: list[Check] = field(default_factory=list)
    sums: list[str] = field(default_factory=list)

    def value(self, given: str | Value, where: str, kind: str | None = None) -> str:
        """SQL of a value. `kind` is the type the target needs; the value's own `type` wins.

        Words are translated first; then the text is converted and checked.
        """
        value = as_value(given)
        self._one_source(value, where)
        arithmetic = value.sum or value.scale is not None or value.decimals is not None
        kind = value.type or kind or ("number" if arithmetic else None)
        if value.product:
            return " * ".join(f"({self._column(column, 'number', where)})" for column in value.product)
        if value.constant is not None:
            return self._constant(value.constant, kind, where)
        if value.column and not value.words:
            return self._column(value.column, kind, where)
        text = self.columns.text(value.column, where) if value.column else self._text(value.text or "", where)
        if value.words:
            cases = " ".join(f"WHEN {literal(a)} THEN {literal(b)}" for a, b in value.words.items())
            text = f"CASE {text} {cases} ELSE {text} END"
        if kind in REASONS:
            tested = stamp(text) if kind == "datetime" else convert(text, kind)
            blame = (*columns_of(value), "")[0]
            self._add(Check(blame, REASONS[kind], f"({text}) IS NOT NULL AND ({tested}) IS NULL"))
        return convert(text, kind, self.columns.timezone)

    def _constant(self, constant: str | int | float | bool, kind: str | None, where: str) -> str:
        if not isinstance(constant, str) or kind in (None, "text"):
            return literal(constant)
        if not converts(constant.strip(), kind):
            raise MappingError(f"{self.columns.mapping}: {where}: {constant!r} {REASONS[kind]}")
        return convert(literal(constant.strip()), kind, self.columns.timezone)

    def _add(self, check: Check) -> None:
        if check not in self.checks:
            self.checks.append(check)

    def finish(self, sql: str, given: str | Value, grouped: bool = False) -> str:
        """Apply the value's arithmetic; in a group, let `sum` values be added up first."""
        value = as_value(given)
        if grouped and value.sum:
            self.sums.append(sql)
            sql = f"_sum{len(self.sums) - 1}"
        if value.scale is not None:
            sql = f"({sql}) * {value.scale!r}"
        if value.decimals is not None:
            sql = f"round({sql}, {value.decimals})"
        return sql

    def json_object(self, fields: Mapping[str, str | Value], where: str, grouped: bool = False) -> str:
        """SQL of JSON text of an object; missing values are left out."""
        if not fields:
            return "'{}'"
        parts = []
        for key, given in fields.items():
            inner = self.finish(self._jsonable(given, f"{where}.{key}"), given, grouped)
            # Text, not json_object and a merge patch that removes nulls: that parses every object again.
            label = literal(json.dumps(key, ensure_ascii=False) + ":")
            parts.append(f"{label} || nullif(CAST(to_json({inner}) AS VARCHAR), 'null')")
        return f"('{{' || concat_ws(',', {', '.join(parts)}) || '}}')"

    def _jsonable(self, given: str | Value, where: str) -> str:
        sql = self.value(given, where)
        return f"strftime({sql}, '%Y-%m-%dT%H:%M:%SZ')" if as_value(given).type == "datetime" else sql

    def require(self, given: str | Value, where: str) -> None:
        """The value's columns must not be empty."""
        for column in columns_of(as_value(given)):
            self.checks.append(Check(column, "is empty", self.columns.empty(column, where)))

    def declared(self, checks: Mapping[str, ColumnCheck], where: str) -> None:
        """The checks that the mapping declares per column."""
        for column, check in checks.items():
            place = f"{where}.{column}"
            text = self.columns.text(column, place)
            if check.required:
                self.checks.append(Check(column, "is empty", self.columns.empty(column, place)))
            if check.type:
                self._column(column, check.type, place)
            if check.min is not None or check.max is not None:
                number = self._column(column, "number", place)
                if check.min is not None:
                    self.checks.append(Check(column, f"is below {check.min:g}", f"{number} < {check.min!r}"))
                if check.max is not None:
                    self.checks.append(Check(column, f"is above {check.max:g}", f"{number} > {check.max!r}"))
            if check.one_of is not None:
                options = ", ".join(map(literal, check.one_of)) or "NULL"
                reason = f"is none of {', '.join(check.one_of)}"
                self.checks.append(Check(column, reason, f"{text} NOT IN ({options})"))

    def verdict(self) -> str:
        """SQL of the 1-based number of the first check that a row fails; NULL for a good row."""
        cases = " ".join(f"WHEN {check.failing} THEN {i}" for i, check in enumerate(self.checks, 1))
        return f"CASE {cases} END" if cases else "NULL"

    def _column(self, column: str, kind: str | None, where: str) -> str:
        sql = self.columns.typed(column, kind, where)
        if kind in REASONS:
            # The check is on what makes the stored value NULL, so that nothing is stored that was not checked.
            tested = self.columns.stamp(column, where) if kind == "datetime" else sql
            self._add(Check(column, REASONS[kind], f"NOT {self.columns.empty(column, where)} AND ({tested}) IS NULL"))
        return sql

    def _text(self, template: str, where: str) -> str:
        parts: Sequence[str] = _BRACES.split(template)
        pieces = [
            self.columns.text(part, where) if i % 2 else literal(part) for i, part in enumerate(parts) if i % 2 or part
        ]
        return " || ".join(f"({piece})" for piece in pieces) or "''"

    def _one_source(self, value: Value, where: str) -> None:
        given = [value.column is not None, value.text is not None, value.constant is not None, bool(value.product)]
        if sum(given) != 1:
            raise MappingError(
                f"{self.columns.mapping}: {where}: a value needs exactly one of column, text, constant or product"
            )
