"""ClickHouse's words for canonical SQL: JSON by JSONExtract over text, wall clocks by formatting with a zone.

The session needs the settings of `SETTINGS`.
"""

from typing import Any

from sqlglot import exp
from sqlglot.dialects.clickhouse import ClickHouse

from tailorbird.stages.sql.shapes import (
    NUMBER,
    UnportableSqlError,
    condition,
    decimal_of,
    double,
    json_path,
    keys,
    may_be_decimal,
    pattern_of,
    rounded,
    wall_clock,
)

SETTINGS = {
    "session_timezone": "UTC",
    "join_use_nulls": 1,  # Else a LEFT JOIN without a match answers 0 and ''.
    "prefer_column_name_to_alias": 1,  # Else `max(timestamp) AS timestamp` is an aggregate of an aggregate.
    "allow_nonconst_timezone_arguments": 1,
    "precise_float_parsing": 1,
    "aggregate_functions_null_for_empty": 1,  # Else the sum of nothing is 0.
    "data_type_default_nullable": 1,
}

_MOMENT = "Nullable(DateTime64(6, 'UTC'))"


def unshadow(tree: Any) -> None:
    """An alias that is the name of another table would be that table inside every CTE that the query reads."""
    names = {table.name for table in tree.find_all(exp.Table)} | {cte.alias for cte in tree.find_all(exp.CTE)}
    for table in list(tree.find_all(exp.Table)):
        alias = table.alias
        if not alias or alias not in names or alias == table.name:
            continue
        table.set("alias", exp.TableAlias(this=exp.to_identifier(f"tb_{alias}")))
        query = table.find_ancestor(exp.Select)
        for column in query.find_all(exp.Column) if query else ():
            if column.table == alias:
                column.set("table", exp.to_identifier(f"tb_{alias}"))


def _steps(path: tuple[str | int, ...]) -> str:
    return "".join(f", {step + 1 if isinstance(step, int) else _text(step)}" for step in path)


