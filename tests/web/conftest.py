"""The real app over a real loopback socket, with state in memory and a real event log in a folder."""

import http.client
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tailorbird.adapters.files.quarantine import FolderQuarantine
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.stages.tracking.tokens import sign_token
from tailorbird.testing.event_log_conformance import read_segments
from tailorbird.testing.state import FixedClock, MemoryOutbox, MemorySuppressions
from tailorbird.types.message import Message
from tailorbird.types.quarantined import Quarantined
from tailorbird.web.app import create_app
from tailorbird.web.server import BackgroundServer

KEY = b"t" * 32
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
TARGET = "https://shop.example/p/1?a=b&c=d"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Shop:
    """A running tracking server and everything behind it."""

    root: Path
    options: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.outbox = MemoryOutbox(
            [
                Message(
                    message_id=f"m_{n}",
                    decision_id=f"d_{n}",
                    campaign="winback",
                    step="1",
                    person_id=f"p{n}",
                    purpose="letters",
                    channel="email",
                    address=f"p{n}@example.com",
                    subject="Hi",
                    raw=b"",
                    idempotency_key=f"key-{n}",
                )
                for n in range(3)
            ]
        )
        self.suppressions = self.options.pop("suppressions", None) or MemorySuppressions()
        self.log = self.options.pop("log", None) or SegmentLog(self.root / "events")
        (self.root / "media").mkdir()
        self.app = create_app(
            log=self.log,
            messages=self.options.pop("messages", self.outbox),
            waiting=self.outbox,
            suppressions=self.suppressions,
            clock=FixedClock(NOON),
            quarantine=FolderQuarantine(self.root / "quarantine"),
            tracking_key=KEY,
            media_dir=self.root / "media",
            **self.options,
        )
        self.server = BackgroundServer(self.app).start()

    def call(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        connection = http.client.HTTPConnection(self.server.url.removeprefix("http://"), timeout=10)
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        connection.request(method, path, data, headers or {})
        response = connection.getresponse()
        answer = Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        connection.close()
        return answer

    def events(self) -> list[dict[str, Any]]:
        rows = read_segments(SegmentLog(self.root / "events").seal())
        return [{**row, **{part: json.loads(row[part]) for part in ("properties", "context")}} for row in rows]

    def quarantine(self) -> list[Quarantined]:
        return list(FolderQuarantine(self.root / "quarantine").rows())

    def token(self, kind: str, *fields: str) -> str:
        return sign_token(kind, fields or ("m_1",), KEY)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Shop]]:
    shops = []

    def start_shop(**options: Any) -> Shop:
        shops.append(Shop(tmp_path, options))
        return shops[-1]

    yield start_shop
    for shop in shops:
        shop.server.stop()


@pytest.fixture
def shop(start: Callable[..., Shop]) -> Shop:
    return start()
