"""Spark's words for canonical SQL: JSON by VARIANT, lists by a lateral view, sums by decimals.

The session needs the functions of `SESSION`, which are its own, and the view `TIME_ZONES`.
"""

from typing import Any

from sqlglot import exp
from sqlglot.dialects.spark import Spark

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

TIME_ZONES = "tailorbird_time_zones"
"""A view of the session with the zones that its Java knows, in column `name`."""


def _at_the_end(pattern: str) -> str:
    """Java's $ is also true before a line end that is the last one."""
    return pattern[:-1] + r"\z" if pattern.endswith("$") and not pattern.endswith(r"\$") else pattern


_NUMBER = _at_the_end(NUMBER)

SESSION = (
    "CREATE OR REPLACE TEMPORARY FUNCTION tb_number(shown STRING) RETURNS DOUBLE RETURN "
    f"CASE WHEN shown RLIKE r'{_NUMBER}' THEN TRY_CAST(replace(shown, '_', '') AS DOUBLE) END",
    "CREATE OR REPLACE TEMPORARY FUNCTION tb_round(x DOUBLE, scale DOUBLE) RETURNS DOUBLE RETURN "
    f"{rounded('x', 'scale')}",
)


def spread_lists(tree: Any) -> None:
    """Spark has one generator a query, beside its columns: `unnest` and `generate_subscripts` become a lateral view."""
    for i, query in enumerate(list(tree.find_all(exp.Select))):
        exploded = [node for one in query.expressions for node in one.find_all(exp.Explode)]
        if not exploded:
            continue
        view = f"tb_list{i}"
        listed = exploded[0].this
        places = [
            node
            for one in query.expressions
            for node in one.find_all(exp.Anonymous)
            if node.name.lower() == "generate_subscripts"
        ]
        for node in places:
            node.replace(exp.Add(this=exp.column("tb_place", view), expression=exp.Literal.number(1)))
        for node in exploded:
            node.replace(exp.column("tb_element", view))
        alias = exp.TableAlias(
            this=exp.to_identifier(view), columns=[exp.to_identifier("tb_place"), exp.to_identifier("tb_element")]
        )
        query.append("laterals", exp.Lateral(this=exp.Posexplode(this=listed.copy()), view=True, alias=alias))


