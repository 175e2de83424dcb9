"""TranslatedWarehouse: what is the same for every engine, over an engine that writes down what it is asked."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.engines.translated import Fetched, TranslatedWarehouse
from tailorbird.ports.warehouse import WarehouseError


class Scribe(TranslatedWarehouse):
    """Notes statements and tables, and answers every query with two rows."""

    _engine = "postgres"
    _error = LookupError

    def __init__(self) -> None:
        self._files = DuckdbWarehouse(threads=1)
        self.loaded: dict[str, Mapping[str, Sequence[Any]]] = {}
        self.asked: list[str] = []

    def load(self, name: str, columns: Mapping[str, Sequence[Any]]) -> None:
        self.loaded[name] = columns

    def _execute(self, statement: str) -> None:
        self.asked.append(statement)

    def _make(self, name: str, query: str) -> None:
        self.asked.append(f"{name}: {query}")

    def _fetched(self, query: str) -> Fetched:
        if "nowhere" in query:
            raise LookupError("there is no table nowhere\nat line 1\nwith a trace")
        return ["id", "name"], [(1, "a"), (2, None)]


def test_files_are_read_into_a_table_with_their_columns(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("id,name\n1,ana\n2,bo\n")
    warehouse = Scribe()
    warehouse.attach("people", [path])
    assert warehouse.loaded == {"people": {"id": (1, 2), "name": ("ana", "bo")}}


def test_a_file_without_rows_keeps_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("id,name\n")
    warehouse = Scribe()
    warehouse.attach("people", [path])
    assert {name: list(values) for name, values in warehouse.loaded["people"].items()} == {"id": [], "name": []}


def test_a_table_is_made_of_a_translated_query_and_other_statements_are_run() -> None:
    warehouse = Scribe()
    warehouse.run("CREATE OR REPLACE TEMP TABLE made AS SELECT 1 AS a")
    warehouse.run("DROP TABLE made")
    assert warehouse.asked == ['made: SELECT 1 AS "a"', 'DROP TABLE "made"']


def test_what_is_written_has_the_names_and_rows_of_the_query(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    assert Scribe().write("SELECT id, name FROM people", path) == 2
    assert path.read_text().split() == ["id,name", "1,a", "2,"]


def test_an_engine_s_error_is_told_in_one_line() -> None:
    with pytest.raises(WarehouseError) as raised:
        Scribe().rows("SELECT * FROM nowhere")
    assert str(raised.value) == "there is no table nowhere"


def test_what_is_no_sql_is_refused_before_the_engine_is_asked() -> None:
    warehouse = Scribe()
    with pytest.raises(WarehouseError, match="not SQL"):
        warehouse.run("SELEC 1 FROM FROM")
    assert warehouse.asked == []
