"""Small tables as rows: CSV, TSV, JSON lines (each also gzipped) and Parquet, one dict each."""

import csv
import gzip
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from tailorbird.pipeline.source_file import SourceError
from tailorbird.ports.warehouse import Warehouse

_LINE_CHARS_MAX = 1 << 20


def read_rows(path: Path, warehouse: Warehouse) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    """(line, the row, or why it is none) of each row. SourceError: the file as a whole cannot be read."""
    if not path.is_file():
        raise SourceError(f"there is no file {path}; check the path, or put it there")
    suffixes = [suffix.lower() for suffix in path.suffixes]
    kind = next((suffix for suffix in reversed(suffixes) if suffix != ".gz"), "")
    if kind == ".parquet":
        yield from _parquet(path, warehouse)
        return
    if kind not in (".csv", ".tsv", ".txt", ".jsonl", ".ndjson"):
        raise SourceError(f"{path}: cannot read {kind or 'a file without a suffix'}; use CSV, TSV, JSONL or Parquet")
    try:
        with _open(path, ".gz" in suffixes[-1:]) as file:
            yield from _json_lines(file) if kind in (".jsonl", ".ndjson") else _table(file, kind)
    except UnicodeDecodeError as error:
        raise SourceError(f"{path}: not UTF-8 at byte {error.start}; save the file as UTF-8") from None
    except (EOFError, gzip.BadGzipFile, OSError, csv.Error) as error:
        raise SourceError(f"{path} cannot be read: {error}") from None


def _open(path: Path, packed: bool) -> IO[str]:
    if packed:
        return io.TextIOWrapper(gzip.open(path), encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _table(file: IO[str], kind: str) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    reader = csv.reader(file, delimiter="," if kind == ".csv" else "\t")
    header = [name.strip() for name in next(reader, [])]
    while True:
        line = reader.line_num + 1
        values = next(reader, None)
        if values is None:
            return
        if not values:
            continue
        if len(values) != len(header):
            yield line, f"has {len(values)} fields, the header has {len(header)}"
        else:
            yield line, {name: value.strip() for name, value in zip(header, values, strict=True)}


def _json_lines(file: IO[str]) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    for number, line in enumerate(iter(lambda: file.readline(_LINE_CHARS_MAX), ""), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line, parse_float=str, parse_constant=_refuse)
        except (ValueError, RecursionError):
            yield number, "is not a JSON object"
            continue
        yield number, row if isinstance(row, dict) else "is not a JSON object"


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _parquet(path: Path, warehouse: Warehouse) -> Iterator[tuple[int, Mapping[str, Any]]]:
    warehouse.attach("rows_of_file", [path])
    names = [name for name, *_ in warehouse.rows("DESCRIBE rows_of_file")]
    for number, row in enumerate(warehouse.rows("SELECT * FROM rows_of_file"), 1):
        yield number, dict(zip(names, row, strict=True))
