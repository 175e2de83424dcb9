"""One person's ten features and an audience over HTTP: server CPU and latency, against a Feast feature server.

    python benchmarks/online.py [--data PEOPLE] [--seed N] [--people N] [--json] [--peers .venv-peers]

PEOPLE is a CSV or Parquet file with a column person_id; without it, ids are made. Everybody gets events, from which
`tailorbird serve` computes ten features and one audience. The peer is `feast serve` with its SQLite online store: ten
floats a user, written before. Both are asked for one person a request, drawn evenly, over 16 kept-alive connections, by
turns; every answer is compared with what went in. What counts is the user and system time of the server's processes;
the client's is left out. Neither keeps answers: every read finds the person and reads the values. The latencies are
the median and the 99th percentile of a round over one connection, by the clock, beside those of our own /health, which
reads nobody.
"""

import http.client
import json
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import figures
from exchange import exchange
from intake import HERE, cpu_s, free_port, running

from tailorbird.cli.init import copy_example

PEOPLE, ROUNDS, READS, PEER_READS, WARM_UP, CONNECTIONS, SERIAL_READS = 20_000, 5, 20_000, 1_000, 100, 16, 1_000
KEY = "benchmark-read-key"
SILENCE = '{jurisdictions: ["*"], purposes: [email_marketing], regime: opt_out, basis: made up for a benchmark}'
PEER = "feast serve (SQLite online store)"
FEATURES: tuple[dict[str, Any], ...] = (
    {"name": "orders", "kind": "count", "event": "Order Completed", "default": 0},
    {"name": "revenue", "kind": "sum", "event": "Order Completed", "field": "properties.total", "default": 0},
    {"name": "days_since_order", "kind": "days_since", "event": "Order Completed"},
    {"name": "views", "kind": "count", "event": "Product Viewed", "default": 0},
    {"name": "last_viewed", "kind": "last", "event": "Product Viewed", "field": "properties.product_id"},
    {"name": "days_since_view", "kind": "days_since", "event": "Product Viewed"},
    {"name": "events_7d", "kind": "count", "window_days": 7, "default": 0},
    {"name": "events_30d", "kind": "count", "window_days": 30, "default": 0},
    {"name": "last_seen", "kind": "recency"},
    {"name": "products", "kind": "distinct", "field": "properties.product_id", "default": 0},
)
DEFINITIONS = """from datetime import timedelta
from feast import Entity, FeatureView, Field, FileSource
from feast.types import Float32
from feast.value_type import ValueType
user = Entity(name="user", join_keys=["user_id"], value_type=ValueType.INT64)
people = FeatureView(name="people", entities=[user], ttl=timedelta(days=9),
    schema=[Field(name=f"f{i}", dtype=Float32) for i in range(10)],
    source=FileSource(path="people.parquet", timestamp_field="event_timestamp"))
"""
FILL = """import sys
import pandas as pd
from feast import FeatureStore
import definitions
count = int(sys.argv[1])
floats = {f"f{i}": [float(n % 1000 + i) for n in range(count)] for i in range(10)}
rows = pd.DataFrame({"user_id": range(count), **floats})
rows = rows.astype({f"f{i}": "float32" for i in range(10)}).assign(event_timestamp=pd.Timestamp.now("UTC"))
rows.to_parquet("people.parquet")
store = FeatureStore(".")
store.apply([definitions.user, definitions.people])
store.write_to_online_store("people", rows)
"""
STORE = """project: benchmark
registry: registry.db
provider: local
online_store: {type: sqlite, path: online.db}
entity_key_serialization_version: 3
"""


def people_from(path: Path | None, count: int) -> list[str]:
    """The ids of the people: the file's, or made up."""
    if path is None:
        return [f"u-{n:08d}" for n in range(count)]
    import duckdb

    with duckdb.connect() as connection:
        read = connection.from_parquet if path.suffix == ".parquet" else connection.from_csv_auto
        found = read(str(path)).project("CAST(person_id AS VARCHAR)").distinct().order("1").limit(count)
        return [str(value) for (value,) in found.fetchall()]


