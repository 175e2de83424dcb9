"""SQL that reads a CSV, JSONL or Parquet file row by row, with the number of each row, and keeps broken lines apart."""

import glob
from collections.abc import Sequence
from pathlib import PurePath

from tailorbird.stages.events.columns import MappingError, literal, name
from tailorbird.stages.events.conversions import is_loose_json

_LOOSE = "is not JSON: it holds NaN, Infinity, a comma too many or a number out of range"
_COLUMNS = "COLUMNS(lambda c: lower(c) <> '_row')"
FORMATS = (".csv", ".jsonl", ".ndjson", ".parquet")


def read_source(path: str, delimiter: str = ",", header: Sequence[str] = ()) -> tuple[str, ...]:
    """Statements that make temp tables from a file; `header` is a CSV's columns, without which the engine guesses.

    `import_source`: every column but one named `_row`, and our own `_row` (1-based row of data).
    `import_broken(line, reason, text, byte)`: lines that are not a row at all, and their first byte from 0, where it is
    known. `import_places(_row, line)`: empty, for whoever knows better than `line_of`. MappingError: a suffix that
    cannot be read.
    """
    return (
        "CREATE OR REPLACE TEMP TABLE import_places (_row BIGINT, line BIGINT)",
        "DROP TABLE IF EXISTS reject_errors",
        "DROP TABLE IF EXISTS reject_scans",
        *_read(path, delimiter, header),
    )


def _read(path: str, delimiter: str, header: Sequence[str]) -> tuple[str, ...]:
    suffix = PurePath(path).suffix.lower()
    if suffix == ".parquet":
        return (
            f"CREATE OR REPLACE TEMP TABLE import_source AS SELECT {_COLUMNS}, row_number() OVER () AS _row "
            f"FROM read_parquet({_file(path)})",
            _broken("SELECT NULL AS line, NULL AS reason, NULL AS text, NULL AS byte WHERE FALSE"),
        )
    if suffix == ".csv":
        return _read_csv(path, delimiter, header)
    if suffix in (".jsonl", ".ndjson"):
        return _read_jsonl(path)
    raise MappingError(f"{path}: cannot read {suffix or 'a file without a suffix'}; use one of {', '.join(FORMATS)}")


def keys_query(path: str) -> str | None:
    """For JSON lines: a query for the keys of all objects, one a row, in name order; None for other formats.

    It runs after `read_source`; its answer is what `spread_keys` needs.
    """
    if PurePath(path).suffix.lower() not in (".jsonl", ".ndjson"):
        return None
    return "SELECT DISTINCT unnest(json_keys(object)) AS key FROM import_objects ORDER BY key"


def spread_keys(keys: list[str]) -> str:
    """The statement that makes `import_source` from JSON-lines objects: one JSON column per key."""
    usable = [key for key in keys if key and '"' not in key]
    # Names of columns know no case: of keys that differ in nothing else, the later ones get a number, as in CSV.
    taken: dict[str, int] = {}
    labels = []
    for key in usable:
        again = taken.get(key.casefold(), 0)
        taken[key.casefold()] = again + 1
        labels.append(f"{key}_{again}" if again else key)
    columns = "".join(
        f", json_extract(object, {literal(f'$.{name(key)}')}) AS {name(label)}"
        for key, label in zip(usable, labels, strict=True)
        if label.lower() != "_row"
    )
    return f"CREATE OR REPLACE TEMP TABLE import_source AS SELECT _row{columns} FROM import_objects"


def line_of(path: str) -> str:
    """SQL for the line in the file of a row `r`: as `import_places` says, else counted: CSV has a header line, and
    broken lines are no rows."""
    suffix = PurePath(path.lower().removesuffix(".gz")).suffix
    if suffix == ".parquet":
        return "r._row"
    header = 1 if suffix == ".csv" else 0
    before = f"SELECT line - row_number() OVER (ORDER BY line) - {header} AS rows_before FROM import_broken"
    if header == 0:
        before += " WHERE byte IS NOT NULL"  # The others have a row's number.
    counted = f"r._row + {header} + (SELECT count(*) FROM ({before}) WHERE rows_before < r._row)"
    return f"coalesce((SELECT p.line FROM import_places p WHERE p._row = r._row), {counted})"


def _file(path: str) -> str:
    """SQL of a file's name for a reader, which would expand `orders [1].csv` as a pattern."""
    return literal(glob.escape(path))


def _broken(query: str, before: str = "") -> str:
    columns = (
        "CAST(line AS BIGINT) AS line, CAST(reason AS VARCHAR) AS reason, left(CAST(text AS VARCHAR), 1000) AS text, "
    )
    columns += "CAST(byte AS BIGINT) AS byte"
    return f"CREATE OR REPLACE TEMP TABLE import_broken AS {before}SELECT {columns} FROM ({query})"


_REJECTS = (
    "SELECT line, 'is not a row of the table: ' || lower(replace(first(error_type ORDER BY column_idx), '_', ' ')) "
    "AS reason, first(csv_line) AS text, min(line_byte_position) - 1 AS byte FROM reject_errors GROUP BY line"
)
_STORE = "store_rejects = true, rejects_limit = 0"


def _read_csv(path: str, delimiter: str, header: Sequence[str]) -> tuple[str, ...]:
    options = f"header = true, {_STORE}, delim = {literal(delimiter)}, quote = '\"', escape = '\"'"
    if header:
        # Nothing is left to guess: one odd quote in a small file would make the engine refuse the whole of it.
        kinds = ", ".join(f"{literal(column)}: 'VARCHAR'" for column in header)
        options += f", auto_detect = false, columns = {{{kinds}}}"
    else:
        options += ", all_varchar = true"
    return (
        f"CREATE OR REPLACE TEMP TABLE import_source AS SELECT {_COLUMNS}, row_number() OVER () AS _row "
        f"FROM read_csv({_file(path)}, {options})",
        _broken(_REJECTS),
    )


def _read_jsonl(path: str) -> tuple[str, ...]:
    lines = (
        f"SELECT row_number() OVER () AS _row, line FROM read_csv({_file(path)}, header = false, {_STORE}, "
        "auto_detect = false, columns = {'line': 'VARCHAR'}, delim = '\x1f', quote = '', escape = '', "
        "max_line_size = 16777216)"
    )
    ok = "CASE WHEN json_valid(line) THEN json_type(line) = 'OBJECT' ELSE FALSE END"
    strict = f"{ok} AND NOT {is_loose_json('line')}"
    reason = f"CASE WHEN {ok} THEN {literal(_LOOSE)} ELSE 'is not a JSON object' END"
    return (
        f"CREATE OR REPLACE TEMP TABLE import_lines AS {lines}",
        f"CREATE OR REPLACE TEMP TABLE import_objects AS SELECT _row, CAST(line AS JSON) AS object "
        f"FROM import_lines WHERE {strict}",
        _broken(
            f"SELECT _row + (SELECT count(*) FROM (SELECT line - row_number() OVER (ORDER BY line) AS rows_before FROM "
            f"rejects) WHERE rows_before < _row) AS line, {reason} AS reason, line AS text, NULL AS byte "
            f"FROM import_lines WHERE trim(coalesce(line, '')) <> '' AND NOT ({strict}) "
            "UNION ALL SELECT * FROM rejects",
            f"WITH rejects AS ({_REJECTS}) ",
        ),
    )
