"""The suite that every Warehouse passes: call each function in CHECKS with a way to make an empty warehouse."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from pathlib import Path

from tailorbird.ports.warehouse import Warehouse, WarehouseError

MakeWarehouse = Callable[[], Warehouse]


def _refusal(attempt: Callable[[], object]) -> str | None:
    """The message of the WarehouseError that an attempt raises; None if it raises none."""
    try:
        attempt()
    except WarehouseError as error:
        return str(error)
    return None


def check_values_survive_loading(make: MakeWarehouse, folder: Path) -> None:
    """Numbers, texts, booleans, times and gaps come back as they went in; times come back in UTC without zone."""
    warehouse = make()
    moment = datetime(2026, 3, 1, 12, 30, 15, 250_000, tzinfo=timezone(timedelta(hours=2)))
    warehouse.load(
        "things",
        {
            "place": [1, 2, 3],
            "count": [7, None, -9_007_199_254_740_993],
            "share": [0.5, 1, None],
            "text": ["a'b", None, 'ünïcode\n"x"'],
            "flag": [True, None, False],
            "moment": [moment, None, datetime(1969, 12, 31, 23, 59, 59, 1, tzinfo=UTC)],
            "nothing": [None, None, None],
        },
    )
    rows = warehouse.rows("SELECT * FROM things ORDER BY place")
    assert rows == [
        (1, 7, 0.5, "a'b", True, datetime(2026, 3, 1, 10, 30, 15, 250_000), None),  # noqa: DTZ001
        (2, None, 1.0, None, None, None, None),
        (3, -9_007_199_254_740_993, None, 'ünïcode\n"x"', False, datetime(1969, 12, 31, 23, 59, 59, 1), None),  # noqa: DTZ001
    ]
    assert isinstance(rows[0][4], bool)


def check_loading_again_replaces(make: MakeWarehouse, folder: Path) -> None:
    """A second load of a name replaces the first, also with no rows and with other columns."""
    warehouse = make()
    warehouse.load("things", {"a": [1, 2]})
    warehouse.load("things", {"b": []})
    assert warehouse.rows("SELECT b FROM things") == []


def check_uneven_columns_are_refused(make: MakeWarehouse, folder: Path) -> None:
    """Columns of unequal length, and no columns at all, raise WarehouseError."""
    tables: tuple[dict[str, list[int]], ...] = ({"a": [1], "b": [1, 2]}, {})
    for columns in tables:
        refusal = _refusal(partial(make().load, "things", columns))
        assert refusal is not None, f"loading {columns} should fail"


def check_files_round_trip(make: MakeWarehouse, folder: Path) -> None:
    """What is written as Parquet or JSON lines can be attached again, by several files, and is counted."""
    warehouse = make()
    for suffix in ("parquet", "jsonl"):
        files = [folder / f"part{i}.{suffix}" for i in range(2)]
        for i, file in enumerate(files):
            assert warehouse.write(f"SELECT {i} AS part, 'x' AS text UNION ALL SELECT {i}, 'y'", file) == 2
        warehouse.attach("parts", files)
        rows = warehouse.rows("SELECT part, text FROM parts ORDER BY part, text")
        assert rows == [(0, "x"), (0, "y"), (1, "x"), (1, "y")]
    assert json.loads((folder / "part0.jsonl").read_text().splitlines()[0]) == {"part": 0, "text": "x"}


def check_a_failed_write_leaves_nothing(make: MakeWarehouse, folder: Path) -> None:
    """A query that fails while writing leaves the old file as it was, and no temporary file."""
    warehouse = make()
    file = folder / "kept.jsonl"
    warehouse.write("SELECT 1 AS a", file)
    before = file.read_bytes()
    query = "SELECT CAST(text AS INTEGER) AS a FROM (SELECT 'no number' AS text)"
    assert _refusal(lambda: warehouse.write(query, file)) is not None
    assert file.read_bytes() == before
    assert [path.name for path in folder.iterdir()] == ["kept.jsonl"]


def check_errors_are_one_line(make: MakeWarehouse, folder: Path) -> None:
    """Wrong SQL and a view over no files raise WarehouseError with one line."""
    warehouse = make()
    attempts: tuple[Callable[[], object], ...] = (
        lambda: warehouse.rows("SELECT missing FROM nowhere"),
        lambda: warehouse.run("CREATE GARDEN roses"),
        lambda: warehouse.attach("events", []),
    )
    for attempt in attempts:
        refusal = _refusal(attempt)
        assert refusal
        assert "\n" not in refusal


def check_names_with_quotes_are_names(make: MakeWarehouse, folder: Path) -> None:
    """A file whose name holds a quote is a file like any other."""
    warehouse = make()
    file = folder / "o'clock.parquet"
    warehouse.write("SELECT 1 AS a", file)
    warehouse.attach("clock", [file])
    assert warehouse.rows("SELECT a FROM clock") == [(1,)]


CHECKS = (
    check_values_survive_loading,
    check_loading_again_replaces,
    check_uneven_columns_are_refused,
    check_files_round_trip,
    check_a_failed_write_leaves_nothing,
    check_errors_are_one_line,
    check_names_with_quotes_are_names,
)
