"""Intake: events taken per CPU-second of the server, against FastAPI + SQLite that promises the same.

    python benchmarks/intake.py [--data PRODUCTS] [--seed N] [--json] [--peers .venv-peers]

Both servers answer only when an event is on disk, and drop a messageId that they have. They get the same events of
about 600 bytes, one by one over 64 connections and in batches of 100 over 16, in turns on the same machine. What counts
is the processor time of the server's process, user and system; the sender's is left out. PRODUCTS is a CSV or Parquet
file with a column of product names (Description or name); without it they are made from the seed. The peer is run with
the packages of requirements/peers.lock: `make peers` installs them.
"""

import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import figures
from exchange import exchange

from tailorbird.cli.init import copy_example

HERE = Path(__file__).resolve().parent
ROUNDS, SINGLES, BATCHES, BATCH_EVENTS = 5, 6_000, 400, 100
PEER_SINGLES, PEER_BATCHES = 1_500, 100
CONNECTIONS = {"/v1/track": 64, "/v1/batch": 16}
GOAL = "ratio >= 10"
PEER = "FastAPI + SQLite (WAL, synchronous=FULL, unique id)"
NAMES = ["Product Viewed"] * 6 + [
    "Product Added",
    "Product List Viewed",
    "Cart Viewed",
    "Checkout Started",
    "Order Completed",
]


def products(path: Path | None) -> list[str]:
    """Names of products: the file's, or made up."""
    if path is None:
        return [f"Product {n}" for n in range(2_000)]
    import duckdb

    with duckdb.connect() as connection:
        read = connection.from_parquet if path.suffix == ".parquet" else connection.from_csv_auto
        source = read(str(path))
        name = next(column for column in source.columns if column.lower() in ("name", "description"))
        found = connection.sql(f'SELECT DISTINCT "{name}" FROM source WHERE "{name}" IS NOT NULL ORDER BY 1 LIMIT 5000')
        return [str(value).strip() for (value,) in found.fetchall()]


def make_event(chance: random.Random, names: Sequence[str]) -> dict[str, Any]:
    """An event of a shop, under an id that no other has."""
    product = min(int(chance.paretovariate(1.1)) - 1, len(names) - 1)
    person = chance.randrange(100_000)
    day, hour, minute = chance.randrange(1, 29), chance.randrange(24), chance.randrange(60)
    return {
        "type": "track",
        "messageId": str(uuid.UUID(int=chance.getrandbits(128))),
        "userId": f"u-{person:08d}",
        "anonymousId": str(uuid.UUID(int=person)),
        "event": chance.choice(NAMES),
        "timestamp": f"2026-01-{day:02d}T{hour:02d}:{minute:02d}:00.000Z",
        "properties": {
            "product_id": f"SKU-{product:06d}", "category": f"cat-{product % 40}", "name": names[product],
            "price": round(5 + product % 300 * 0.99, 2), "currency": "EUR", "quantity": 1,
            "position": chance.randrange(20),
        },
        "context": {
            "ip": "203.0.113.7", "locale": "en-GB",
            "userAgent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",
            "page": {"path": f"/p/{product}", "url": f"https://shop.example/p/{product}", "referrer": ""},
            "library": {"name": "analytics.js", "version": "2.11.1"},
        },
    }  # fmt: skip


def requests(path: str, count: int, chance: random.Random, names: Sequence[str]) -> list[bytes]:
    """Whole HTTP requests, ready to be sent."""
    made = []
    for _ in range(count):
        if path == "/v1/batch":
            content: dict[str, Any] = {"batch": [make_event(chance, names) for _ in range(BATCH_EVENTS)]}
        else:
            content = make_event(chance, names)
        body = json.dumps(content, separators=(",", ":")).encode()
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        made.append(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    return made


def send(port: int, ready: Sequence[bytes], connections: int) -> None:
    """Send all requests; every answer must be a success."""
    for body in exchange(port, ready, connections):
        assert b"success" in body, body


def cpu_s(process: int) -> float:
    """User and system time of a process so far, all its threads."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(command: list[str], port: int, folder: Path, **environment: str) -> Iterator[int]:
    """A server that answers on the port; its process."""
    process = subprocess.Popen(command, cwd=folder, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, f"{command[0]} did not start"
            time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)


def rate(port: int, process: int, path: str, ready: Sequence[bytes]) -> float:
    """Events per CPU-second of the server."""
    before = cpu_s(process)
    send(port, ready, CONNECTIONS[path])
    return len(ready) * (BATCH_EVENTS if path == "/v1/batch" else 1) / (cpu_s(process) - before)


def measure(folder: Path, peers: Path, seed: int, names: Sequence[str]) -> list[dict[str, Any]]:
    """The metrics."""
    chance, ports = random.Random(seed), (free_port(), free_port())
    copy_example(folder / "project")
    (folder / "project" / "events.yaml").unlink()  # the peer holds nobody to a plan
    tailorbird = str(Path(sys.executable).with_name("tailorbird"))
    ours = [tailorbird, "serve", str(folder / "project"), "--port", str(ports[0])]
    peer = [str(peers / "bin" / "python"), "-m", "uvicorn", "intake_peer:app", "--app-dir", str(HERE)]
    peer += ["--port", str(ports[1]), "--no-access-log", "--log-level", "error"]
    found = []
    with (
        running(ours, ports[0], folder) as one,
        running(peer, ports[1], folder, INTAKE_PEER=str(folder / "peer.db")) as other,
    ):
        for name, path, mine, theirs in (
            ("single_events", "/v1/track", SINGLES, PEER_SINGLES),
            ("events_in_batches_of_100", "/v1/batch", BATCHES, PEER_BATCHES),
        ):

            def run(turn: int, port: int, process: int, count: int, path: str = path) -> float:
                return rate(port, process, path, requests(path, count, chance, names))

            for port, process in zip(ports, (one, other), strict=True):
                run(0, port, process, 50)  # warm up
            values = figures.in_turns(
                lambda turn, mine=mine: run(turn, ports[0], one, mine),  # type: ignore[misc]
                lambda turn, theirs=theirs: run(turn, ports[1], other, theirs),  # type: ignore[misc]
                rounds=ROUNDS,
            )
            found.append(figures.metric(name, "events per CPU-second", values[0], GOAL, PEER, values[1]))
            for side, rates in (("ours", values[0]), ("peer", values[1])):
                found.append(
                    figures.metric(f"{name}_{side}", "CPU microseconds an event", [1e6 / r for r in rates], digits=2)
                )
    return found


def main() -> None:
    """The command line."""
    parser = figures.options(__doc__, "CSV or Parquet with product names")
    parser.add_argument("--peers", type=Path, default=HERE.parent / ".venv-peers", help="environment with the peers")
    options = parser.parse_args()
    peers = options.peers.absolute()
    if not (peers / "bin" / "python").exists():
        sys.exit(f"there is no environment {peers}: make it with `make peers`")
    names = products(options.data)
    with tempfile.TemporaryDirectory() as folder:
        metrics = measure(Path(folder), peers, options.seed, names)
    source = options.data.name if options.data else "made from the seed"
    rows = ROUNDS * (SINGLES + BATCHES * BATCH_EVENTS)
    packages = ("tailorbird", "uvicorn", "httptools", "msgspec")
    show = subprocess.run(
        [str(peers / "bin" / "python"), "-c", "import fastapi as f, uvicorn as u; print(f.__version__, u.__version__)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    notes = [f"the peer runs fastapi and uvicorn {show.stdout.strip()}"]
    figures.show(figures.report("intake", source, rows, options.seed, packages, metrics, notes), options.json)


if __name__ == "__main__":
    main()
