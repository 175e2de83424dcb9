"""Memory of a profile of twenty attributes, and the time to read one: a packed table against Redis hashes.

    python benchmarks/profiles.py [--data PROFILES] [--seed N] [--people N] [--json]

PROFILES is a Parquet or CSV file with a column person_id and any others; without it, people are made from the seed: an
address, a name, a country, counts, sums, times, consents. Ours is measured by tracemalloc after everything that only
building needed is gone, so it holds what Python keeps around the arrays too. The peer is a Redis server of its own,
started here on a free port of the loopback address and stopped afterwards: one hash per person, values as text, and
what `INFO memory` says it uses beyond an empty server. Every row of ours is compared with what went in.
"""

import contextlib
import gc
import shutil
import socket
import subprocess
import tempfile
import time
import tracemalloc
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import figures
import numpy as np

from tailorbird.stages.features.packing import PackedTable

PEOPLE, READS, ROUNDS, BATCH = 200_000, 5_000, 5, 1_000
COUNTRIES, PLANS = ("DE", "FR", "GB", "US"), ("free", "pro")
Columns = dict[str, Sequence[Any]]


def people_from(path: Path | None, seed: int, count: int) -> tuple[list[str], Columns]:
    """(person ids, columns): the file's, or made up."""
    if path is not None:
        import duckdb

        with duckdb.connect() as connection:
            read = connection.from_parquet if path.suffix == ".parquet" else connection.from_csv_auto
            found = read(str(path))
            columns = dict(zip(found.columns, zip(*found.fetchall(), strict=True), strict=True))
        ids = list(map(str, columns.pop("person_id")))
        return ids, {name: [_plain(value) for value in values] for name, values in columns.items()}
    draw = np.random.default_rng(seed)
    n = np.arange(count)
    return [f"u-{i:08d}" for i in n], {
        "email": [f"u{i}@example.org" for i in n],
        "first_name": [f"Ana{i % 5000}" for i in n],
        "country": [COUNTRIES[i % 4] for i in n],
        "plan": [PLANS[i % 2] for i in n],
        "language": ["de"] * count,
        "timezone": ["Europe/Berlin"] * count,
        "orders": (n % 9).tolist(),
        "revenue": (draw.random(count) * 500).tolist(),
        "lifetime_value": (draw.random(count) * 900).tolist(),
        "churn": draw.random(count).tolist(),
        "last_order": (1_767_225_600 + n).tolist(),
        "last_seen": (1_767_225_600 + 2 * n).tolist(),
        "events_7d": (n % 20).tolist(),
        "events_30d": (n % 90).tolist(),
        "last_viewed": draw.integers(0, 20_000, count).tolist(),
        "top_category": (n % 40).tolist(),
        "segment": (n % 24).tolist(),
        "consent_email": [bool(i % 7) for i in n],
        "consent_push": [i % 3 > 0 for i in n],
    }


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def packed(path: Path | None, seed: int, count: int) -> tuple[PackedTable, float]:
    """The table of all people, and the bytes that it keeps per person."""
    tracemalloc.start()
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    ids, columns = people_from(path, seed, count)
    people = len(ids)
    table = PackedTable(ids, columns)
    del ids, columns
    gc.collect()
    kept = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return table, kept / people


@contextlib.contextmanager
def redis_server() -> Iterator[Any]:
    """A client of a Redis server that nobody else uses."""
    import redis

    program = shutil.which("redis-server")
    if program is None:
        raise SystemExit(
            "redis-server is not installed: the peer cannot be measured (on Debian: apt-get install redis)"
        )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        words = [
            program,
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            folder,
        ]
        server = subprocess.Popen(words, stdout=subprocess.DEVNULL)
        try:
            client = redis.Redis(port=port, decode_responses=True)
            for _ in range(100):
                with contextlib.suppress(redis.ConnectionError):
                    client.ping()
                    break
                time.sleep(0.05)
            yield client
        finally:
            server.terminate()
            server.wait()


def stored(client: Any, ids: Sequence[str], columns: Mapping[str, Sequence[Any]]) -> float:
    """Write a hash per person; the bytes that each takes."""
    before = client.info("memory")["used_memory"]
    for start in range(0, len(ids), BATCH):
        with client.pipeline(transaction=False) as pipe:
            for row in range(start, min(start + BATCH, len(ids))):
                pipe.hset(ids[row], mapping={name: str(values[row]) for name, values in columns.items()})
            pipe.execute()
    return float(client.info("memory")["used_memory"] - before) / len(ids)


def check(table: PackedTable, ids: Sequence[str], columns: Mapping[str, Sequence[Any]]) -> int:
    """Compare every row with what went in, types included; how many."""
    for row, person in enumerate(ids):
        found = table.row(person)
        wanted = {name: values[row] for name, values in columns.items()}
        assert found == wanted, person
        assert [type(value) for value in found.values()] == [type(value) for value in wanted.values()], person
    return len(ids)


def measure(path: Path | None, seed: int, count: int) -> tuple[int, list[dict[str, Any]]]:
    """(people, metrics)."""
    table, ours = packed(path, seed, count)
    ids, columns = people_from(path, seed, count)
    asked = np.random.default_rng(seed).integers(0, len(ids), READS).tolist()
    with redis_server() as client:
        peer = stored(client, ids, columns)
        mine, theirs = figures.in_turns(
            lambda turn: seconds_a_read(lambda at: table.row(ids[at]), asked),
            lambda turn: seconds_a_read(lambda at: client.hgetall(ids[at]), asked),
            rounds=ROUNDS,
        )
    speed = figures.metric(
        "read_one", "reads per second", [1 / s for s in mine], None, "HGETALL", [1 / s for s in theirs]
    )
    memory = figures.metric("bytes_per_profile", "bytes", [ours], "ratio <= 0.1667", "Redis hash", [peer], digits=1)
    memory["ratio"] = round(ours / peer, 4)
    return len(ids), [
        figures.judged(memory, "ratio <= 0.1667"),
        figures.metric("bytes_of_data_per_profile", "bytes", [table.nbytes / len(ids)], digits=1),
        speed,
        figures.metric("rows_equal_to_what_went_in", "people", [check(table, ids, columns)]),
    ]


def seconds_a_read(read: Any, asked: Sequence[int]) -> float:
    """Wall time of one read, over all that are asked: the peer works in a process of its own."""
    before = time.perf_counter()
    for at in asked:
        read(at)
    return (time.perf_counter() - before) / len(asked)


def main() -> None:
    """The command line."""
    parser = figures.options(__doc__, "Parquet or CSV with person_id and attributes")
    parser.add_argument("--people", type=int, default=PEOPLE)
    options = parser.parse_args()
    people, metrics = measure(options.data, options.seed, options.people)
    source = options.data.name if options.data else "made from the seed"
    packages = ("tailorbird", "numpy", "redis")
    figures.show(figures.report("profiles", source, people, options.seed, packages, metrics), options.json)


if __name__ == "__main__":
    main()
