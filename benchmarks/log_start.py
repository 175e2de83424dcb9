"""The first append of a server after a start, over a log of two million events: CPU time of a fresh process.

    python benchmarks/log_start.py [--data SEGMENT] [--seed N] [--json]

The log is made of sealed segments of 100,000 events each. The peer is ours without the sidecars that hold the ids of
sealed segments: every id is read from its segment, and the sidecars are written. SEGMENT is a Parquet file of events to
copy into the log under new message ids; without it they are made from the seed.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import figures

from tailorbird.types.event import EVENT_COLUMNS

ROUNDS, SEGMENTS, ROWS = 5, 20, 100_000
START = """
import sys, time
from pathlib import Path
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.testing.event_log_conformance import sample_event
log = SegmentLog(Path(sys.argv[1]))
before = time.process_time()
assert log.append([sample_event(int(sys.argv[2]))]) == 1
print(time.process_time() - before)
log.close()
"""
MADE = {
    "message_id": "'{segment}-' || i || '-' || hash(i + {seed})", "type": "'track'",
    "timestamp": "TIMESTAMP '2026-01-01' + to_seconds(i)", "received_at": "TIMESTAMP '2026-01-01' + to_seconds(i)",
    "user_id": "'u-' || hash(i + {seed}) % 100000", "anonymous_id": "'a-' || hash(i + {seed})",
    "event": "'Product Viewed'", "properties": "'{{\"product_id\":\"SKU-' || i % 1000 || '\",\"price\":12.5}}'",
    "traits": "'{{}}'", "context": "'{{\"locale\":\"en-GB\"}}'",
}  # fmt: skip


def make_log(root: Path, data: Path | None, seed: int) -> int:
    """Write the segments; how many events they hold."""
    import duckdb

    rows = 0
    with duckdb.connect() as connection:
        for segment in range(SEGMENTS):
            target = root / f"{segment:018d}-1-0.parquet"
            made = {name: MADE[name].format(segment=segment, seed=seed) for name, _ in EVENT_COLUMNS}
            columns = [f"({made[name]})::{kind} AS {name}" for name, kind in EVENT_COLUMNS]
            query = f"SELECT {', '.join(columns)} FROM range({ROWS}) r(i)"
            if data is not None:
                other = f"'{segment}-' || message_id AS message_id"
                query = f"SELECT * REPLACE ({other}) FROM read_parquet('{data}') LIMIT {ROWS}"
            connection.execute(f"COPY ({query}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
            counted = connection.execute(f"SELECT count(*) FROM read_parquet('{target}')").fetchone()
            rows += counted[0] if counted else 0
    return rows


def start_s(root: Path, number: int) -> float:
    """CPU-seconds of a first append in a process of its own, imports left out."""
    done = subprocess.run(
        [sys.executable, "-c", START, str(root), str(number)], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def main() -> None:
    """The command line."""
    options = figures.options(__doc__, "a Parquet segment of events").parse_args()
    ours, peer = [], []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        rows = make_log(root, options.data, options.seed)
        for turn in range(ROUNDS):
            for sidecar in root.glob("*.ids"):
                sidecar.unlink()
            peer.append(start_s(root, 2 * turn))
            ours.append(start_s(root, 2 * turn + 1))
    found = [figures.metric("first_append", "CPU-seconds", ours, None, "without sidecars", peer, digits=3)]
    source = options.data.name if options.data else "made from the seed"
    figures.show(figures.report("log_start", source, rows, options.seed, ("tailorbird", "duckdb"), found), options.json)


if __name__ == "__main__":
    main()
