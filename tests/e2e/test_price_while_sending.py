"""A price changes through the real server while a real run sends to a real relay: what the relay took tells which
price left."""

import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope, Session

from tailorbird import bootstrap
from tailorbird.pipeline.catalog import load_catalog
from tailorbird.project.project import load_project

TAILORBIRD = str(Path(sys.executable).with_name("tailorbird"))
MAIL_SECONDS = 0.02
BEFORE, AFTER = 20, 60
KEY = "a-catalog-key"
PRICE = re.compile(r"£\s?([0-9]+\.[0-9]{2})|([0-9]+,[0-9]{2})\s?£")


@dataclass
class Sink:
    """A relay that takes its time and keeps each mail's prices, and the moment at which it came."""

    taken: list[tuple[float, set[str]]] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        came = time.monotonic()
        time.sleep(MAIL_SECONDS)
        mail = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        text = str(mail["subject"]) + mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        prices = {(plain or comma).replace(",", ".") for plain, comma in PRICE.findall(text)}
        self.taken.append((came, prices))
        return "250 OK"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def post(port: int, items: list[dict[str, str]]) -> tuple[dict[str, Any], float]:
    """(the answer, the moment at which it was there)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    connection.request("POST", "/v1/catalog/items", json.dumps({"items": items}), headers)
    answer = connection.getresponse()
    told = json.loads(answer.read())
    connection.close()
    assert answer.status == 200, told
    return told, time.monotonic()


@pytest.mark.e2e
@pytest.mark.slow
def test_no_old_price_leaves_after_a_new_one_is_acknowledged(filled: Path, tmp_path: Path) -> None:
    root = tmp_path / "wren"
    shutil.copytree(filled, root)
    sink = Sink()
    relay = Controller(sink, hostname="127.0.0.1", port=free_port())
    relay.start()
    settings = root / "tailorbird.yaml"
    smtp = f"delivery:\n  adapter: smtp\n  host: 127.0.0.1\n  port: {relay.port}\n  starttls: false\n"
    settings.write_text(settings.read_text().replace("delivery:\n  adapter: files\n", smtp))
    project, port = load_project(root), free_port()
    names = list(load_catalog(bootstrap.open_warehouse(project), project.state_dir))
    environment = {**os.environ, "TAILORBIRD_CATALOG_KEY": KEY, "TAILORBIRD_WRITE_KEY": "public"}
    server = subprocess.Popen(
        [TAILORBIRD, "serve", str(root), "--port", str(port)], stdout=subprocess.PIPE, text=True, env=environment
    )
    run = subprocess.Popen([TAILORBIRD, "run", "--no-model", str(root), "win_back"], stderr=subprocess.DEVNULL)
    try:
        assert server.stdout is not None and "listening" in server.stdout.readline()
        while len(sink.taken) < BEFORE and run.poll() is None:
            time.sleep(0.005)
        told, acknowledged = post(port, [{"item_id": name, "price": "123.45"} for name in names])
        assert told["updated"] == len(names)
        assert run.wait() == 0
    finally:
        run.kill()
        server.terminate()
        server.wait()
        relay.stop()
    assert all(prices and prices != {"123.45"} for _, prices in sink.taken[:BEFORE])
    later = [prices for came, prices in sink.taken if came > acknowledged]
    assert len(later) >= AFTER
    # The one mail that was being handed over as the answer came is neither before nor after it.
    assert all(prices == {"123.45"} for prices in later[1:])
