"""A server that is killed at random moments: what was answered with 200 is there, once; what was refused is kept."""

import http.client
import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from random import Random

import pytest

from tailorbird.adapters.files.quarantine import FolderQuarantine
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.testing.event_log_conformance import logged_ids

KILLS = 100
# One process makes a child per life, so that a life costs no import. A child that is killed leaves what a server leaves.
SERVER = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from tailorbird.adapters.files.quarantine import FolderQuarantine
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.testing.state import FixedClock, MemoryOutbox, MemorySuppressions
from tailorbird.web.app import create_app
from tailorbird.web.server import serve
root = Path(sys.argv[1])
for _ in sys.stdin:
    child = os.fork()
    if not child:
        app = create_app(log=SegmentLog(root), quarantine=FolderQuarantine(root / "quarantine"),
                         messages=MemoryOutbox(), waiting=MemoryOutbox(), suppressions=MemorySuppressions(),
                         clock=FixedClock(datetime(2026, 6, 1, tzinfo=UTC)), tracking_key=b"k" * 32)
        serve(app, 0, lambda url: print(os.getpid(), url, flush=True))
    os.waitpid(child, 0)
"""


class Load:
    """Clients that send singles and batches, and send again what was not answered when the server comes back."""

    def __init__(self) -> None:
        self.acknowledged: set[str] = set()
        self.refused: set[str] = set()
        self.unanswered: list[tuple[str, bytes, list[str], list[str]]] = []
        self._number = 0
        self._lock = threading.Lock()

    def _next(self, writer: int) -> tuple[str, bytes, list[str], list[str]]:
        with self._lock:
            if self.unanswered:
                return self.unanswered.pop()
            self._number += 1
            number = self._number
        good = [f"g{number}-{n}" for n in range(1 if writer % 2 else 10)]
        events = [{"type": "track", "userId": "u", "event": "A", "messageId": one} for one in good]
        if writer % 2:
            return "/v1/track", json.dumps(events[0]).encode(), good, []
        bad = [f"b{number}"]
        return "/v1/batch", json.dumps({"batch": [*events, {"type": "track", "event": bad[0]}]}).encode(), good, bad

    def write(self, address: str, writer: int) -> None:
        connection = http.client.HTTPConnection(address, timeout=10)
        while True:
            path, body, good, bad = job = self._next(writer)
            try:
                connection.request("POST", path, body)
                response = connection.getresponse()
                response.read()
            except (OSError, http.client.HTTPException):
                with self._lock:
                    self.unanswered.append(job)
                connection.close()
                return
            assert response.status == 200
            with self._lock:
                self.acknowledged.update(good)
                self.refused.update(bad)


@pytest.mark.slow
def test_a_server_killed_at_a_hundred_random_moments_loses_nothing_acknowledged_and_keeps_nothing_twice(
    tmp_path: Path,
) -> None:
    chance, load = Random(100), Load()
    nest = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert nest.stdin is not None and nest.stdout is not None
    for _ in range(KILLS):
        nest.stdin.write("live\n")
        nest.stdin.flush()
        process, url = nest.stdout.readline().split()
        address = url.removeprefix("http://")
        threads = [threading.Thread(target=load.write, args=(address, writer)) for writer in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(chance.uniform(0.01, 0.3))
        subprocess.run(["kill", "-9", process], check=True)
        for thread in threads:
            thread.join()
    nest.stdin.close()
    nest.wait(20)
    nest.stdout.close()
    ids = logged_ids(SegmentLog(tmp_path))
    assert len(load.acknowledged) > 10 * KILLS
    assert len(ids) == len(set(ids))
    assert load.acknowledged - set(ids) == set()
    kept = [json.loads(row.body)["event"] for row in FolderQuarantine(tmp_path / "quarantine").rows()]
    assert load.refused - set(kept) == set()
    assert len(kept) == len(set(kept))
    assert not (tmp_path / "damaged").exists()
