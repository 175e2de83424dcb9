"""A person whom everybody knows, and a search for them in everything that Tailorbird wrote."""

import base64
import gzip
import quopri
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import duckdb
import sqlalchemy as sa

from tailorbird import bootstrap
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.adapters.sql.tables import metadata
from tailorbird.pipeline.verify_audit import AuditReport, verify_audit
from tailorbird.project.project import Project
from tailorbird.types.event import Event
from tailorbird.types.person import Person

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ZED = "zed-77120"
VALUES = (
    ZED,
    "zed.quill@example.net",
    "+44 20 7946 0321",
    "Zedekiah",
    "anon-zed-1",
    "anon-zed-2",
    "a very odd hat 9321",
)
"""What only this person has: id, address, phone, name, devices, and something they looked for."""


def event(n: int, kind: Any = "track", **more: Any) -> Event:
    base: dict[str, Any] = {"user_id": ZED, "timestamp": NOW, "received_at": NOW, "message_id": f"zed-event-{n}"}
    return Event(type=kind, **{**base, **more})


def meet(project: Project) -> None:
    """Let the person be known: by two devices, with traits, orders and a search."""
    traits = {"email": VALUES[1], "phone": VALUES[2], "firstName": VALUES[3], "locale": "en-GB"}
    consents = {"email_marketing": True, "personalization": True}
    log = SegmentLog(project.state_dir / "events")
    log.append(
        [
            event(1, user_id=None, anonymous_id=VALUES[4], event="Products Searched", properties={"query": VALUES[6]}),
            event(2, "identify", anonymous_id=VALUES[4], traits={**traits, "consents": consents}),
            event(3, user_id=None, anonymous_id=VALUES[5], event="Product Viewed"),
            event(4, event="Product Viewed", anonymous_id=VALUES[5], context={"ip": "203.0.113.77"}),
        ]
    )
    log.close()


def everything(project: Project) -> Iterator[tuple[str, bytes]]:
    """(place, bytes) of every file that Tailorbird wrote, as it lies there and decoded; and of every table."""
    for path in sorted(project.state_dir.rglob("*")):
        if not path.is_file():
            continue
        content = path.read_bytes()
        yield str(path), str(path.name).encode()
        yield str(path), content
        if path.suffix == ".gz":
            yield str(path), gzip.decompress(content)
        if path.suffix == ".parquet":
            with duckdb.connect() as connection:
                yield str(path), repr(connection.execute("FROM read_parquet($f)", {"f": str(path)}).fetchall()).encode()
        if path.suffix in (".eml", ".html"):
            yield str(path), quopri.decodestring(content)
            for part in content.split(b"\r\n\r\n"):
                try:
                    yield str(path), base64.b64decode(b"".join(part.split()), validate=True)
                except ValueError:
                    continue
    engine = bootstrap.audit.open_engine(project)
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            rows = connection.execute(sa.select(table)).all()
            yield table.name, repr([tuple(map(_plain, row)) for row in rows]).encode()
    engine.dispose()


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def places_with(project: Project, values: tuple[str, ...]) -> list[tuple[str, str]]:
    """(place, value) of every value that is still somewhere.

    An id such as c00554 may happen to stand inside a hash: what is itself of hexadecimal digits counts only where no
    further such digit touches it.
    """
    wanted = [(value, _pattern(value.lower())) for value in values]
    texts = [(place, text.lower()) for place, text in everything(project)]
    return sorted({(place, value) for place, text in texts for value, pattern in wanted if pattern.search(text)})


def _pattern(value: str) -> re.Pattern[bytes]:
    exact = re.escape(value.encode())
    if re.fullmatch("[0-9a-f]+", value):
        exact = b"(?<![0-9a-f])" + exact + b"(?![0-9a-f])"
    return re.compile(exact)


def is_sound(project: Project) -> AuditReport:
    witness = bootstrap.open_witness(project)
    return verify_audit(bootstrap.open_audit(project), witness.leaves(), witness.heads())


def find(project: Project, name: str = ZED) -> Person:
    found = bootstrap.find_anybody(project, name)[0]
    assert found is not None
    return found


def traces_of(project: Project, person_id: str) -> tuple[str, ...]:
    """Ids of decisions and messages made for a person."""
    decided = bootstrap.open_state(project).decisions.find("win_back", "1")
    return tuple(d.decision_id for d in decided if d.person_id == person_id)


def everybody_wrote(project: Project) -> str:
    """The id of somebody who got a message."""
    key = sorted((project.state_dir / "outbox").glob("*.eml"))[0].stem
    decided = bootstrap.open_state(project).decisions.find("win_back", "1")
    from tailorbird.stages.channels.email_message import idempotency_key

    return next(d.person_id for d in decided if idempotency_key(d.decision_id, "email") == key)
