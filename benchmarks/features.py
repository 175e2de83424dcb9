"""A full build of features over the event log, against the SQL that somebody would write by hand, and a refresh.

    python benchmarks/features.py [--data EVENTS] [--seed N] [--events N] [--people N] [--json]

EVENTS is a Parquet file with the columns of a segment of the log (message_id, type, event, user_id, anonymous_id,
timestamp, received_at, properties, traits, context); without it, events are made from the seed: people whose activity
is lognormal (one for 50 events, or --people), products by Zipf's law, 90 days. Each side runs in a process of its own,
by turns, and is charged the CPU time of its work, without the start and the imports of the process, and the process's
peak memory, which counts the pages of mapped files:

- ours: the views over the log, who is whom, every event once, and eight features of everybody as of one moment, from
  the facts and columns that are kept of the log since an earlier build;
- by hand: one GROUP BY over the same segment, with the same properties in JSON; no event is checked for repetition and
  nobody's ids are joined;
- by hand, typed: the same GROUP BY over a copy whose properties are columns of their own. The copy is made before, as
  our columns are: what these cost is the line `keeping`, and `from_nothing` is a build that makes them.

All must give the same sums. A refresh comes after one event in a hundred is new: the same build, which first takes the
new segment in, beside a build from nothing of all events. `selection` is the peak of a campaign's step: profiles,
consents and features of everybody.
"""

import importlib
import json
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import figures

EVENTS, ROUNDS = 1_000_000, 3
AS_OF = "2026-04-01"
NAMES = (
    "Product Viewed",
    "Product List Viewed",
    "Product Added",
    "Checkout Started",
    "Order Completed",
    "Email Opened",
)
FEATURES: tuple[dict[str, Any], ...] = (
    {"name": "days_since_order", "kind": "days_since", "event": "Order Completed"},
    {"name": "orders", "kind": "count", "event": "Order Completed"},
    {"name": "revenue", "kind": "sum", "event": "Order Completed", "field": "properties.total"},
    {"name": "last_viewed", "kind": "last", "event": "Product Viewed", "field": "properties.product_id"},
    {"name": "events_7d", "kind": "count", "window_days": 7},
    {"name": "events_30d", "kind": "count", "window_days": 30},
    {"name": "last_seen", "kind": "recency"},
    {"name": "categories", "kind": "distinct", "field": "properties.category"},
)
SUMS = "count(*), sum(orders), round(sum(revenue), 2), sum(events_7d), sum(events_30d), sum(categories)"
BY_HAND = """SELECT user_id, max(timestamp) FILTER (event = 'Order Completed') AS last_order,
  count(*) FILTER (event = 'Order Completed') AS orders,
  sum({total}) FILTER (event = 'Order Completed') AS revenue,
  max_by({product}, timestamp) FILTER (event = 'Product Viewed') AS last_viewed,
  count(*) FILTER (timestamp >= TIMESTAMP '2026-03-25') AS events_7d,
  count(*) FILTER (timestamp >= TIMESTAMP '2026-03-02') AS events_30d,
  max(timestamp) AS last_seen, count(DISTINCT {category}) AS categories
FROM read_parquet('{file}') GROUP BY user_id"""
JSON_COLUMNS = {
    "total": "CAST(properties ->> '$.total' AS DOUBLE)",
    "product": "properties ->> '$.product_id'",
    "category": "properties ->> '$.category'",
}


