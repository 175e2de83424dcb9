"""People withdraw through the real server while a real run sends to a real relay: the relay's record says how long a
no takes to act, and the database is not asked."""

import base64
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope, Session

from tailorbird import bootstrap
from tailorbird.project.project import load_project
from tailorbird.stages.tracking.tokens import sign_token

TAILORBIRD = str(Path(sys.executable).with_name("tailorbird"))
WITHDRAWALS_MIN, RUNS_MAX = 100, 8
LIMIT_SECONDS = 5.0
MAIL_SECONDS = 0.08
KEY = "a-write-key"


@dataclass
class Sink:
    """A relay that takes its time, and remembers when it had taken each address's mail."""

    taken: dict[str, float] = field(default_factory=dict)

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        time.sleep(MAIL_SECONDS)
        self.taken[envelope.rcpt_tos[0].lower()] = time.monotonic()
        return "250 OK"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def serving(root: Path) -> Iterator[int]:
    port = free_port()
    environment = {**os.environ, "TAILORBIRD_WRITE_KEY": KEY}
    server = subprocess.Popen(
        [TAILORBIRD, "serve", str(root), "--port", str(port)], stdout=subprocess.PIPE, text=True, env=environment
    )
    try:
        assert server.stdout is not None and "listening" in server.stdout.readline()
        yield port
    finally:
        server.terminate()
        server.wait()


def post(port: int, path: str, body: bytes, kind: str) -> float:
    """The moment of the acknowledgment."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    key = base64.b64encode(f"{KEY}:".encode()).decode()
    connection.request("POST", path, body, {"Content-Type": kind, "Authorization": f"Basic {key}"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status == 200
    return time.monotonic()


def withdraw(port: int, number: int, person: str, message_id: str, key: bytes) -> float:
    """By the mail program's one click, or by an event of the shop's own site, in turns."""
    if number % 2:
        form = urllib.parse.urlencode({"List-Unsubscribe": "One-Click"}).encode()
        return post(port, f"/u/{sign_token('u', (message_id,), key)}", form, "application/x-www-form-urlencoded")
    consents = {"email_marketing": {"email": False}} if number % 4 else {"email_marketing": False}
    event = {"event": "Consent Updated", "userId": person, "properties": {"consents": consents}}
    return post(port, "/v1/track", json.dumps(event).encode(), "application/json")


def one_run(root: Path) -> tuple[list[float], int]:
    """Seconds from acknowledgment to mail, 0 where none came; and how many mails were sent in all."""
    sink = Sink()
    relay = Controller(sink, hostname="127.0.0.1", port=free_port())
    relay.start()
    settings = root / "tailorbird.yaml"
    smtp = f"delivery:\n  adapter: smtp\n  host: 127.0.0.1\n  port: {relay.port}\n  starttls: false\n"
    settings.write_text(settings.read_text().replace("delivery:\n  adapter: files\n", smtp))
    project = load_project(root)
    state, (key, _) = bootstrap.open_state(project), bootstrap.open_keys(project)
    run = subprocess.Popen([TAILORBIRD, "run", "--no-model", str(root), "win_back"], stderr=subprocess.DEVNULL)
    acknowledged: dict[str, float] = {}
    try:
        with serving(root) as port:
            while not sink.taken and run.poll() is None:
                time.sleep(0.02)
            treated = [d for d in state.decisions.find("win_back", "1") if d.arm == "treatment"]
            emails = dict(bootstrap.open_events(project).rows("SELECT person_id, lower(email) FROM people"))
            while run.poll() is None:
                waiting = [d for d in treated if emails[d.person_id] not in {*sink.taken, *acknowledged}]
                if not waiting:
                    break
                chosen = waiting[len(acknowledged) * 7 % len(waiting)]
                message_id = message_of(chosen.decision_id)
                at = withdraw(port, len(acknowledged), chosen.person_id, message_id, key)
                acknowledged[emails[chosen.person_id]] = at
                time.sleep(2 * MAIL_SECONDS)
            assert run.wait() == 0
    finally:
        run.kill()
        relay.stop()
    lags = [max(0.0, sink.taken.get(email, 0.0) - at) for email, at in acknowledged.items()]
    return lags, len(sink.taken)


def message_of(decision_id: str) -> str:
    from tailorbird.stages.channels.email_message import idempotency_key, message_id

    return message_id(idempotency_key(decision_id, "email"))


@pytest.mark.e2e
@pytest.mark.slow
def test_a_withdrawal_acts_within_five_seconds_of_its_acknowledgment(filled: Path, tmp_path: Path) -> None:
    lags: list[float] = []
    for number in range(RUNS_MAX):
        shutil.copytree(filled, tmp_path / str(number))
        found, sent = one_run(tmp_path / str(number))
        assert sent > 0
        lags += found
        if len(lags) >= WITHDRAWALS_MIN:
            break
    assert len(lags) >= WITHDRAWALS_MIN
    lags.sort()
    p99, late = lags[int(len(lags) * 0.99)], sum(lag > 0 for lag in lags)
    print(f"{len(lags)} withdrawals, {late} overtaken by a mail; p99 {p99:.2f} s, longest {lags[-1]:.2f} s")
    assert p99 < LIMIT_SECONDS
    assert late < len(lags)  # most of them stopped a mail that was waiting
