"""Where the rows of an import stand in their file."""

from pathlib import Path

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.pipeline.row_places import place_lines, refuse_open_quote
from tailorbird.pipeline.source_file import SourceError, open_source
from tailorbird.stages.events.source_sql import read_source


def read(path: Path, text: str) -> tuple[DuckdbWarehouse, int]:
    path.write_text(text)
    warehouse = DuckdbWarehouse(threads=1)
    source = open_source(path, ",", path.parent)
    for statement in read_source(str(path), ",", source.header):
        warehouse.run(statement)
    refuse_open_quote(source, path, warehouse)
    (records,) = warehouse.rows("SELECT count(*) FROM import_source")[0]
    warehouse.run("CREATE TEMP TABLE import_status AS SELECT 'quarantined' AS status")
    place_lines(source, ",", records, warehouse)
    return warehouse, records


def test_rows_after_a_field_of_several_lines_stand_where_they_stand(tmp_path: Path) -> None:
    warehouse, records = read(tmp_path / "a.csv", 'id,note\n1,"two\nlines"\n\n2,x\n')
    assert records == 2
    assert warehouse.rows("SELECT _row, line FROM import_places ORDER BY _row") == [(1, 2), (2, 5)]


def test_where_counting_rows_gives_the_line_nothing_is_written_down(tmp_path: Path) -> None:
    warehouse, _ = read(tmp_path / "a.csv", "id,note\n1,x\n2,y\n")
    assert warehouse.rows("SELECT * FROM import_places") == []


def test_a_quote_without_end_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="line 3 opens a quote that is never closed"):
        read(tmp_path / "a.csv", 'id,note\n1,x\n2,"y\n3,z\n')
