"""Says one statement of DuckDB's dialect in another engine's, so that both answer the same.

sqlglot does the grammar. What it lacks or gets wrong is in `postgres.py`, `clickhouse.py` and `spark.py`, and every one
of those rewrites is tested by its answers. **What is portable**, and so what canonical SQL should keep to:

- Joins (also LEFT JOIN with inequalities beside an equality), CTEs, GROUP BY, CASE, coalesce, nullif, window
  functions, `count`, `min`, `max`, `sum`, `avg`, all with FILTER; `count(DISTINCT one_value)`.
- JSON held as text: `json_extract(text, '$."a"."b"')` with a constant path of quoted names, `->> '$'` for a scalar's
  text, `json_extract(text, '$."a"[*]')` for a list, `CAST(… AS VARCHAR)`, `…::JSON`, and `nullif(…, 'null')`. The
  text of a number is the engine's own (1.0 or 1, 1e2 or 100), and so is that of an object: make a DECIMAL of a number
  before it becomes a text, and compare no objects.
- One `unnest(list)` with `generate_subscripts(list, 1)` of the same list, in a query of its own.
- `arg_max(value, (a, b, c))`, `arg_min`, `max((a, b))`: keys without NULL; rows whose value is NULL do not count.
- `TRY_CAST(text AS DOUBLE)`, `isfinite`, `round(x, n)` (halves away from zero), `floor`, `//` of whole numbers of one
  sign, `epoch_us(timestamp)`, `timestamp - INTERVAL n DAY` or HOUR, hour, isodow.
- A wall clock: `timezone(zone, timezone('UTC', timestamp))`, with names out of `pg_timezone_names()`.

**What is not**: the text of a float, sums of floats whose last bits matter (`fsum` is exact enough to be rounded to
six decimals; sums of `CAST(… AS DECIMAL(38, 0))` are exact), `hash()`, division by zero, lists and structs as answers,
lambdas, QUALIFY, macros.
"""

from typing import Any, Literal, NamedTuple, get_args

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError, UnsupportedError

from tailorbird.stages.sql.clickhouse import PortableClickhouse, unshadow
from tailorbird.stages.sql.postgres import PortablePostgres
from tailorbird.stages.sql.shapes import UnportableSqlError
from tailorbird.stages.sql.spark import PortableSpark, spread_lists

Engine = Literal["postgres", "clickhouse", "spark"]
ENGINES: tuple[Engine, ...] = get_args(Engine)

_DIALECTS = {"postgres": PortablePostgres, "clickhouse": PortableClickhouse, "spark": PortableSpark}


class NewTable(NamedTuple):
    """What CREATE [OR REPLACE] [TEMP] TABLE or VIEW makes of a query: its name, and the query in the engine's words."""

    name: str
    query: str


def transpile(sql: str, engine: Engine) -> str:
    """`sql` for `engine`. UnportableSqlError: it cannot be read, or holds what the engine has no word for."""
    return _written(_parsed(sql), engine)


def new_table(sql: str, engine: Engine) -> NewTable | None:
    """What the statement makes, if it is a CREATE TABLE or VIEW of a query; None if it is another statement."""
    tree = _parsed(sql)
    if not isinstance(tree, exp.Create) or tree.args.get("kind") not in ("TABLE", "VIEW"):
        return None
    query = tree.expression
    return NewTable(tree.this.name, _written(query, engine)) if isinstance(query, exp.Query) else None


def _parsed(sql: str) -> Any:
    try:
        tree = sqlglot.parse_one(sql, read="duckdb")
    except SqlglotError as error:
        raise UnportableSqlError(f"this is not SQL in DuckDB's dialect: {_first_line(error)}") from error
    if isinstance(tree, exp.Command | exp.Pragma):
        raise UnportableSqlError(f"this statement is not portable: {sql.strip().splitlines()[0][:80]}")
    return tree


def _written(tree: Any, engine: Engine) -> str:
    _name_subqueries(tree)
    if engine == "clickhouse":
        unshadow(tree)
    if engine == "spark":
        spread_lists(tree)
    try:
        written: str = tree.sql(dialect=_DIALECTS[engine], identify=True, unsupported_level=sqlglot.ErrorLevel.RAISE)
        return written
    except UnsupportedError as error:
        raise UnportableSqlError(f"{engine} cannot say this SQL: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _name_subqueries(tree: Any) -> None:
    """A subquery in FROM needs a name before PostgreSQL 16, and in ClickHouse beside a join."""
    for i, query in enumerate(list(tree.find_all(exp.Subquery, exp.Table))):
        named = query.alias or (isinstance(query, exp.Table) and isinstance(query.this, exp.Identifier))
        if not named and isinstance(query.parent, exp.From | exp.Join):
            query.set("alias", exp.TableAlias(this=exp.to_identifier(f"tb_q{i}")))
