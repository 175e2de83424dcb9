"""PostgreSQL's words for canonical SQL: JSON by jsonb, arg_max by an ordered array, exact sums by numeric.

The session needs the functions of `SESSION`, which are its own and vanish with it.
"""

from collections.abc import Callable
from typing import Any

from sqlglot import exp
from sqlglot.dialects.postgres import Postgres

from tailorbird.stages.sql.shapes import (
    NUMBER,
    UnportableSqlError,
    both,
    condition,
    decimal_of,
    double,
    json_path,
    keys,
    may_be_decimal,
    pattern_of,
    rounded,
)

SESSION = (
    "SET TimeZone = 'UTC'",
    # The planner takes the parts of a long query for a row each, and would join them row by row.
    "SET enable_nestloop = off",
    "SET jit = off",
    # In plpgsql, because a function in SQL that cannot be inlined is planned at every call.
    f"""CREATE OR REPLACE FUNCTION pg_temp.tb_number(shown TEXT) RETURNS DOUBLE PRECISION
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE n NUMERIC;
BEGIN
  IF shown IS NULL OR shown !~ '{NUMBER}' THEN RETURN NULL; END IF;
  n := CAST(replace(shown, '_', '') AS NUMERIC);
  IF abs(n) > 1.797693134862315e308 THEN RETURN sign(n) * CAST('Infinity' AS DOUBLE PRECISION); END IF;
  RETURN CASE WHEN abs(n) < 3e-308 THEN 0 ELSE CAST(n AS DOUBLE PRECISION) END;
END $$""",
    f"""CREATE OR REPLACE FUNCTION pg_temp.tb_decimal(shown TEXT, size NUMERIC, scale INTEGER) RETURNS NUMERIC
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE n NUMERIC;
BEGIN
  IF shown IS NULL OR shown !~ '{NUMBER}' THEN RETURN NULL; END IF;
  n := round(CAST(replace(shown, '_', '') AS NUMERIC), scale);
  RETURN CASE WHEN abs(n) < size THEN n END;
END $$""",
    f"""CREATE OR REPLACE FUNCTION pg_temp.tb_double(x NUMERIC) RETURNS DOUBLE PRECISION LANGUAGE sql IMMUTABLE AS $$
SELECT {double("x", "trunc({})", "CAST({} AS DOUBLE PRECISION)")} $$""",
    """CREATE OR REPLACE FUNCTION pg_temp.tb_double(x DOUBLE PRECISION) RETURNS DOUBLE PRECISION
LANGUAGE sql IMMUTABLE AS $$ SELECT x $$""",
    f"""CREATE OR REPLACE FUNCTION pg_temp.tb_round(x DOUBLE PRECISION, scale DOUBLE PRECISION) RETURNS DOUBLE PRECISION
LANGUAGE sql IMMUTABLE AS $$ SELECT {rounded("x", "scale")} $$""",
    """CREATE OR REPLACE FUNCTION pg_temp.tb_finite(x DOUBLE PRECISION) RETURNS BOOLEAN LANGUAGE sql IMMUTABLE AS $$
SELECT x > CAST('-Infinity' AS DOUBLE PRECISION) AND x < CAST('Infinity' AS DOUBLE PRECISION) $$""",
)


def _steps(path: tuple[str | int, ...]) -> str:
    if not path:
        return "CAST('{}' AS TEXT[])"
    texts = ", ".join("'" + str(step).replace("'", "''") + "'" for step in path)
    return f"CAST(ARRAY[{texts}] AS TEXT[])"


def _extract(self: Any, node: Any) -> str:
    path = json_path(node)
    value = f"(CAST({self.sql(node, 'this')} AS JSONB) #> {_steps(path.steps)})"
    if not path.whole_list:
        return value
    return f"(CASE WHEN jsonb_typeof({value}) = 'array' THEN ARRAY(SELECT jsonb_array_elements({value})) END)"


def _extract_text(self: Any, node: Any) -> str:
    return f"(CAST({self.sql(node, 'this')} AS JSONB) #>> {_steps(json_path(node).steps)})"


def _try_cast(self: Any, node: Any) -> str:
    value = self.sql(node, "this")
    kind = node.args["to"].this
    if kind == exp.DataType.Type.DOUBLE:
        return f"pg_temp.tb_number(CAST({value} AS TEXT))"
    decimal = decimal_of(node)
    if decimal is not None:
        precision, scale = decimal
        return f"pg_temp.tb_decimal(CAST({value} AS TEXT), 1{'0' * (precision - scale)}, {scale})"
    raise UnportableSqlError(f"TRY_CAST to {node.args['to'].sql('duckdb')} is not portable: use DOUBLE or DECIMAL")