def _text(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _extract(self: Any, node: Any) -> str:
    path = json_path(node)
    value = self.sql(node, "this")
    if path.whole_list:
        return f"JSONExtractArrayRaw(ifNull({value}, ''){_steps(path.steps)})"
    return f"nullIf(JSONExtractRaw({value}{_steps(path.steps)}), '')"


def _extract_text(self: Any, node: Any) -> str:
    return f"JSONExtract(ifNull({self.sql(node, 'this')}, ''){_steps(json_path(node).steps)}, 'Nullable(String)')"


def _cast(self: Any, node: Any) -> str:
    kind = node.args["to"].this
    if kind == exp.DataType.Type.JSON:  # JSON is text here.
        return str(self.sql(node, "this"))
    if kind in (exp.DataType.Type.TIMESTAMP, exp.DataType.Type.TIMESTAMPNTZ):
        return f"CAST({self.sql(node, 'this')} AS {_MOMENT})"
    value = self.sql(node, "this")
    decimal = decimal_of(node.this)
    if kind in exp.DataType.TEXT_TYPES and decimal is not None:
        return f"toDecimalString({value}, {decimal[1]})"
    if kind == exp.DataType.Type.DOUBLE and may_be_decimal(node.this):
        return f"({double(value, 'trunc({})', 'toFloat64(toString({}))')})"
    if kind in (exp.DataType.Type.INT, exp.DataType.Type.BIGINT):
        # A text that is no number would become NULL without a word.
        cast = self.cast_sql(node)
        return f"({cast} + throwIf(isNotNull({value}) AND isNull({cast}), 'this is no whole number'))"
    return str(self.cast_sql(node))


def _try_cast(self: Any, node: Any) -> str:
    # What cannot be a number becomes the text x, which is none.
    value = f"ifNull(CAST({self.sql(node, 'this')} AS Nullable(String)), '')"
    bare = f"replaceRegexpAll({value}, '[_ \\\\t\\\\n\\\\r]', '')"
    shown = f"if(match({value}, {_text(NUMBER)}), {bare}, 'x')"
    decimal = decimal_of(node)
    if decimal is not None:
        precision, scale = decimal
        # ClickHouse cuts digits off where others round, and holds a digit more than it says.
        exact = f"round(toDecimal256OrNull({shown}, 25), {scale})"
        size = f"abs({exact}) < 1{'0' * (precision - scale)}"
        return f"accurateCastOrNull(if({size}, {exact}, NULL), 'Decimal({precision}, {scale})')"
    if node.args["to"].this == exp.DataType.Type.DOUBLE:
        return f"toFloat64OrNull({shown})"
    raise UnportableSqlError(f"TRY_CAST to {node.args['to'].sql('duckdb')} is not portable: use DOUBLE or DECIMAL")


def _tuple(self: Any, node: Any) -> str:
    parts = [self.sql(key) for key in keys(node)]
    return parts[0] if len(parts) == 1 else f"tuple({', '.join(parts)})"


def _list_row(self: Any, listed: Any, place: int) -> str:
    # Two arrayJoin of one expression are one: that is how an element keeps its place.
    value = self.sql(listed)
    return f"tupleElement(arrayJoin(arrayZip({value}, arrayEnumerate({value}))), {place})"


def _anonymous(self: Any, node: Any) -> str:
    name = node.name.lower()
    clock = wall_clock(node)
    if clock is not None:
        zone, moment = (self.sql(part) for part in clock)
        shown = f"formatDateTime(assumeNotNull({moment}), '%Y-%m-%d %H:%i:%S.%f', assumeNotNull({zone}))"
        return f"toDateTime64({shown}, 6, 'UTC')"
    arguments = [self.sql(argument) for argument in node.expressions]
    if name == "generate_subscripts":
        return _list_row(self, node.expressions[0], 2)
    if name == "fsum":
        return f"sumKahan({arguments[0]})"
    if name == "isfinite":
        return f"isFinite({arguments[0]})"
    if name == "epoch_us":
        return f"toUnixTimestamp64Micro({arguments[0]})"
    if name == "pg_timezone_names":
        return "(SELECT time_zone AS name FROM system.time_zones)"
    return f"{node.name}({', '.join(arguments)})"


def _round(self: Any, node: Any) -> str:
    decimals = int(node.args["decimals"].name) if node.args.get("decimals") else 0
    return rounded(f"toFloat64({self.sql(node, 'this')})", f"1{'0' * decimals}.0")


def _filter(self: Any, node: Any) -> str:
    written = self.function_fallback_sql(node.this) if isinstance(node.this, exp.Count) else self.sql(node, "this")
    filtered = f"{written} FILTER (WHERE {self.sql(condition(node))})"
    return _signed(node, filtered) if isinstance(node.this, exp.Count) else filtered


def _signed(node: Any, written: str) -> str:
    """Counts as whole numbers with a sign, which are what they meet elsewhere."""
    return written if isinstance(node.parent, exp.Window) else f"toInt64({written})"


def _matches(self: Any, node: Any) -> str:
    return f"match({self.sql(node, 'this')}, {_text('(?-s)' + pattern_of(node))})"


def _substring(self: Any, node: Any) -> str:
    parts = [self.sql(node, key) for key in ("this", "start", "length") if node.args.get(key)]
    return f"substringUTF8({', '.join(parts)})"


_Words: Any = ClickHouse.Generator


class PortableClickhouse(ClickHouse):
    """ClickHouse 25 and newer, as a server or in process."""

    class Generator(_Words):  # type: ignore[misc]
        """Its words."""

        TRANSFORMS = {
            **_Words.TRANSFORMS,
            exp.Literal: lambda self, node: _text(node.this) if node.is_string else node.this,
            exp.JSONExtract: _extract,
            exp.JSONExtractScalar: _extract_text,
            exp.Cast: _cast,
            exp.TryCast: _try_cast,
            exp.ArgMax: lambda self, node: f"argMax({self.sql(node, 'this')}, {_tuple(self, node.expression)})",
            exp.ArgMin: lambda self, node: f"argMin({self.sql(node, 'this')}, {_tuple(self, node.expression)})",
            exp.Count: lambda self, node: _signed(node, self.function_fallback_sql(node)),
            exp.Filter: _filter,
            exp.Explode: lambda self, node: _list_row(self, node.this, 1),
            exp.Contains: lambda self, node: (
                f"(position({self.sql(node, 'this')}, {self.sql(node, 'expression')}) > 0)"
            ),
            exp.Left: lambda self, node: f"leftUTF8({self.sql(node, 'this')}, {self.sql(node, 'expression')})",
            exp.Substring: _substring,
            exp.StrPosition: lambda self, node: f"positionUTF8({self.sql(node, 'this')}, {self.sql(node, 'substr')})",
            exp.RegexpFullMatch: _matches,
            exp.RegexpLike: _matches,
            exp.SimilarTo: _matches,
            exp.Round: _round,
            exp.Anonymous: _anonymous,
            exp.IntDiv: lambda self, node: f"intDiv({self.sql(node, 'this')}, {self.sql(node, 'expression')})",
            exp.Hour: lambda self, node: f"toHour({self.sql(node, 'this')})",
            exp.DayOfWeekIso: lambda self, node: f"toDayOfWeek({self.sql(node, 'this')})",
        }
