"""Sending simulated events over HTTP, as a site's own client would: connections that stay open, batches in limits."""

import base64
import http.client
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec

from tailorbird.testing.simulator.world import SimulatorError

BATCH_EVENTS_MAX = 100
BATCH_BYTES_MAX = 480 * 1024
CONNECTIONS = 4
Report = Callable[[int], None]
Job = TypeVar("Job")


class SiteClient:
    """One connection to a tracking server, kept open; redirects are not followed."""

    def __init__(self, base_url: str, write_key: str | None = None, timeout_s: float = 30.0) -> None:
        self._base_url = base_url
        self._connection = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=timeout_s)
        self._key = {}
        if write_key is not None:
            self._key = {"Authorization": "Basic " + base64.b64encode(f"{write_key}:".encode()).decode()}

    def post_json(self, path: str, body: bytes) -> None:
        """POST JSON with the write key; SimulatorError unless the server took it."""
        self.request("POST", path, body, {"Content-Type": "application/json", **self._key})

    def request(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> int:
        """Any request; the status, if it is below 400, else SimulatorError. A dropped connection is tried again."""
        for attempt in (1, 2):
            try:
                self._connection.request(method, path, body, headers or {})
                response = self._connection.getresponse()
                answer = response.read()
                break
            except (OSError, http.client.HTTPException) as error:
                # The message ids make a repetition harmless.
                self._connection.close()
                if attempt == 2:
                    raise SimulatorError(f"No tracking server answers at {self._base_url} ({error}).") from error
        if response.status >= 400:
            said = answer[:300].decode("utf-8", "replace")
            raise SimulatorError(f"{method} {path[:60]} was refused with {response.status}: {said}")
        return response.status

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def send_events(
    events: Iterable[dict[str, Any]],
    base_url: str,
    write_key: str | None = None,
    progress: Report | None = None,
    connections: int = CONNECTIONS,
) -> int:
    """Post wire events to `/v1/batch`; how many were sent. `progress` gets the events of each batch taken."""

    def post(client: SiteClient, batch: list[bytes]) -> int:
        client.post_json("/v1/batch", b'{"batch":[' + b",".join(batch) + b"]}")
        return len(batch)

    return run_requests(_batches(events), post, base_url, write_key, progress, connections)


def run_requests(
    jobs: Iterable[Job],
    run: Callable[[SiteClient, Job], int],
    base_url: str,
    write_key: str | None = None,
    progress: Report | None = None,
    connections: int = CONNECTIONS,
) -> int:
    """Run jobs on a few connections at once and add up what they return; the first failure stops all."""
    waiting: queue.Queue[Job | None] = queue.Queue(maxsize=4 * connections)
    done, failures, lock = [0], list[BaseException](), threading.Lock()

    def work() -> None:
        client = SiteClient(base_url, write_key)
        while (job := waiting.get()) is not None:
            if failures:
                continue
            try:
                count = run(client, job)
            except BaseException as error:
                failures.append(error)
                continue
            with lock:
                done[0] += count
                if progress is not None:
                    progress(count)
        client.close()

    threads = [threading.Thread(target=work, name=f"site-client-{n}", daemon=True) for n in range(connections)]
    for thread in threads:
        thread.start()
    try:
        for job in jobs:
            if failures:
                break
            waiting.put(job)
    finally:
        for _ in threads:
            waiting.put(None)
        for thread in threads:
            thread.join()
    if failures:
        raise failures[0]
    return done[0]


def _batches(events: Iterable[dict[str, Any]]) -> Iterator[list[bytes]]:
    encode = msgspec.json.Encoder().encode
    batch: list[bytes] = []
    size = 0
    for event in events:
        line = encode(event)
        if batch and (len(batch) == BATCH_EVENTS_MAX or size + len(line) > BATCH_BYTES_MAX):
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += len(line) + 1
    if batch:
        yield batch
