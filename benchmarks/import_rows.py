"""Import of invoice lines: rows per second and peak memory, beside plain Python that does the same job.

Ours maps the file as examples/online-retail does: orders, refunds, customers and a catalog, with quarantine. The peer
reads the same rows from CSV with `csv`, groups, parses and checks them one by one and writes events and items to
SQLite: how such an import is usually written. Ours reads the Parquet file, and the same CSV as well. Each runs in a
process of its own, so that peak memory (the maximum resident set) is its own.
"""

import argparse
import csv
import json
import os
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import figures

ROOT = Path(__file__).resolve().parent.parent
MAPPING = ROOT / "examples/online-retail/imports/invoices.yaml"
ROUNDS = 3
PEER = "csv + sqlite3, one row at a time"
GOAL_MEMORY = "value <= 2000"
LONDON = ZoneInfo("Europe/London")


def import_ours(data: Path, folder: Path) -> dict[str, int]:
    """Our import, as the pipeline runs it; rows by status, and new events."""
    from pydantic import TypeAdapter
    from ruamel.yaml import YAML

    from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
    from tailorbird.adapters.files.quarantine import FolderQuarantine
    from tailorbird.adapters.segments.log import SegmentLog
    from tailorbird.pipeline.ingest import ingest
    from tailorbird.types.mapping import ImportMapping

    mapping = TypeAdapter(ImportMapping).validate_python(YAML(typ="safe").load(MAPPING))
    log = SegmentLog(folder / "events")
    refused, now = FolderQuarantine(folder / "quarantine"), datetime.now(UTC)
    report = ingest(mapping, data, "imports/invoices.yaml", DuckdbWarehouse(), log, refused, folder, now)
    return {
        "rows": report.rows_in,
        "accepted": report.accepted,
        "duplicate": report.duplicate,
        "quarantined": report.quarantined,
        "events": report.events,
        "items": report.items,
    }


def families() -> list[tuple[str, re.Pattern[str]]]:
    """The mapping's family patterns, for the peer."""
    from ruamel.yaml import YAML

    patterns = YAML(typ="safe").load(MAPPING)["derive"]["family"]["patterns"]
    return [(label, re.compile(rf"\b(?:{'|'.join(each)})\b", re.IGNORECASE)) for label, each in patterns.items()]


def import_peer(data: Path, folder: Path) -> dict[str, int]:
    """The plain-Python import: one row at a time, into SQLite."""
    known, families_by_text = families(), dict[str, str | None]()
    invoices: dict[str, dict[str, Any]] = {}
    traits: dict[str, str] = {}
    items: dict[str, tuple[Any, ...]] = {}
    counts = dict.fromkeys(("rows", "accepted", "duplicate", "quarantined"), 0)
    with data.open(newline="") as source, (folder / "quarantine.jsonl").open("w") as quarantine:
        for line, row in enumerate(csv.DictReader(source), 2):
            counts["rows"] += 1
            fault = check(row)
            if fault:
                counts["quarantined"] += 1
                quarantine.write(json.dumps({"file": str(data), "line": line, **fault, "row": row}) + "\n")
                continue
            counts["accepted"] += 1
            text = row["Description"].strip()
            if text not in families_by_text:
                families_by_text[text] = next((label for label, found in known if found.search(text)), None)
            add_line(row, text, families_by_text[text], invoices, traits, items)
    store = sqlite3.connect(folder / "peer.db")
    store.execute(
        "CREATE TABLE events (message_id TEXT PRIMARY KEY, type TEXT, event TEXT, user_id TEXT, at TEXT, body TEXT)"
    )
    store.execute("CREATE TABLE items (item_id TEXT PRIMARY KEY, name TEXT, family TEXT, price REAL)")
    store.executemany("INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?, ?, ?)", events_of(invoices, traits))
    store.executemany("INSERT INTO items VALUES (?, ?, ?, ?)", items.values())
    store.commit()
    counts["events"] = store.execute("SELECT count(*) FROM events").fetchone()[0]
    return counts | {"items": len(items)}


def check(row: dict[str, str]) -> dict[str, str] | None:
    """What is wrong with a row: field and reason."""
    if not row["Customer ID"]:
        return {"field": "Customer ID", "reason": "is empty"}
    try:
        datetime.fromisoformat(row["InvoiceDate"])
        int(row["Quantity"])
        if float(row["Price"]) < 0:
            return {"field": "Price", "reason": "is below 0"}
    except ValueError as error:
        return {"field": "", "reason": str(error)}
    return None


def add_line(
    row: dict[str, str],
    text: str,
    family: str | None,
    invoices: dict[str, dict[str, Any]],
    traits: dict[str, str],
    items: dict[str, tuple[Any, ...]],
) -> None:
    """Add one good row to its invoice, its customer and its item."""
    refund = row["Invoice"].startswith("C")
    price, quantity = float(row["Price"]), int(row["Quantity"])
    person = str(int(float(row["Customer ID"])))
    at = datetime.fromisoformat(row["InvoiceDate"]).replace(tzinfo=LONDON).astimezone(UTC).isoformat()
    invoice = invoices.setdefault(
        row["Invoice"],
        {"person": person, "at": at, "refund": refund, "total": 0.0, "country": row["Country"], "products": []},
    )
    invoice["total"] += price * quantity * (-1 if refund else 1)
    traits.setdefault(person, json.dumps({"email": f"{person}@customers.example", "country": row["Country"]}))
    if re.match(r"\d{5}", row["StockCode"]):
        name = text.title()
        invoice["products"].append(
            {"product_id": row["StockCode"], "name": name, "price": price, "quantity": quantity, "family": family}
        )
        if not refund and price > 0 and row["InvoiceDate"] < "2010-10-01":
            items[row["StockCode"]] = (row["StockCode"], name, family, price)