def _arg(descending: bool) -> Callable[..., str]:
    def write(self: Any, node: Any, only: str = "") -> str:
        value = self.sql(node, "this")
        way = "DESC NULLS LAST" if descending else "ASC NULLS LAST"
        order = ", ".join(f"{self.sql(key)} {way}" for key in keys(node.expression))
        return f"(array_agg({value} ORDER BY {order}) FILTER (WHERE {both(f'({value}) IS NOT NULL', only)}))[1]"

    return write


def _max(self: Any, node: Any, only: str = "") -> str:
    kept = f" FILTER (WHERE {only})" if only else ""
    if isinstance(node.this, exp.Tuple):  # There is no max of rows before PostgreSQL 18.
        row = f"ROW({', '.join(self.sql(part) for part in node.this.expressions)})"
        return f"(array_agg({row} ORDER BY {row} DESC){kept})[1]"
    return f"max({self.sql(node, 'this')}){kept}"


def _fsum(self: Any, node: Any, only: str = "") -> str:
    kept = f" FILTER (WHERE {only})" if only else ""
    # By way of text, because a cast from double to numeric keeps 15 digits.
    value = f"CAST(CAST({self.sql(node.expressions[0])} AS TEXT) AS NUMERIC)"
    return f"CAST(sum({value}){kept} AS DOUBLE PRECISION)"


def _anonymous(self: Any, node: Any) -> str:
    name = node.name.lower()
    if name == "fsum":
        return _fsum(self, node)
    arguments = [self.sql(argument) for argument in node.expressions]
    if name == "isfinite":
        return f"pg_temp.tb_finite({arguments[0]})"
    if name == "epoch_us":
        return f"CAST(EXTRACT(EPOCH FROM {arguments[0]}) * 1000000 AS BIGINT)"
    if name == "pg_timezone_names":
        return "(SELECT name FROM pg_timezone_names() WHERE name NOT LIKE 'posix/%')"
    return f"{node.name}({', '.join(arguments)})"


def _filter(self: Any, node: Any) -> str:
    only, inner = self.sql(condition(node)), node.this
    if isinstance(inner, exp.ArgMax | exp.ArgMin):
        return _arg(isinstance(inner, exp.ArgMax))(self, inner, only)
    if isinstance(inner, exp.Max):
        return _max(self, inner, only)
    if isinstance(inner, exp.Anonymous) and inner.name.lower() == "fsum":
        return _fsum(self, inner, only)
    return f"{self.sql(inner)} FILTER (WHERE {only})"


def _round(self: Any, node: Any) -> str:
    decimals = int(node.args["decimals"].name) if node.args.get("decimals") else 0
    return f"pg_temp.tb_round(CAST({self.sql(node, 'this')} AS DOUBLE PRECISION), 1{'0' * decimals})"


def _cast(self: Any, node: Any) -> str:
    kind = node.args["to"].this
    if kind == exp.DataType.Type.JSON:
        return f"CAST({self.sql(node, 'this')} AS JSONB)"
    if kind == exp.DataType.Type.DOUBLE and may_be_decimal(node.this):
        return f"pg_temp.tb_double({self.sql(node, 'this')})"
    return str(self.cast_sql(node))


def _matches(self: Any, node: Any) -> str:
    pattern = "(?p)" + pattern_of(node).replace("'", "''")  # The dot is no line end, as elsewhere.
    return f"({self.sql(node, 'this')} ~ '{pattern}')"


def _contains(self: Any, node: Any) -> str:
    return f"(strpos({self.sql(node, 'this')}, {self.sql(node, 'expression')}) > 0)"


_Words: Any = Postgres.Generator


class PortablePostgres(Postgres):
    """PostgreSQL 15 and newer."""

    class Generator(_Words):  # type: ignore[misc]
        """Its words."""

        TRANSFORMS = {
            **_Words.TRANSFORMS,
            exp.JSONExtract: _extract,
            exp.JSONExtractScalar: _extract_text,
            exp.TryCast: _try_cast,
            exp.Cast: _cast,
            exp.ArgMax: _arg(True),
            exp.ArgMin: _arg(False),
            exp.Max: _max,
            exp.Filter: _filter,
            exp.Contains: _contains,
            exp.StrPosition: lambda self, node: f"strpos({self.sql(node, 'this')}, {self.sql(node, 'substr')})",
            exp.RegexpFullMatch: _matches,
            exp.RegexpLike: _matches,
            exp.SimilarTo: _matches,
            exp.Round: _round,
            exp.Anonymous: _anonymous,
            exp.Hour: lambda self, node: f"CAST(EXTRACT(HOUR FROM {self.sql(node, 'this')}) AS INTEGER)",
            exp.DayOfWeekIso: lambda self, node: f"CAST(EXTRACT(ISODOW FROM {self.sql(node, 'this')}) AS INTEGER)",
        }
