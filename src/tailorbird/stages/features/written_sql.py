"""Features that a person wrote in SQL: checked, and shown only the events that each row of the spine may see."""

from collections.abc import Iterator, Sequence
from typing import Any

from tailorbird.stages.features.definitions import FeatureError
from tailorbird.stages.features.json_sql import quoted
from tailorbird.types.feature import FeatureDefinition

_TYPES = {"text": "VARCHAR", "number": "DOUBLE", "boolean": "BOOLEAN"}
_UNSTEADY = ("now", "today", "random", "rand", "uuid", "gen_random_uuid", "get_current_timestamp", "current_localtime",
             "current_localtimestamp", "setseed", "transaction_timestamp", "hash", "nextval", "getenv")  # fmt: skip


def seen_events_sql() -> str:
    """What a written query sees as `events`: each event once per spine row that may know of it, with that as_of."""
    # Of two columns called person_id behind a star, ClickHouse cannot tell which is meant.
    return (
        "SELECT e.*, s.as_of FROM (SELECT DISTINCT person_id AS asked, as_of FROM spine) s "
        "JOIN events e ON e.person_id = s.asked AND e.timestamp < s.as_of"
    )


def read_written(definitions: Sequence[FeatureDefinition]) -> str:
    """The query of definitions that share one, over `seen_events`, with the features' columns cast to their types.

    FeatureError: no single SELECT, another table than events and spine, a function whose answer changes by itself, a
    part that reads events and does not keep the rows of one as_of together, a missing column, parentheses by the
    thousand.
    """
    try:
        return _read(definitions)
    except RecursionError:
        name = definitions[0].name
        raise FeatureError(f"feature {name!r}: query: is nested too deeply; write it flatter", name, "query") from None


def _read(definitions: Sequence[FeatureDefinition]) -> str:
    import sqlglot
    from sqlglot import exp

    name, text = definitions[0].name, str(definitions[0].query)
    try:
        statements = sqlglot.parse(text, read="duckdb")
    except sqlglot.errors.SqlglotError as error:
        # The parser underlines with terminal codes.
        said = str(error).splitlines()[0].replace("\x1b[4m", "").replace("\x1b[0m", "")
        raise FeatureError(f"feature {name!r}: query: not SQL: {said}", name, "query") from None
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise FeatureError(f"feature {name!r}: query: write one SELECT", name, "query")
    tree = statements[0]
    for problem in _problems(tree, [definition.name for definition in definitions]):
        raise FeatureError(f"feature {name!r}: query: {problem}", name, "query")
    inner = {cte.alias_or_name.casefold() for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        if table.name.casefold() == "events" and "events" not in inner:
            table.set("alias", table.args.get("alias") or exp.TableAlias(this=exp.to_identifier("events")))
            table.set("this", exp.to_identifier("seen_events"))
    typed = ", ".join(
        f"CAST({quoted(definition.name)} AS {_TYPES[definition.type]}) AS {quoted(definition.name)}"
        for definition in definitions
    )
    return f"SELECT person_id, as_of, {typed} FROM ({tree.sql(dialect='duckdb')})"


def _problems(tree: Any, features: Sequence[str]) -> Iterator[str]:
    from sqlglot import exp

    inner = {cte.alias_or_name.casefold() for cte in tree.find_all(exp.CTE)}
    if inner & {"events", "spine"}:
        yield "give your own WITH parts other names than events and spine"
    for table in tree.find_all(exp.Table):
        if not isinstance(table.this, exp.Identifier) or table.args.get("db"):
            yield f"reads {table.sql()!r}; a feature reads only events and spine"
        elif table.name.casefold() not in {"events", "spine", *inner}:
            yield f"reads {table.name!r}; a feature reads only events and spine"
    for function in tree.find_all(exp.Func):
        called = (function.name if isinstance(function, exp.Anonymous) else function.sql_name()).casefold()
        if called in _UNSTEADY or called.startswith(("read_", "current_", "pg_", "duckdb_")):
            yield f"calls {called}(), whose answer is not in the events; use as_of for the moment"
    named = [column.casefold() for column in tree.named_selects]
    for column in ("person_id", "as_of", *features):
        if "*" not in named and column.casefold() not in named:
            yield f"the SELECT has no column {column!r}; add it"
    if any(tree.find_all(exp.Limit, exp.Offset, exp.Fetch, exp.TableSample)):
        yield "LIMIT and SAMPLE pick among rows of different moments; use row_number() per person_id and as_of"
    for select in tree.find_all(exp.Select):
        yield from _leaks(select)


def _leaks(select: Any) -> Iterator[str]:
    """A SELECT that mixes rows of different moments: what it makes of one as_of could then know of a later one."""
    from sqlglot import exp

    if select.args.get("from_") or select.args.get("from"):
        own = [column for column in select.find_all(exp.Column) if column.find_ancestor(exp.Select) is select]
        if "as_of" not in {column.name.casefold() for column in own} and not select.is_star:
            yield "a SELECT that does not say which moment it is about; give it as_of, as a column or in its conditions"
    distinct = select.args.get("distinct")
    on = distinct.args.get("on") if distinct else None
    if on and "as_of" not in {column.name.casefold() for column in on.find_all(exp.Column)}:
        yield "DISTINCT ON over rows of different moments; add as_of"
    group = select.args.get("group")
    columns = {column.name.casefold() for column in group.find_all(exp.Column)} if group else set()
    for key in group.expressions if group else ():
        # GROUP BY 2 is by the second column of the SELECT.
        if isinstance(key, exp.Literal) and key.is_int and 0 < int(key.name) <= len(select.expressions):
            columns |= {column.name.casefold() for column in select.expressions[int(key.name) - 1].find_all(exp.Column)}
    if group and not group.args.get("all") and "as_of" not in columns and not select.is_star:
        yield "groups rows of different moments together; add as_of to GROUP BY"
    aggregates = [node for node in select.find_all(exp.AggFunc) if node.find_ancestor(exp.Select) is select]
    if not group and any(not node.find_ancestor(exp.Window) for node in aggregates):
        yield "an aggregate over rows of different moments; add GROUP BY person_id, as_of"
    for window in select.find_all(exp.Window):
        parts = {column.name.casefold() for part in window.args.get("partition_by") or () for column in
                 part.find_all(exp.Column)}  # fmt: skip
        if "as_of" not in parts and not window.args.get("alias"):
            yield "a window over rows of different moments; add as_of to PARTITION BY"
    for join in select.args.get("joins") or ():
        condition = join.args.get("on")
        using = {identifier.name.casefold() for identifier in join.args.get("using") or ()}
        equal = condition.find_all(exp.EQ, exp.NullSafeEQ) if condition else ()
        same_moment = "as_of" in using or any(all(map(_names_moment, (one.left, one.right))) for one in equal)
        if not same_moment and isinstance(join.this, exp.Table | exp.Subquery):
            yield "a join of rows of different moments; join by person_id and as_of"


def _names_moment(side: Any) -> bool:
    from sqlglot import exp

    return any(column.name.casefold() == "as_of" for column in side.find_all(exp.Column))