def make_project(root: Path, ids: Sequence[str]) -> None:
    """A project with ten features, one audience and a log: row n has n % 3 orders of n % 100 and a half, and a view."""
    import duckdb

    copy_example(root)
    (root / "events.yaml").unlink()
    (root / "brand" / "approved.yaml").write_text("[]")  # no campaign is left that its lines are for
    for name in ("audiences", "campaigns", "evals", "features"):
        shutil.rmtree(root / name, ignore_errors=True)
    settings = root / "tailorbird.yaml"
    text = settings.read_text().replace("email_marketing: false", "email_marketing: true", 1)
    settings.write_text(text.replace("  basis: consent\n", f"  basis: consent\n  silence: [{SILENCE}]\n", 1))
    for folder in ("audiences", "features", ".tailorbird/events"):
        (root / folder).mkdir(parents=True)
    features = [{**each, "purpose": "email_marketing", "description": "Measured."} for each in FEATURES]
    (root / "features" / "features.yaml").write_text(json.dumps(features))
    rule = {"name": "buyers", "description": "Ordered twice.", "all": [{"feature": "orders", "at_least": 2}]}
    (root / "audiences" / "buyers.yaml").write_text(json.dumps(rule))
    now = datetime.now(UTC).replace(tzinfo=None)
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE ids AS SELECT unnest(?) AS id, unnest(range(?)) AS n", [list(ids), len(ids)])
        connection.execute(f"""COPY (
          SELECT 'm' || n || '-' || k AS message_id, 'track' AS type,
            CASE WHEN k = 0 THEN 'Product Viewed' ELSE 'Order Completed' END AS event, id AS user_id,
            CAST(NULL AS VARCHAR) AS anonymous_id, TIMESTAMP '{now}' - INTERVAL 1 HOUR * (36 + k) AS timestamp,
            TIMESTAMP '{now}' - INTERVAL 1 HOUR * (36 + k) AS received_at,
            CASE WHEN k = 0 THEN '{{"product_id":"p' || n % 500 || '"}}'
              ELSE '{{"total":' || n % 100 || '.5}}' END AS properties, '{{}}' AS traits, '{{}}' AS context
          FROM ids, range(3) AS each(k) WHERE k <= n % 3 ORDER BY timestamp)
          TO '{root}/.tailorbird/events/000000000000000001-1-1.parquet' (FORMAT parquet, COMPRESSION zstd)""")


