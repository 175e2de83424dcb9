"""A product file before its import: unpacked, its format told, and feeds rewritten as rows that a mapping can read."""

import csv
import gzip
import json
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tailorbird.pipeline.check_imports import columns_named
from tailorbird.pipeline.source_file import SourceError
from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.catalog.fold import ATTRIBUTES, fold_line, fold_patterns, folded_attributes
from tailorbird.stages.catalog.formats import FEEDS, detect_format, feed_target, guess_target
from tailorbird.stages.catalog.merchant import read_offers, rows_to_offers
from tailorbird.stages.catalog.merchant_xml import FeedXmlError, read_merchant_xml
from tailorbird.stages.catalog.shopify import read_shopify
from tailorbird.types.feed import FEED_COLUMNS, FeedFault, FeedRow
from tailorbird.types.mapping import ImportMapping, SourceFormat

_CHUNK = 1 << 16
_FIELD_CHARS_MAX = 1 << 20
UNPACKED_TIMES_MAX = 200
_SUFFIXES = {"csv": (".csv",), "jsonl": (".jsonl", ".ndjson"), "parquet": (".parquet",)}


@dataclass(frozen=True)
class ProductFile:
    """What to read: `path` is the file, or a copy of it in `made`. `lines[i]` is the line of row i + 1 of a feed.

    `faults` are products of a feed that are no rows. `why` says what told the format.
    """

    path: Path
    format: SourceFormat
    why: str
    made: tuple[Path, ...] = ()
    lines: tuple[int, ...] = ()
    faults: tuple[FeedFault, ...] = field(default=())


def open_product_file(path: Path, mapping: ImportMapping, scratch: Path, currency: str) -> ProductFile:
    """Unpack a .gz, tell the format, and rewrite a feed as JSON lines in `scratch`. SourceError: it cannot be read.

    A mapping with targets of its own means the file's own columns, unless it names a feed's format.
    """
    made: list[Path] = []
    suffix = path.suffix.lower()
    if suffix == ".gz":
        suffix = Path(path.stem).suffix.lower()
        path = _unpack(path, scratch, suffix)
        made.append(path)
    own = mapping.events or mapping.traits or mapping.catalog
    kind, why = mapping.format, "the mapping says so"
    if kind is None:
        kind, why = _detect(path, suffix)
        if own and kind in FEEDS:
            kind, why = ("csv" if suffix == ".csv" else kind), "the mapping has a catalog section of its own"
    if kind == "jsonl" and mapping.catalog and (folded := fold_patterns(mapping.catalog.attributes)):
        path = _fold(path, folded, columns_named(mapping), scratch)
        made.append(path)
    if kind not in FEEDS:
        if path.suffix.lower() not in _SUFFIXES[kind]:
            path = _named(path, scratch, _SUFFIXES[kind][0])
            made.append(path)
        return ProductFile(path, kind, why, tuple(made))
    return _rewrite(path, kind, why, suffix, mapping, scratch, currency, made)


def _rewrite(
    path: Path,
    kind: SourceFormat,
    why: str,
    suffix: str,
    mapping: ImportMapping,
    scratch: Path,
    currency: str,
    made: list[Path],
) -> ProductFile:
    target = scratch / "feed.jsonl"
    scratch.mkdir(parents=True, exist_ok=True)
    lines: list[int] = []
    faults: list[FeedFault] = []
    try:
        with target.open("w", encoding="utf-8") as file:
            for item in _items(path, kind, suffix, mapping, currency):
                if isinstance(item, FeedFault):
                    faults.append(item)
                    continue
                lines.append(item.line)
                columns = {name: item.columns.get(name, "") for name in FEED_COLUMNS}
                row = {**columns, ATTRIBUTES: dict(item.attributes)}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
    except UnicodeDecodeError as error:
        raise SourceError(f"{path}: not UTF-8 at byte {error.start}; save the file as UTF-8") from None
    except (FeedXmlError, csv.Error) as error:
        raise SourceError(f"{path}: {error}") from None
    if not lines:
        first = f": line {faults[0].line}: {faults[0].field} {faults[0].reason}" if faults else ""
        raise SourceError(f"{path} holds no product that can be imported{first}")
    return ProductFile(target, kind, why, (*made, target), tuple(lines), tuple(faults))


