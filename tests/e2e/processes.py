"""Whole commands as processes of their own: the server, a run that sends to a relay, and what they are told."""

import base64
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sized
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope, Session

TAILORBIRD = str(Path(sys.executable).with_name("tailorbird"))
WRITE_KEY = "a-write-key"
MAIL_SECONDS = 0.08


def told(*words: object) -> Any:
    """What a command says with --json."""
    command = [TAILORBIRD, *map(str, words), "--json"]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@dataclass(frozen=True)
class Server:
    """`tailorbird serve`; its write key is WRITE_KEY."""

    process: subprocess.Popen[str]
    url: str

    @property
    def address(self) -> str:
        """Host and port."""
        return self.url.removeprefix("http://")

    def post(self, path: str, body: bytes, **headers: str) -> tuple[bytes, float]:
        """(the answer, the moment at which it was there); by the write key, where no other is given."""
        connection = http.client.HTTPConnection(self.address, timeout=60)
        key = base64.b64encode(f"{WRITE_KEY}:".encode()).decode()
        sent = {"Content-Type": "application/json", "Authorization": f"Basic {key}"}
        connection.request("POST", path, body, sent | {name.replace("_", "-"): said for name, said in headers.items()})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        assert answer.status == 200, body
        return body, time.monotonic()


@contextmanager
def serving(root: Path, **environment: str) -> Iterator[Server]:
    """The server of a project, until the end of the block."""
    process = subprocess.Popen(
        [TAILORBIRD, "serve", str(root), "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TAILORBIRD_WRITE_KEY": WRITE_KEY, **environment},
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert "listening" in line, line
        yield Server(process, line.split()[2])
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


@dataclass
class Sink:
    """A relay that takes its time, and remembers when it had taken each address's mail."""

    taken: dict[str, float] = field(default_factory=dict)

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        time.sleep(MAIL_SECONDS)
        self.taken[envelope.rcpt_tos[0].lower()] = time.monotonic()
        return "250 OK"


@contextmanager
def relayed(root: Path, sink: object) -> Iterator[None]:
    """A relay that hands mails to the sink; from now on the project sends to it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    relay = Controller(sink, hostname="127.0.0.1", port=port)
    relay.start()
    settings = root / "tailorbird.yaml"
    smtp = f"delivery:\n  adapter: smtp\n  host: 127.0.0.1\n  port: {port}\n  starttls: false\n"
    settings.write_text(settings.read_text().replace("delivery:\n  adapter: files\n", smtp))
    try:
        yield
    finally:
        relay.stop()


@contextmanager
def running(root: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A run of the campaign `win_back` without a model; killed at the end of the block, if it still runs."""
    run = subprocess.Popen([TAILORBIRD, "run", "--no-model", str(root), "win_back"], stderr=subprocess.DEVNULL)
    try:
        yield run
    finally:
        run.kill()
        run.wait()


def await_mails(taken: Sized, run: subprocess.Popen[bytes], count: int = 1) -> None:
    """Wait until a sink has taken so many mails, or the run is at its end."""
    while len(taken) < count and run.poll() is None:
        time.sleep(0.005)


def message_of(decision_id: str) -> str:
    """The id of the e-mail of a decision."""
    from tailorbird.stages.channels.email_message import idempotency_key, message_id

    return message_id(idempotency_key(decision_id, "email"))
