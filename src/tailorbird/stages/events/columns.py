"""SQL for one source column as text, number, boolean, time or JSON, whatever type the file gave it."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tailorbird.stages.events.conversions import convert, local_to_utc, stamp, to_number, to_utc, within
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.mapping import RowTest

_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
_HUGE = ("HUGEINT", "UHUGEINT")


class MappingError(TailorbirdError):
    """A mapping does not fit its file. One sentence: which file, which field, what is wrong, how to mend it."""


def name(identifier: str) -> str:
    """A quoted SQL identifier."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(value: str | int | float | bool | None) -> str:
    """A SQL literal."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return repr(value)
    return "'" + value.replace("'", "''") + "'"


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one source: `types` maps a column to its SQL type. `source` and `mapping` name the two files."""

    types: Mapping[str, str]
    source: str
    mapping: str
    timezone: str = "UTC"

    def find(self, column: str, field: str) -> tuple[str, str]:
        """(SQL of the raw value, its SQL type). `a.b` reaches into a JSON column `a`. MappingError: no such column."""
        if column in self.types:
            return name(column), self.types[column]
        root, _, path = column.partition(".")
        if path and self.types.get(root) == "JSON" and '"' not in path:
            steps = "".join(f'."{step}"' for step in path.split("."))
            return f"json_extract({name(root)}, {literal('$' + steps)})", "JSON"
        raise MappingError(self._missing(column, field))

    def _missing(self, column: str, field: str) -> str:
        lower = {known.lower(): known for known in self.types}
        near = difflib.get_close_matches(column.lower(), lower, n=1, cutoff=0.5)
        mend = f"did you mean {lower[near[0]]!r}?" if near else f"the file has {_some(list(self.types))}"
        return f"{self.mapping}: {field}: {self.source} has no column {column!r}; {mend}"

    def text(self, column: str, field: str) -> str:
        """The trimmed text of a column; NULL where it is empty. Whole floats lose their '.0'."""
        raw, kind = self.find(column, field)
        if kind == "VARCHAR":
            return f"nullif(trim({raw}), '')"
        if kind == "JSON":
            # An id that another program wrote as 7.0 is the id 7.
            return (
                rf"nullif(trim(CASE WHEN json_type({raw}) = 'DOUBLE' THEN regexp_replace({raw} ->> '$', '\.0+$', '') "
                rf"ELSE {raw} ->> '$' END), '')"
            )
        if kind in ("DOUBLE", "FLOAT"):
            whole = f"CAST(CAST({raw} AS BIGINT) AS VARCHAR)"
            kept = f"{raw} = floor({raw}) AND abs({raw}) < 1e15"
            return f"CASE WHEN isnan({raw}) THEN NULL WHEN {kept} THEN {whole} ELSE CAST({raw} AS VARCHAR) END"
        return f"CAST({raw} AS VARCHAR)"

    def empty(self, column: str, field: str) -> str:
        """A boolean SQL condition, never NULL: the column's `text` is missing. Cheaper than making the text."""
        raw, kind = self.find(column, field)
        if kind in ("DOUBLE", "FLOAT"):
            return f"({raw} IS NULL OR isnan({raw}))"
        return f"({self.text(column, field)}) IS NULL" if kind in ("VARCHAR", "JSON") else f"({raw}) IS NULL"

    def number(self, column: str, field: str) -> str:
        """The column as DOUBLE; NULL where it is no finite number."""
        raw, kind = self.find(column, field)
        if kind in (*_WHOLE, *_HUGE):
            return f"CAST({raw} AS DOUBLE)"
        if kind == "DOUBLE":
            return f"CASE WHEN isfinite({raw}) THEN {raw} END"
        return to_number(self.text(column, field))

    def typed(self, column: str, kind: str | None, field: str) -> str:
        """The column as a declared type; NULL where it does not convert. None keeps the file's own type."""
        raw, own = self.find(column, field)
        if kind is None:
            return self._own(column, field)
        if kind == "number":
            return self.number(column, field)
        if kind == "integer" and own in (*_WHOLE, *_HUGE):
            return f"TRY_CAST({raw} AS BIGINT)"
        if kind == "json" and own == "JSON":
            return raw
        if kind == "datetime":
            return self.moment(column, field)
        return convert(self.text(column, field), kind)

    def _own(self, column: str, field: str) -> str:
        raw, own = self.find(column, field)
        if own in ("VARCHAR", "DOUBLE", "FLOAT"):
            return self.text(column, field) if own == "VARCHAR" else self.number(column, field)
        if own in ("JSON", "BOOLEAN", *_WHOLE):
            return raw
        if own.startswith(("STRUCT", "MAP", "LIST")) or own.endswith("]"):
            return f"to_json({raw})"
        if own.startswith("DECIMAL") or own in _HUGE:
            return f"CAST({raw} AS DOUBLE)"
        return f"CAST({raw} AS VARCHAR)"

    def moment(self, column: str, field: str) -> str:
        """The column as TIMESTAMP in UTC. Times with an offset keep their moment; others are in `timezone`."""
        raw, own = self.find(column, field)
        if own == "TIMESTAMP WITH TIME ZONE":
            return within(f"timezone('UTC', {raw})")
        if own.startswith("TIMESTAMP") or own == "DATE":
            return local_to_utc(within(f"TRY_CAST({raw} AS TIMESTAMP)"), self.timezone)
        return to_utc(self.text(column, field), self.timezone)

    def stamp(self, column: str, field: str) -> str:
        """NULL exactly where `moment` is NULL, and cheaper: whether a text is a time does not depend on the zone."""
        raw, own = self.find(column, field)
        if own == "TIMESTAMP WITH TIME ZONE":
            return within(f"timezone('UTC', {raw})")
        if own.startswith("TIMESTAMP") or own == "DATE":
            return within(f"TRY_CAST({raw} AS TIMESTAMP)")
        return stamp(self.text(column, field))

    def test(self, test: RowTest, field: str) -> str:
        """A boolean SQL condition, never NULL. MappingError: not exactly one comparison."""
        text = self.text(test.column, field)
        options = {
            "equals": lambda v: f"{text} = {literal(v)}",
            "not_equals": lambda v: f"{text} IS DISTINCT FROM {literal(v)}",
            "one_of": lambda v: f"{text} IN ({', '.join(map(literal, v))})" if v else "FALSE",
            "starts_with": lambda v: f"starts_with({text}, {literal(v)})",
            "not_starts_with": lambda v: f"NOT coalesce(starts_with({text}, {literal(v)}), FALSE)",
            "matches": lambda v: f"regexp_matches({text}, {literal(v)})",
            "before": lambda v: f"{text} < {literal(v)}",
            "since": lambda v: f"{text} >= {literal(v)}",
        }
        given = [(key, getattr(test, key)) for key in options if getattr(test, key) is not None]
        if len(given) != 1:
            known = ", ".join(options)
            raise MappingError(f"{self.mapping}: {field}: a test needs exactly one comparison, one of {known}")
        return f"coalesce({options[given[0][0]](given[0][1])}, FALSE)"

    def tests(self, tests: Sequence[RowTest], field: str) -> str:
        """All of several tests; TRUE for none."""
        return " AND ".join(self.test(test, f"{field}[{i}]") for i, test in enumerate(tests)) or "TRUE"


def _some(names: list[str]) -> str:
    shown = ", ".join(repr(n) for n in names[:12])
    return shown + (f" and {len(names) - 12} more" if len(names) > 12 else "")