def _items(
    path: Path, kind: SourceFormat, suffix: str, mapping: ImportMapping, currency: str
) -> Iterator[FeedRow | FeedFault]:
    if kind == "shopify":
        return read_shopify(_table(path, mapping.delimiter), currency, mapping.variants == "apart")
    with path.open("rb") as file:
        is_xml = file.read(64).lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")
    if is_xml:
        return read_offers(read_merchant_xml(_chunks(path)))
    return read_offers(rows_to_offers(_table(path, "," if suffix == ".csv" else "\t")))


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _table(path: Path, delimiter: str) -> Iterator[tuple[int, dict[str, str] | str]]:
    csv.field_size_limit(_FIELD_CHARS_MAX)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter)
        header = [name.strip() for name in next(reader, [])]
        yield from _rows(reader, header)


def _rows(reader: "Iterable[list[str]]", header: list[str]) -> Iterator[tuple[int, dict[str, str] | str]]:
    line = 2
    for values in reader:
        begins, line = line, getattr(reader, "line_num", line) + 1
        if not any(values):
            continue
        if len(values) > len(header):
            yield begins, f"has {len(values)} fields, the header has {len(header)}"
        else:
            yield begins, dict(zip(header, values, strict=False))


def _detect(path: Path, suffix: str) -> tuple[SourceFormat, str]:
    with path.open("rb") as file:
        start = file.read(4096)
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as text:
            header = next(csv.reader(text, delimiter="\t" if suffix in (".tsv", ".txt") else ","), [])
    except csv.Error:
        header = []
    return detect_format(suffix, start, header)


def _fold(path: Path, patterns: Sequence[str], named: Collection[str], scratch: Path) -> Path:
    """JSON lines with the keys of `patterns` in one object: thousands of columns would fill the memory.

    Lines that are no objects stay as they are, for the import to tell.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    target = scratch / "folded.jsonl"
    with path.open("rb") as source, target.open("wb") as file:
        for line in source:
            folded = fold_line(line, patterns, named) if line.strip() else None
            file.write(line if folded is None else folded)
    return target


def _named(path: Path, scratch: Path, suffix: str) -> Path:
    """The file under a name whose suffix says its format."""
    scratch.mkdir(parents=True, exist_ok=True)
    link = scratch / f"named{suffix}"
    link.unlink(missing_ok=True)
    link.symlink_to(path.resolve())
    return link


def _unpack(path: Path, scratch: Path, suffix: str) -> Path:
    """The file without its gzip; one that grows out of all proportion is a bomb, and refused."""
    scratch.mkdir(parents=True, exist_ok=True)
    target = scratch / f"unpacked{suffix or '.csv'}"
    allowed = max(path.stat().st_size * UNPACKED_TIMES_MAX, 64 << 20)
    try:
        with gzip.open(path) as packed, target.open("wb") as file:
            while chunk := packed.read(_CHUNK * 16):
                file.write(chunk)
                if file.tell() > allowed:
                    raise SourceError(
                        f"{path} unpacks to more than {UNPACKED_TIMES_MAX} times its size; unpack it yourself"
                    )
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        target.unlink(missing_ok=True)
        raise SourceError(f"{path} is no whole gzip file: {error}") from None
    except SourceError:
        target.unlink(missing_ok=True)
        raise
    return target


def place_feed(product: ProductFile, warehouse: Warehouse) -> None:
    """Tell an import the line of each row of a feed, and its products that are no rows."""
    if product.format not in FEEDS:
        return
    rows = list(range(1, len(product.lines) + 1))
    warehouse.load("import_found", {"_row": rows, "line": list(product.lines)})
    warehouse.run("INSERT INTO import_places SELECT _row, line FROM import_found")
    if product.faults:
        reasons = [f"{fault.field}: {fault.reason}" if fault.field else fault.reason for fault in product.faults]
        texts = [json.dumps(dict(fault.row), ensure_ascii=False) for fault in product.faults]
        lines = [fault.line for fault in product.faults]
        warehouse.load("import_faults", {"line": lines, "reason": reasons, "text": texts})
        warehouse.run("INSERT INTO import_broken SELECT line, reason, left(text, 1000), NULL FROM import_faults")


def complete_target(
    mapping: ImportMapping, product: ProductFile, columns: Sequence[str], currency: str, source: str
) -> ImportMapping:
    """The mapping for the rows as they were rewritten; one without a target gets that of a catalog."""
    if mapping.catalog is None and not mapping.events and mapping.traits is None:
        target = feed_target() if product.format in FEEDS else guess_target(columns, currency, source)
        return replace(mapping, catalog=target)
    if mapping.catalog is None or product.format != "jsonl":
        return mapping
    return replace(mapping, catalog=replace(mapping.catalog, attributes=folded_attributes(mapping.catalog.attributes)))
