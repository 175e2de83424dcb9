"""A full build of features over the event log, against the SQL that somebody would write by hand, and a refresh.

    python benchmarks/features.py [--data EVENTS] [--seed N] [--events N] [--json]

EVENTS is a Parquet file with the columns of a segment of the log (message_id, type, event, user_id, anonymous_id,
timestamp, received_at, properties, traits, context); without it, events are made from the seed: people whose activity
is lognormal (one for 50 events), products by Zipf's law, 90 days. Each side runs in a process of its own, by turns,
and is charged that process's CPU time and peak memory:

- ours: the views over the log, who is whom, every event once, and eight features as of one moment;
- by hand: one GROUP BY over the same segment, with the same properties in JSON; no event is checked for repetition and
  nobody's ids are joined;
- by hand, typed: the same GROUP BY over a copy whose properties are columns of their own, which a log of events in
  any shape cannot have.

All three must give the same sums. The refresh is what a live server does when one event in a hundred is new: it takes
those in and folds the people they move; it is held against our own full build.
"""

import json
import subprocess
import sys
import tempfile
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


def make_events(path: Path, seed: int, count: int) -> None:
    """Write the segment; `path` is its file."""
    import duckdb
    import numpy as np

    draw = np.random.default_rng(seed)
    activity = draw.lognormal(0, 1.2, max(1, count // 50))
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


def ours(root: Path) -> list[float]:
    """Build by the pipeline; the sums."""
    from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
    from tailorbird.adapters.segments.log import SegmentLog
    from tailorbird.pipeline.people import open_views
    from tailorbird.stages.features.compile import compile_features

    warehouse = DuckdbWarehouse(spill=root / "spill")
    open_views(warehouse, SegmentLog(root / "events"))
    spine = f"SELECT DISTINCT person_id, TIMESTAMP '{AS_OF}' AS as_of FROM events"
    warehouse.run(f"CREATE OR REPLACE TEMP TABLE spine AS {spine}")
    warehouse.run(f"CREATE OR REPLACE TEMP TABLE built AS {compile_features(definitions())}")
    return list(map(float, warehouse.rows(f"SELECT {SUMS} FROM built")[0]))


def definitions() -> list[Any]:
    """The features, as a project would define them."""
    from tailorbird.types.feature import FeatureDefinition

    return [FeatureDefinition(purpose="measured", **each) for each in FEATURES]


def refresh(root: Path) -> dict[str, float]:
    """CPU seconds of a snapshot, and of taking in one event in a hundred after it."""
    import time
    from datetime import UTC, datetime, timedelta

    import duckdb

    from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
    from tailorbird.adapters.segments.follower import SegmentFollower
    from tailorbird.adapters.segments.log import SegmentLog
    from tailorbird.pipeline.live_people import LivePeople, LiveReader
    from tailorbird.pipeline.people import compute_features, open_views

    now, (segment,) = datetime.fromisoformat(AS_OF).replace(tzinfo=UTC), (root / "events").glob("*.parquet")

    def snapshot(moment: datetime) -> Any:
        warehouse = DuckdbWarehouse(spill=root / "spill")
        open_views(warehouse, SegmentLog(root / "events"))
        return compute_features(warehouse, definitions(), moment)[0]

    reader = LiveReader(snapshot, lambda events, now: ({}, {event.message_id for event in events}), lambda now: {})
    people = LivePeople(definitions(), SegmentFollower(root / "events"), reader)
    people.begin(now)
    before = time.process_time()
    people.take_snapshot(now)
    built = time.process_time() - before
    with duckdb.connect() as connection:
        new = segment.with_name("999999999999999999-1-1.parquet")
        columns = "'n' || message_id AS message_id, * EXCLUDE (message_id)"
        query = f"SELECT {columns} FROM read_parquet('{segment}') USING SAMPLE 1 PERCENT (bernoulli, 7)"
        connection.execute(f"COPY ({query}) TO '{new}' (FORMAT parquet, COMPRESSION zstd)")
    before = time.process_time()
    moved = people.refresh(now)
    taken = time.process_time() - before
    assert all(people.features(person, now + timedelta(1)) for person in list(moved)[:100])
    return {"build": built, "refresh": taken, "moved": len(moved)}


def measured(side: str, root: Path) -> dict[str, Any]:
    """One side in a process of its own: {"sums" or figures, "cpu": seconds, "peak_mb"}."""
    words = [sys.executable, __file__, "--side", side, "--root", str(root)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def run_side(side: str, root: Path) -> None:
    """What the process of one side does: print its result and what it cost."""
    import resource

    (segment,) = (root / "events").glob("*.parquet")
    result: Any
    if side == "ours":
        result = ours(root)
    elif side == "refresh":
        result = refresh(root)
    elif side == "json":
        result = by_hand(str(segment), JSON_COLUMNS)
    else:
        result = by_hand(str(root / "typed.parquet"), {name: name for name in JSON_COLUMNS})
    used = resource.getrusage(resource.RUSAGE_SELF)
    # The system's own peak of this program: the one in `used` may be the parent's.
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    print(json.dumps({"result": result, "cpu": used.ru_utime + used.ru_stime, "peak_mb": int(peak.split()[1]) / 1024}))


def measure(root: Path, events: int) -> list[dict[str, Any]]:
    """The metrics."""
    sides: dict[str, list[dict[str, Any]]] = {side: [] for side in ("ours", "json", "typed")}
    for _ in range(ROUNDS):
        for side, found in sides.items():
            found.append(measured(side, root))
    sums = {side: found[0]["result"] for side, found in sides.items()}
    assert sums["ours"] == sums["json"] == sums["typed"], sums
    rates = {side: [events / each["cpu"] for each in found] for side, found in sides.items()}
    peaks = {side: [each["peak_mb"] for each in found] for side, found in sides.items()}
    taken = measured("refresh", root)["result"]
    unit = "events per CPU-second"
    return [
        figures.median_metric("full_build", unit, rates["ours"], "ratio >= 2", "SQL by hand, typed", rates["typed"]),
        figures.median_metric("full_build_from_json", unit, rates["ours"], None, "SQL by hand, JSON", rates["json"]),
        figures.median_metric("peak_memory", "MB", peaks["ours"], "ratio <= 2", "SQL by hand, typed", peaks["typed"]),
        figures.median_metric("refresh_of_one_percent", "per CPU-second", [1 / taken["refresh"]], "ratio >= 30",
                              "our full build", [1 / taken["build"]], digits=2),
        figures.metric("people_moved_by_one_percent", "people", [taken["moved"]]),
        figures.metric("people_built", "people", [sums["ours"][0]]),
    ]  # fmt: skip


def main() -> None:
    """The command line."""
    parser = figures.options(__doc__, "a Parquet segment of events")
    parser.add_argument("--events", type=int, default=EVENTS)
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
            make_events(segment, options.seed, options.events)
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