def events_of(invoices: dict[str, dict[str, Any]], traits: dict[str, str]) -> Iterator[tuple[Any, ...]]:
    """Rows of the events table."""
    for number, invoice in invoices.items():
        products = sorted(invoice["products"], key=lambda line: line["price"] * line["quantity"])
        body = {"order_id": number, "total": round(invoice["total"], 2), "currency": "GBP", "products": products}
        kind = "Order Refunded" if invoice["refund"] else "Order Completed"
        yield f"{kind}-{number}", "track", kind, invoice["person"], invoice["at"], json.dumps(body)
    for person, told in traits.items():
        yield f"identify-{person}", "identify", None, person, None, told


def prepare(data: Path, folder: Path) -> tuple[Path, Path]:
    """(the rows as Parquet, the same rows as CSV), each made from the other if it is not what was given."""
    import duckdb

    source = data / "online-retail/online_retail.parquet" if data.is_dir() else data
    reader = "read_parquet" if source.suffix == ".parquet" else "read_csv"
    copies = folder / "rows.parquet", folder / "rows.csv"
    for path, options in zip(copies, ("FORMAT parquet", "FORMAT csv, HEADER"), strict=True):
        duckdb.execute(f"COPY (SELECT * FROM {reader}('{source}')) TO '{path}' ({options})")
    return (source if source.suffix == ".parquet" else copies[0]), copies[1]


def work(task: str, data: Path) -> None:
    """Run one task in this process and print what it took."""
    if task == "ours":
        # Imported beforehand: the clock is for rows. The modules' memory is in the peak all the same.
        import tailorbird.adapters.duckdb.warehouse
        import tailorbird.adapters.segments.log
        import tailorbird.pipeline.ingest  # noqa: F401
    with tempfile.TemporaryDirectory() as folder:
        start, cpu = time.perf_counter(), time.process_time()
        counts = (import_ours if task == "ours" else import_peer)(data, Path(folder))
        seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    print(json.dumps({"seconds": seconds, "cpu_seconds": cpu_seconds, "peak_mb": peak, "counts": counts}))


def measure(task: str, data: Path) -> dict[str, Any]:
    """Run one task in a process of its own."""
    command = [sys.executable, __file__, "--work", task, "--data", str(data)]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def rounds(source: Path) -> dict[str, list[dict[str, Any]]]:
    """Interleave the tasks, so that other load hits all of them."""
    folder = Path(tempfile.mkdtemp(prefix="tailorbird-import-"))
    runs: dict[str, list[dict[str, Any]]] = {"parquet": [], "csv": [], "peer": []}
    try:
        parquet, text = prepare(source, folder)
        for _ in range(ROUNDS):
            runs["parquet"].append(measure("ours", parquet))
            runs["csv"].append(measure("ours", text))
            runs["peer"].append(measure("peer", text))
    finally:
        shutil.rmtree(folder)
    return runs


def metrics_of(runs: dict[str, list[dict[str, Any]]], rows: int) -> list[dict[str, Any]]:
    """Speed by the clock and by CPU time, and memory, for each way to read."""
    table = {
        key: {k: [run[k] for run in many] for k in ("seconds", "cpu_seconds", "peak_mb")} for key, many in runs.items()
    }
    speed = {key: [rows / s for s in values["seconds"]] for key, values in table.items()}
    per_cpu = {key: [rows / s for s in values["cpu_seconds"]] for key, values in table.items()}
    memory = {key: values["peak_mb"] for key, values in table.items()}
    metrics = []
    for key in ("parquet", "csv"):
        metrics += [
            figures.median_metric(f"rows_per_second_{key}", "rows/s", speed[key], None, PEER, speed["peer"]),
            figures.median_metric(
                f"rows_per_cpu_second_{key}", "rows/CPU-s", per_cpu[key], None, PEER, per_cpu["peer"]
            ),
            figures.median_metric(f"peak_memory_{key}", "MB", memory[key], GOAL_MEMORY, PEER, memory["peer"]),
        ]
    return metrics


def main() -> None:
    """Measure and print, or, in a process of its own, run one task."""
    default = Path(os.environ.get("TAILORBIRD_DATA", "data"))
    parser = figures.options(__doc__, "the file, or the folder of online-retail/", seed=1, data=default)
    parser.add_argument("--work", choices=("ours", "peer"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.work:
        work(arguments.work, arguments.data)
        return
    runs = rounds(arguments.data)
    rows = runs["peer"][0]["counts"]["rows"]
    notes = [
        f"median and range of {ROUNDS} interleaved rounds; the peer reads CSV; nothing is random: the seed is not used"
    ]
    notes += [
        f"{key}: " + ", ".join(f"{number:,} {name}" for name, number in many[0]["counts"].items())
        for key, many in runs.items()
    ]
    packages = ("tailorbird", "duckdb", "numpy")
    found = figures.report(
        "import_rows", arguments.data.name, rows, arguments.seed, packages, metrics_of(runs, rows), notes
    )
    figures.show(found, arguments.json)


if __name__ == "__main__":
    main()