def make_events(path: Path, seed: int, count: int, people: int | None = None) -> None:
    """Write the segment; `path` is its file."""
    import duckdb
    import numpy as np

    draw = np.random.default_rng(seed)
    activity = draw.lognormal(0, 1.2, people or max(1, count // 50))
    columns = {
        "who": draw.choice(len(activity), count, p=activity / activity.sum()),
        "moment": 1_767_225_600_000_000 + np.sort(draw.integers(0, 90 * 86_400_000_000, count)),
        "what": draw.choice(6, count, p=[0.62, 0.15, 0.1, 0.05, 0.05, 0.03]).astype("i1"),
        "product": np.minimum(draw.zipf(1.3, count), 2000).astype("i4"),
        "total": np.round(draw.gamma(2, 30, count), 2),
    }
    with duckdb.connect() as connection:
        connection.register("drawn", columns)
        names = ", ".join(f"'{name}'" for name in NAMES)
        connection.execute(f"""COPY (
          SELECT 'm' || row_number() OVER () AS message_id, 'track' AS type, [{names}][what + 1] AS event,
            'u' || who AS user_id, CAST(NULL AS VARCHAR) AS anonymous_id, make_timestamp(moment) AS timestamp,
            make_timestamp(moment) AS received_at,
            '{{"product_id":"p' || product || '","category":"c' || product % 40 || '"' ||
            CASE WHEN what = 4 THEN ',"total":' || total ELSE '' END || '}}' AS properties,
            '{{}}' AS traits, '{{}}' AS context
          FROM drawn ORDER BY moment) TO '{path}' (FORMAT parquet, COMPRESSION zstd)""")


def typed_copy(source: Path, target: Path) -> None:
    """The same events with their properties as columns."""
    import duckdb

    with duckdb.connect() as connection:
        columns = ", ".join(f"{said} AS {name}" for name, said in JSON_COLUMNS.items())
        query = f"SELECT user_id, event, timestamp, {columns} FROM read_parquet('{source}')"
        connection.execute(f"COPY ({query}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")


def by_hand(file: str, columns: dict[str, str]) -> list[float]:
    """Build by the one query; the sums."""
    import duckdb

    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute(f"CREATE TABLE built AS {BY_HAND.format(file=file, **columns)}")
        return list(map(float, connection.execute(f"SELECT {SUMS} FROM built").fetchall()[0]))


def opened(root: Path) -> Any:
    """The warehouse with the views, as a campaign's step opens it."""
    from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
    from tailorbird.adapters.segments.columns import SegmentColumns
    from tailorbird.adapters.segments.log import SegmentLog
    from tailorbird.pipeline.people import open_views

    warehouse = DuckdbWarehouse(spill=root / "spill", columns=SegmentColumns(root / "events"))
    open_views(warehouse, SegmentLog(root / "events"), often=False)
    return warehouse


def ours(root: Path) -> list[float]:
    """Build by the pipeline; the sums."""
    from tailorbird.pipeline.feature_values import features_by_lanes

    warehouse = opened(root)
    people = [person for (person,) in warehouse.rows("SELECT person_id FROM people ORDER BY person_id")]
    moment = datetime.fromisoformat(AS_OF)
    built = features_by_lanes(warehouse, warehouse.columns, definitions(), moment, "UTC", people)
    sums = [sum(built[name]) for name in ("orders", "revenue", "events_7d", "events_30d", "categories")]
    return [float(len(people)), float(sums[0]), round(sums[1], 2), *map(float, sums[2:])]


def selection(root: Path) -> int:
    """Profiles, consents and features of everybody, as a campaign's step reads them; how many people."""
    from tailorbird.pipeline.people import compute_features

    table, _ = compute_features(opened(root), definitions(), datetime.fromisoformat(AS_OF).replace(tzinfo=UTC))
    return len(table.person_ids)


def definitions() -> list[Any]:
    """The features, as a project would define them."""
    from tailorbird.types.feature import FeatureDefinition

    return [FeatureDefinition(purpose="measured", **each) for each in FEATURES]


def refresh(root: Path) -> dict[str, float]:
    """CPU seconds of a build after one new event in a hundred, and of one from nothing of all that there is then."""
    import shutil
    import time

    import duckdb

    (segment,) = (root / "events").glob("*.parquet")
    ours(root)
    new = segment.with_name("999999999999999999-1-1.parquet")
    with duckdb.connect() as connection:
        columns = "'n' || message_id AS message_id, * EXCLUDE (message_id)"
        query = f"SELECT {columns} FROM read_parquet('{segment}') USING SAMPLE 1 PERCENT (bernoulli, 7)"
        connection.execute(f"COPY ({query}) TO '{new}' (FORMAT parquet, COMPRESSION zstd)")
    before = time.process_time()
    refreshed = ours(root)
    taken = time.process_time() - before
    shutil.rmtree(root / "events" / "columns")
    before = time.process_time()
    anew = ours(root)
    built = time.process_time() - before
    new.unlink()
    shutil.rmtree(root / "events" / "columns")
    assert refreshed == anew, (refreshed, anew)
    return {"build": built, "refresh": taken}


def measured(side: str, root: Path) -> dict[str, Any]:
    """One side in a process of its own: {"sums" or figures, "cpu": seconds, "peak_mb"}."""
    words = [sys.executable, __file__, "--side", side, "--root", str(root)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def run_side(side: str, root: Path) -> None:
    """What the process of one side does: print its result and what it cost."""
    import time

    import duckdb

    (segment,) = (root / "events").glob("*.parquet")
    if side not in ("json", "typed"):
        for name in (
            "adapters.duckdb.warehouse",
            "adapters.segments.columns",
            "adapters.segments.log",
            "pipeline.people",
        ):
            importlib.import_module(f"tailorbird.{name}")
    duckdb.connect().close()
    before = time.process_time()
    result: Any
    if side in ("ours", "make"):
        result = ours(root)
    elif side == "selection":
        result = selection(root)
    elif side == "refresh":
        result = refresh(root)
    elif side == "json":
        result = by_hand(str(segment), JSON_COLUMNS)
    else:
        result = by_hand(str(root / "typed.parquet"), {name: name for name in JSON_COLUMNS})
    used = time.process_time() - before
    # The system's own peak of this program; the one of getrusage may be the parent's.
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    print(json.dumps({"result": result, "cpu": used, "peak_mb": int(peak.split()[1]) / 1024}))


def measure(root: Path, events: int) -> list[dict[str, Any]]:
    """The metrics."""
    made = measured("make", root)
    sides: dict[str, list[dict[str, Any]]] = {side: [] for side in ("ours", "json", "typed")}
    for _ in range(ROUNDS):
        for side, found in sides.items():
            found.append(measured(side, root))
    sums = {side: found[0]["result"] for side, found in sides.items()}
    assert made["result"] == sums["ours"] == sums["json"] == sums["typed"], sums
    rates = {side: [events / each["cpu"] for each in found] for side, found in sides.items()}
    peaks = {side: [each["peak_mb"] for each in found] for side, found in sides.items()}
    chosen, taken = measured("selection", root), measured("refresh", root)["result"]
    keeping = made["cpu"] - sorted(each["cpu"] for each in sides["ours"])[ROUNDS // 2]
    unit = "events per CPU-second"
    return [
        figures.median_metric("full_build", unit, rates["ours"], "ratio >= 2", "SQL by hand, typed", rates["typed"]),
        figures.median_metric("full_build_beside_json", unit, rates["ours"], None, "SQL by hand, JSON", rates["json"]),
        figures.median_metric("from_nothing", unit, [events / made["cpu"]], None, "SQL by hand, JSON", rates["json"]),
        figures.metric("keeping", "CPU-seconds", [keeping]),
        figures.median_metric("peak_memory", "MB", peaks["ours"], "ratio <= 2", "SQL by hand, typed", peaks["typed"]),
        figures.metric("peak_memory_of_keeping", "MB", [made["peak_mb"]]),
        figures.metric("peak_memory_of_selection", "MB", [chosen["peak_mb"]]),
        figures.median_metric("refresh_of_one_percent", "per CPU-second", [1 / taken["refresh"]], "ratio >= 30",
                              "our build from nothing", [1 / taken["build"]], digits=2),
        figures.metric("people_built", "people", [sums["ours"][0]]),
    ]  # fmt: skip


def main() -> None:
    """The command line."""
    parser = figures.options(__doc__, "a Parquet segment of events")
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--people", type=int, help="how many people there may be (default: one for 50 events)")
    parser.add_argument("--side", help="used by the benchmark itself")
    parser.add_argument("--root", type=Path, help="used by the benchmark itself")
    options = parser.parse_args()
    if options.side:
        run_side(options.side, options.root)
        return
    import duckdb

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "events").mkdir()
        segment = root / "events" / "000000000000000001-1-1.parquet"
        if options.data is None:
            make_events(segment, options.seed, options.events, options.people)
        else:
            segment.write_bytes(options.data.read_bytes())
        typed_copy(segment, root / "typed.parquet")
        (rows,) = duckdb.execute(f"SELECT count(*) FROM read_parquet('{segment}')").fetchall()[0]
        metrics = measure(root, rows)
    source = options.data.name if options.data else "made from the seed"
    packages = ("tailorbird", "duckdb")
    figures.show(figures.report("features", source, rows, options.seed, packages, metrics), options.json)


if __name__ == "__main__":
    main()
