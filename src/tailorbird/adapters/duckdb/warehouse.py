"""The warehouse in DuckDB, in memory: nothing is kept in it, so that any number of processes can have their own."""

import glob
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from tailorbird.ports.event_columns import EventColumns
from tailorbird.ports.warehouse import WarehouseError

_READERS = {
    ".parquet": "read_parquet([{files}], union_by_name = true)",
    ".csv": "read_csv([{files}], header = true, union_by_name = true)",
    ".jsonl": "read_json([{files}], format = 'newline_delimited', union_by_name = true)",
    ".ndjson": "read_json([{files}], format = 'newline_delimited', union_by_name = true)",
}
_WRITERS = {
    ".parquet": "FORMAT parquet, COMPRESSION zstd",
    ".csv": "FORMAT csv, HEADER true",
    ".jsonl": "FORMAT json",
    ".ndjson": "FORMAT json",
}


class DuckdbWarehouse:
    """Implements ports/warehouse.py. `memory_limit` as DuckDB writes it ('2GB'); `threads` 0 means all cores.

    `spill` is a folder for what does not fit into the memory limit; without one such a query fails.
    """

    def __init__(
        self,
        memory_limit: str = "2GB",
        threads: int = 0,
        spill: Path | None = None,
        columns: EventColumns | None = None,
    ) -> None:
        self.columns = columns
        config: dict[str, Any] = {
            "memory_limit": memory_limit,
            "temp_directory": str(spill) if spill else "",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        if threads:
            config["threads"] = threads
        self._connection = duckdb.connect(":memory:", config=config)
        self._connection.execute("SET TimeZone = 'UTC'")
        # DuckDB draws a bar on standard output during long queries, into the middle of a command's JSON.
        self._connection.execute("SET enable_progress_bar = false")

    def attach(self, name: str, files: Sequence[Path]) -> None:
        """Make view `name` over files of one format. WarehouseError: no files, or a suffix that cannot be read."""
        if not files:
            raise WarehouseError(f"no files for {name!r}; import something first")
        suffixes = {file.suffix.lower() for file in files}
        reader = _READERS.get(suffixes.pop()) if len(suffixes) == 1 else None
        if reader is None:
            raise WarehouseError(
                f"cannot attach {name!r}: its files need one common suffix, one of {', '.join(_READERS)}"
            )
        listed = ", ".join(_quoted(glob.escape(str(file))) for file in files)
        self.run(f'CREATE OR REPLACE VIEW "{name}" AS SELECT * FROM {reader.format(files=listed)}')

    def load(self, name: str, columns: Mapping[str, Sequence[Any]]) -> None:
        """Make table `name`; a column's type follows its values: bool, int, float, datetime (UTC), else text."""
        lengths = {len(values) for values in columns.values()}
        if len(lengths) != 1:
            raise WarehouseError(f"table {name!r} needs at least one column, and columns of equal length")
        arrays: dict[str, Any] = {}
        selected = []
        for i, (column, values) in enumerate(columns.items()):
            array, missing, kind = _array(values)
            arrays[f"v{i}"] = array
            value = f"CAST(v{i} AS {kind})"
            if missing is not None:
                arrays[f"m{i}"] = missing
                value = f"CASE WHEN m{i} THEN NULL ELSE {value} END"
            selected.append(f'{value} AS "{column}"')
        self._connection.register("tailorbird_loading", arrays)
        try:
            self.run(f'CREATE OR REPLACE TABLE "{name}" AS SELECT {", ".join(selected)} FROM tailorbird_loading')
        finally:
            self._connection.unregister("tailorbird_loading")

    def run(self, sql: str) -> None:
        """Run statements. WarehouseError with the engine's own first line."""
        with _errors_told():
            self._connection.execute(sql)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Run a query and fetch all its rows. WarehouseError with the engine's own first line."""
        with _errors_told():
            return self._connection.execute(sql).fetchall()

    def write(self, sql: str, path: Path) -> int:
        """Write a query's rows to a temporary file, sync it, and rename it into place; how many rows.

        WarehouseError: the suffix is none of .parquet, .csv and .jsonl, or the disk is full; `path` is then untouched.
        """
        options = _WRITERS.get(path.suffix.lower())
        if options is None:
            raise WarehouseError(f"cannot write {path.name}: use one of {', '.join(_WRITERS)}")
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            (count,) = self.rows(f"COPY ({sql}) TO {_quoted(temporary)} ({options})")[0]
            _sync(temporary)
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
        _sync(path.parent)
        return int(count)

    def close(self) -> None:
        """Release the memory."""
        self._connection.close()


_OF_THE_DISK = re.compile(r'"exception_message":"((?:[^"\\]|\\.)*)"')


def _quoted(path: Path | str) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _told(error: str) -> str:
    """The engine's first line; of an error of the disk, which it wraps in JSON, what the system said, and the mend."""
    first = (error.strip().splitlines() or [""])[0]
    if found := _OF_THE_DISK.search(first):
        first = found[1].replace('\\"', '"')
    return f"{first}; free some space, then do it again" if "No space left on device" in first else first


@contextmanager
def _errors_told() -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise WarehouseError(_told(str(error)) or type(error).__name__) from error
    except RuntimeError as error:
        # What DuckDB makes of Ctrl-C during a query.
        if "interrupted" in str(error).lower():
            raise KeyboardInterrupt from error
        raise


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _array(values: Sequence[Any]) -> tuple[Any, Any, str]:
    """(values without None, mask of None or None, SQL type)."""
    kinds = {type(value) for value in values}
    missing = np.fromiter((value is None for value in values), bool, len(values)) if type(None) in kinds else None
    kinds.discard(type(None))
    if kinds and kinds <= {bool, np.bool_}:
        return np.fromiter((bool(value) for value in values), bool, len(values)), missing, "BOOLEAN"
    if kinds and kinds <= {int, np.int64}:
        return (
            np.fromiter((0 if value is None else value for value in values), np.int64, len(values)),
            missing,
            "BIGINT",
        )
    if kinds and kinds <= {int, float, np.int64, np.float64}:
        return np.fromiter((0.0 if value is None else value for value in values), float, len(values)), missing, "DOUBLE"
    if kinds == {datetime}:
        moments = [0 if value is None else _micros(value) for value in values]
        return np.array(moments, dtype="datetime64[us]"), missing, "TIMESTAMP"
    texts = np.empty(len(values), dtype=object)
    texts[:] = ["" if value is None else str(value) for value in values]
    return texts, missing, "VARCHAR"


def _micros(moment: datetime) -> int:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    whole = aware.astimezone(UTC).replace(tzinfo=None) - datetime(1970, 1, 1)  # noqa: DTZ001
    return (whole.days * 86_400 + whole.seconds) * 1_000_000 + whole.microseconds
