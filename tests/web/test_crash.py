"""A server that is killed: what was answered with 200 is there, once."""

import http.client
import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.testing.event_log_conformance import logged_ids

SERVER = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from tailorbird.adapters.files.quarantine import FolderQuarantine
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.testing.state import FixedClock, MemoryOutbox, MemorySuppressions
from tailorbird.web.app import create_app
from tailorbird.web.server import BackgroundServer
app = create_app(log=SegmentLog(Path(sys.argv[1])), quarantine=FolderQuarantine(Path(sys.argv[1]) / 'q'), messages=MemoryOutbox(), suppressions=MemorySuppressions(),
                 clock=FixedClock(datetime(2026, 6, 1, tzinfo=UTC)), tracking_key=b"k" * 32)
with BackgroundServer(app) as server:
    print(server.url, flush=True)
    time.sleep(120)
"""


@pytest.mark.slow
def test_a_server_killed_while_many_write_loses_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    server = subprocess.Popen([sys.executable, "-c", SERVER, str(tmp_path)], stdout=subprocess.PIPE)
    assert server.stdout is not None
    address = server.stdout.readline().decode().strip().removeprefix("http://")
    acknowledged: list[str] = []

    def write(writer: int) -> None:
        connection = http.client.HTTPConnection(address, timeout=10)
        for n in range(10_000):
            event = {"userId": "u", "event": "A", "messageId": f"{writer}-{n}"}
            try:
                connection.request("POST", "/v1/track", json.dumps(event))
                response = connection.getresponse()
                response.read()
            except (OSError, http.client.HTTPException):
                return
            if response.status == 200:
                acknowledged.append(event["messageId"])

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(6)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    server.kill()
    for thread in threads:
        thread.join()
    server.wait()
    server.stdout.close()
    ids = logged_ids(SegmentLog(tmp_path))
    assert len(acknowledged) > 20
    assert len(ids) == len(set(ids))
    assert set(ids) >= set(acknowledged)
