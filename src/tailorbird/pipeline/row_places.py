"""Where the rows of an import stand in their file: the lines of a CSV, and a quote that nobody closes."""

from pathlib import Path

from tailorbird.pipeline.source_file import SourceError, SourceFile, count_lines, row_lines
from tailorbird.ports.warehouse import Warehouse


def refuse_open_quote(source: SourceFile, source_path: Path, warehouse: Warehouse) -> None:
    """A quote that nobody closes makes one field of the rest of the file: that is no matter of a single row."""
    size = source.path.stat().st_size
    quotes = "length(csv_line) - length(replace(csv_line, '\"', ''))"
    opened = f"line_byte_position + octet_length(encode(csv_line)) >= {size - 2} AND ({quotes}) % 2 = 1"
    found = f"SELECT line, line_byte_position - 1 FROM reject_errors WHERE error_type = 'UNQUOTED VALUE' AND {opened}"
    for number, at in warehouse.rows(found) if source.header else ():
        line = row_lines(source.path, ",", [(number, at)])[1][number]
        raise SourceError(
            f"{source_path}: line {line} opens a quote that is never closed; close it, or double a quote that "
            "belongs to the text"
        )


def place_lines(source: SourceFile, delimiter: str, records: int, warehouse: Warehouse) -> None:
    """Tell `line_of` the lines of a CSV, where counting rows does not give them: line ends in quotes, blank lines."""
    broken = warehouse.rows("SELECT line, byte FROM import_broken WHERE byte IS NOT NULL")
    wrong = broken or warehouse.rows("SELECT 1 FROM import_status WHERE status = 'quarantined' LIMIT 1")
    if not source.header or not wrong:
        return
    lines, blank = count_lines(source.path)
    if lines == 1 + records + len(broken) and not blank:
        return
    rows, places = row_lines(source.path, delimiter, broken)
    if len(rows) == records:
        warehouse.load("import_found", {"_row": list(range(1, records + 1)), "line": rows})
        warehouse.run("INSERT INTO import_places SELECT _row, line FROM import_found")
    if places:
        warehouse.load("import_moved", {"line": list(places), "place": list(places.values())})
        warehouse.run("UPDATE import_broken SET line = m.place FROM import_moved m WHERE m.line = import_broken.line")