def _text(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _path(steps: tuple[str | int, ...]) -> str:
    shown = "".join(f"[{step}]" if isinstance(step, int) else f'["{step}"]' for step in steps)
    return _text(f"${shown}")


def _variant(self: Any, node: Any, kind: str) -> str:
    value = f"try_parse_json({self.sql(node, 'this')})"
    return f"try_variant_get({value}, {_path(json_path(node).steps)}, '{kind}')"


def _extract(self: Any, node: Any) -> str:
    if json_path(node).whole_list:
        return f"transform({_variant(self, node, 'array<variant>')}, tb_one -> to_json(tb_one))"
    return f"to_json({_variant(self, node, 'variant')})"


def _cast(self: Any, node: Any) -> str:
    kind = node.args["to"].this
    if kind == exp.DataType.Type.JSON:  # JSON is text here.
        return str(self.sql(node, "this"))
    if kind in (exp.DataType.Type.TIMESTAMP, exp.DataType.Type.TIMESTAMPNTZ):
        return f"CAST({self.sql(node, 'this')} AS TIMESTAMP_NTZ)"
    if kind == exp.DataType.Type.DOUBLE and may_be_decimal(node.this):
        return f"({double(self.sql(node, 'this'), '({0} - {0} % 1)', 'double({})')})"
    return str(self.cast_sql(node))


def _try_cast(self: Any, node: Any) -> str:
    value = f"CAST({self.sql(node, 'this')} AS STRING)"
    if node.args["to"].this == exp.DataType.Type.DOUBLE:
        return f"tb_number({value})"
    decimal = decimal_of(node)
    if decimal is not None:
        shown = f"CASE WHEN {value} RLIKE {_text(_NUMBER)} THEN replace({value}, '_', '') END"
        return f"TRY_CAST({shown} AS DECIMAL({decimal[0]}, {decimal[1]}))"
    raise UnportableSqlError(f"TRY_CAST to {node.args['to'].sql('duckdb')} is not portable: use DOUBLE or DECIMAL")


def _matches(self: Any, node: Any) -> str:
    return f"({self.sql(node, 'this')} RLIKE {_text(_at_the_end(pattern_of(node)))})"


def _struct(self: Any, node: Any) -> str:
    parts = [self.sql(key) for key in keys(node)]
    return parts[0] if len(parts) == 1 else f"struct({', '.join(parts)})"


def _arg(self: Any, node: Any, only: str = "") -> str:
    name = "max_by" if isinstance(node, exp.ArgMax) else "min_by"
    value = self.sql(node, "this")
    kept = f"({value}) IS NOT NULL" + (f" AND ({only})" if only else "")
    return f"{name}({value}, {_struct(self, node.expression)}) FILTER (WHERE {kept})"


def _fsum(self: Any, node: Any, only: str = "") -> str:
    kept = f" FILTER (WHERE {only})" if only else ""
    exact = f"TRY_CAST(CAST({self.sql(node.expressions[0])} AS STRING) AS DECIMAL(38, 10))"
    return f"CAST(sum({exact}){kept} AS DOUBLE)"


def _anonymous(self: Any, node: Any) -> str:
    name = node.name.lower()
    clock = wall_clock(node)
    if clock is not None:
        zone, moment = (self.sql(part) for part in clock)
        return f"convert_timezone('UTC', {zone}, {moment})"
    if name == "fsum":
        return _fsum(self, node)
    arguments = [self.sql(argument) for argument in node.expressions]
    if name == "isfinite":
        return f"(abs({arguments[0]}) < double('Infinity'))"
    if name == "epoch_us":
        return f"unix_micros(CAST({arguments[0]} AS TIMESTAMP))"
    if name == "pg_timezone_names":
        return TIME_ZONES
    return f"{node.name}({', '.join(arguments)})"


def _filter(self: Any, node: Any) -> str:
    only, inner = self.sql(condition(node)), node.this
    if isinstance(inner, exp.ArgMax | exp.ArgMin):
        return _arg(self, inner, only)
    if isinstance(inner, exp.Anonymous) and inner.name.lower() == "fsum":
        return _fsum(self, inner, only)
    return f"{self.sql(inner)} FILTER (WHERE {only})"


def _round(self: Any, node: Any) -> str:
    decimals = int(node.args["decimals"].name) if node.args.get("decimals") else 0
    return f"tb_round(CAST({self.sql(node, 'this')} AS DOUBLE), 1{'0' * decimals}D)"


_Words: Any = Spark.Generator


class PortableSpark(Spark):
    """Spark 4."""

    class Generator(_Words):  # type: ignore[misc]
        """Its words."""

        TRANSFORMS = {
            **_Words.TRANSFORMS,
            exp.Literal: lambda self, node: _text(node.this) if node.is_string else node.this,
            exp.JSONExtract: _extract,
            exp.JSONExtractScalar: lambda self, node: _variant(self, node, "string"),
            exp.Cast: _cast,
            exp.TryCast: _try_cast,
            exp.ArgMax: _arg,
            exp.ArgMin: _arg,
            exp.Filter: _filter,
            exp.Tuple: _struct,
            exp.StrPosition: lambda self, node: f"locate({self.sql(node, 'substr')}, {self.sql(node, 'this')})",
            exp.RegexpFullMatch: _matches,
            exp.RegexpLike: _matches,
            exp.SimilarTo: _matches,
            exp.Round: _round,
            exp.Anonymous: _anonymous,
            exp.DayOfWeekIso: lambda self, node: f"(weekday({self.sql(node, 'this')}) + 1)",
        }