@dataclass
class Side:
    """A server, how it is asked for row n, and whether an answer is right."""

    port: int
    path: str
    question: Callable[[int], dict[str, Any]]
    check: Callable[[int, Any], None]
    process: int = 0
    method: str = "POST"
    median_ms: list[float] = field(default_factory=list)
    p99_ms: list[float] = field(default_factory=list)

    def wait(self) -> None:
        """Until it answers 200."""
        for _ in range(600):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            try:
                if self.ask(connection, 0)[0] == 200:
                    return
            except OSError:
                pass
            finally:
                connection.close()
            time.sleep(0.2)
        raise SystemExit(f"the server of {self.path} never answered 200")

    def ask(self, connection: http.client.HTTPConnection, row: int) -> tuple[int, bytes]:
        """(status, body) of one answer."""
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {KEY}"}
        connection.request(self.method, self.path, json.dumps(self.question(row)), headers)
        answer = connection.getresponse()
        return answer.status, answer.read()

    def rate(self, rows: Sequence[int]) -> float:
        """Requests per CPU-second of the server; every answer is checked after the clock has stopped."""
        ready = [self.request(row) for row in rows]
        before = tree_cpu_s(self.process)
        answers = exchange(self.port, ready, CONNECTIONS)
        used = tree_cpu_s(self.process) - before
        assert used > 0, "a process of the server ended while it was measured"
        for row, body in zip(rows, answers, strict=True):
            self.check(row, json.loads(body))
        self.latencies(rows[:SERIAL_READS])
        return len(rows) / used

    def request(self, row: int) -> bytes:
        """The bytes of a request."""
        body = json.dumps(self.question(row)).encode()
        head = f"POST {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {KEY}\r\n"
        return f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body

    def latencies(self, rows: Sequence[int]) -> None:
        """One request after the other: the median and the 99th percentile in milliseconds."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        times = []
        for row in rows:
            start = time.perf_counter()
            status, body = self.ask(connection, row)
            times.append((time.perf_counter() - start) * 1000)
            assert status == 200, body
        connection.close()
        self.median_ms.append(statistics.median(times))
        self.p99_ms.append(sorted(times)[int(len(times) * 0.99)])


def tree_cpu_s(process: int) -> float:
    """User and system time of a process and of all below it."""
    children = [int(n) for file in Path(f"/proc/{process}/task").glob("*/children") for n in file.read_text().split()]
    return cpu_s(process) + sum(map(tree_cpu_s, children))


def check_ours(row: int, answer: Any) -> None:
    """Features and the audience are those of the events of row n."""
    found, orders = answer["features"], row % 3
    assert len(found) == len(FEATURES) and not answer["withheld"], answer
    wanted = {"orders": orders, "revenue": orders * (row % 100 + 0.5), "views": 1, "events_7d": orders + 1,
              "events_30d": orders + 1, "last_viewed": f"p{row % 500}", "products": 1, "days_since_view": 1,
              "days_since_order": 1 if orders else None}  # fmt: skip
    if orders == 0:
        wanted["revenue"] = 0
    assert {name: found[name] for name in wanted} == wanted, (row, answer)
    assert answer["audiences"] == {"buyers": orders >= 2}, answer


def check_peer(row: int, answer: Any) -> None:
    """The ten floats are those that were written."""
    names = answer["metadata"]["feature_names"]
    found = {name: each["values"][0] for name, each in zip(names, answer["results"], strict=True)}
    assert found == {"user_id": row} | {f"f{i}": row % 1000 + i for i in range(10)}, answer


def measure(folder: Path, peers: Path, seed: int, ids: Sequence[str]) -> list[dict[str, Any]]:
    """The metrics."""
    make_project(folder / "project", ids)
    (folder / "feast").mkdir()
    for name, text in (("feature_store.yaml", STORE), ("definitions.py", DEFINITIONS), ("fill.py", FILL)):
        (folder / "feast" / name).write_text(text)
    words = [str(peers / "bin" / "python"), "fill.py", str(len(ids))]
    subprocess.run(words, cwd=folder / "feast", check=True, capture_output=True)
    names = [f"people:f{i}" for i in range(10)]
    ours = Side(free_port(), "/v1/people/features", lambda n: {"user_id": ids[n], "audiences": ["buyers"]}, check_ours)
    peer = Side(free_port(), "/get-online-features",
                lambda n: {"features": names, "entities": {"user_id": [n]}}, check_peer)  # fmt: skip
    tailorbird = str(Path(sys.executable).with_name("tailorbird"))
    serve = [tailorbird, "serve", str(folder / "project"), "--port", str(ours.port), "--read-key", KEY]
    feast = [str(peers / "bin" / "feast"), "serve", "--host", "127.0.0.1", "--port", str(peer.port), "--no-access-log"]
    feast += ["--max-requests", "1000000"]  # by default a worker starts anew every 1,000: a cost that is no read's
    draw = random.Random(seed)
    with running(serve, ours.port, folder) as one, running(feast, peer.port, folder / "feast") as other:
        ours.process, peer.process = one, other
        for side in (ours, peer):
            side.wait()
            exchange(side.port, [side.request(draw.randrange(len(ids))) for _ in range(WARM_UP)], CONNECTIONS)
        mine, theirs = figures.in_turns(
            lambda turn: ours.rate(draw.choices(range(len(ids)), k=READS)),
            lambda turn: peer.rate(draw.choices(range(len(ids)), k=PEER_READS)),
            rounds=ROUNDS,
        )
        empty = Side(ours.port, "/health", lambda n: {}, lambda n, answer: None, method="GET")
        for _ in range(ROUNDS):
            empty.latencies(range(SERIAL_READS))
    return [
        figures.metric("read_one", "requests per CPU-second", mine, "ratio >= 30", PEER, theirs),
        figures.metric("median", "ms", ours.median_ms, None, PEER, peer.median_ms, digits=2),
        figures.metric("p99", "ms", ours.p99_ms, None, PEER, peer.p99_ms, digits=2),
        figures.metric("p99_beside_empty", "ms", ours.p99_ms, "ratio <= 3", "our /health", empty.p99_ms, digits=2),
    ]


def main() -> None:
    """The command line."""
    parser = figures.options(__doc__, "CSV or Parquet with person_id")
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--peers", type=Path, default=HERE.parent / ".venv-peers", help="environment with the peers")
    options = parser.parse_args()
    peers = options.peers.absolute()
    if not (peers / "bin" / "feast").exists():
        sys.exit(f"there is no environment {peers} with Feast: make it with `make peers`")
    ids = people_from(options.data, options.people)
    with tempfile.TemporaryDirectory() as folder:
        metrics = measure(Path(folder), peers, options.seed, ids)
    words = [str(peers / "bin" / "python"), "-c", "from importlib.metadata import version as v; print(v('feast'))"]
    shown = subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
    source = options.data.name if options.data else "made from the seed"
    packages = ("tailorbird", "uvicorn", "msgspec", "numpy")
    notes = [f"the peer is feast {shown}"]
    figures.show(figures.report("online", source, len(ids), options.seed, packages, metrics, notes), options.json)


if __name__ == "__main__":
    main()
