"""Rows of a database, copied to a file that the import reads like any other."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from tailorbird.ports.row_source import RowSource
from tailorbird.stages.events.row_lines import RowValueError, higher, moved_back, row_line, watermark_text
from tailorbird.types.mapping import DatabaseSource

_PLACE = re.compile(r"(?<![:\w]):watermark\b")
_STRICT = re.compile(r">\s*:watermark\b")


class Copied(NamedTuple):
    """How many rows there were, and the highest watermark among them; None without a watermark, or without rows."""

    rows: int
    watermark: str | None


def database_problem(database: DatabaseSource, is_catalog: bool = False) -> tuple[str, str] | None:
    """(field, what is wrong and how to mend it) of the first mistake that can be seen without connecting; else None.

    `is_catalog` says that the rows make a catalog, which each import publishes whole.
    """
    if is_catalog and database.watermark:
        return "watermark", "would publish a catalog of the newest rows alone; a catalog is read whole, without one"
    urls = [url for url in (database.postgres, database.clickhouse) if url]
    if len(urls) != 1:
        return "postgres", "give exactly one of postgres and clickhouse"
    if re.search(r"://[^/@$]*:[^/@$]+@", urls[0]):
        field = "postgres" if database.postgres else "clickhouse"
        return field, "a password does not belong into a file: put the URL into the environment and write ${NAME}"
    if not re.match(r"\s*(SELECT|WITH)\b", database.sql, re.I):
        return "sql", "must be one query that begins with SELECT or WITH"
    asked = bool(_PLACE.search(database.sql))
    if database.watermark and not asked:
        return "sql", "does not use :watermark, so it would read everything each time; add a WHERE with >= :watermark"
    if asked and (not database.watermark or database.since is None):
        return "watermark", "a query with :watermark needs `watermark` (the column) and `since` (its first value)"
    if _STRICT.search(database.sql):
        return (
            "sql",
            "compares with > :watermark, so rows that share the last value are lost; write >= (nothing doubles)",
        )
    if database.overlap_minutes < 0:
        return "overlap_minutes", f"must not be negative (found {database.overlap_minutes})"
    return None


def copy_rows(
    source: RowSource,
    database: DatabaseSource,
    watermark: str | None,
    path: Path,
    moment: datetime,
    overlap: bool = False,
) -> Copied:
    """Write the query's rows as JSON lines to `path`, a chunk at a time. `watermark` None begins at `since`.

    A watermark that is a time goes no further than `moment` (aware), which is now: behind one row of the year 2099,
    nothing would ever be read again.
    RowValueError: a column that no event can hold, or no column of the watermark's name.
    """
    start = watermark if watermark is not None else None if database.since is None else str(database.since)
    if overlap and start is not None:
        start = moved_back(start, database.overlap_minutes)
    highest: Any = None
    count = 0
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for names, rows in source.read(database.sql, start):
            place = _place(names, database.watermark)
            for row in rows:
                file.write(row_line(names, row) + b"\n")
                if place is not None:
                    highest = higher(highest, row[place], moment)
            count += len(rows)
    return Copied(count, None if highest is None else watermark_text(highest))


def _place(names: Any, watermark: str | None) -> int | None:
    if watermark is None:
        return None
    if watermark not in names:
        raise RowValueError(f"watermark: the query has no column {watermark!r}; it has {', '.join(names)}")
    return list(names).index(watermark)
