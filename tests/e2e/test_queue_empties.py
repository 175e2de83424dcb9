"""A queue is full, a real run sends slowly to a real relay, and people say no by events: what waits for them is gone
within seconds, and the relay gets nothing of them afterwards. On SQLite and on PostgreSQL."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller

from tailorbird import bootstrap
from tailorbird.pipeline.state import State
from tailorbird.project.project import Project, load_project
from tests.adapters.sql.conftest import POSTGRES, REQUIRED
from tests.e2e import test_withdrawal_while_sending as sending

LIMIT_SECONDS = 5.0
CHOSEN = 110
REASON = "consent withdrawn: the person said no"


@pytest.fixture(params=["sqlite", "postgresql"])
def new_state(request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """Makes a database of its own for each project; '' is the project's own file."""
    if request.param == "sqlite":
        yield str
        return
    try:
        admin = sa.create_engine(POSTGRES)
        admin.connect().close()
    except (sa.exc.OperationalError, ModuleNotFoundError) as error:
        if REQUIRED:
            raise
        pytest.skip(f"no PostgreSQL at {POSTGRES}: {error}")
    made: list[str] = []

    def make() -> str:
        made.append(f"tb_queue_{os.getpid()}_{len(made)}")
        with admin.begin() as connection:
            connection.execute(sa.text(f"CREATE SCHEMA {made[-1]}"))
        return f"{POSTGRES}?options=-csearch_path%3D{made[-1]}"

    yield make
    with admin.begin() as connection:
        for schema in made:
            connection.execute(sa.text(f"DROP SCHEMA {schema} CASCADE"))
    admin.dispose()


def prepared(filled: Path, root: Path, port: int, state_url: str) -> Project:
    shutil.copytree(filled, root)
    settings = root / "tailorbird.yaml"
    smtp = f"delivery:\n  adapter: smtp\n  host: 127.0.0.1\n  port: {port}\n  starttls: false\n"
    text = settings.read_text().replace("delivery:\n  adapter: files\n", smtp)
    settings.write_text(text + (f"state: {json.dumps(state_url)}\n" if state_url else ""))
    return load_project(root)


def say(port: int, kind: str, **event: Any) -> float:
    """The moment of the acknowledgment."""
    return sending.post(port, f"/v1/{kind}", json.dumps(event).encode(), "application/json")


def say_no(port: int, number: int, person: str) -> float:
    """The last of the events that make a no of the person: plain, by another id, by a device, or as a trait."""
    no, old = {"consents": {"email_marketing": False}}, f"old-{person}"
    if number % 4 == 0:
        return say(port, "track", event="Consent Updated", userId=person, properties=no)
    if number % 4 == 1:
        say(port, "alias", userId=person, previousId=old)
        return say(port, "track", event="Consent Updated", userId=old, properties=no)
    if number % 4 == 2:
        say(port, "track", event="Consent Updated", anonymousId=old, properties=no)
        return say(port, "identify", userId=person, anonymousId=old)
    return say(port, "identify", userId=person, traits=no)


def one_run(filled: Path, root: Path, state_url: str) -> list[float]:
    """Seconds from each acknowledgment until what waited is withdrawn."""
    sink = sending.Sink()
    relay = Controller(sink, hostname="127.0.0.1", port=sending.free_port())
    relay.start()
    project = prepared(filled, root, relay.port, state_url)
    state = bootstrap.open_state(project)
    run = subprocess.Popen([sending.TAILORBIRD, "run", "--no-model", str(root), "win_back"], stderr=subprocess.DEVNULL)
    try:
        with sending.serving(root) as port:
            while not sink.taken and run.poll() is None:
                time.sleep(0.02)
            queued = {one.person_id: one for one in state.waiting.waiting(state.waiting.people())}
            # From the end of the queue: these have the longest to wait, so that only an emptied queue stops them soon.
            chosen = sorted(queued, key=lambda person: queued[person].idempotency_key)[-CHOSEN:]
            said: dict[str, float] = {}
            gone: dict[str, float] = {}
            for number, person in enumerate(chosen):
                said[person] = say_no(port, number, person)
                look(state, queued, said, gone)
            until = time.monotonic() + 2 * LIMIT_SECONDS
            while len(gone) < len(said) and time.monotonic() < until:
                look(state, queued, said, gone)
                time.sleep(0.05)
            assert run.poll() is None, "the run was to last longer than the withdrawals"
            assert set(gone) == set(said)
            assert run.wait() == 0
    finally:
        run.kill()
        relay.stop()
    assert len(sink.taken) > 1
    assert not {queued[person].address.lower() for person in chosen} & set(sink.taken)
    return [max(0.0, gone[person] - said[person]) for person in chosen]


def look(state: State, queued: dict[str, Any], said: dict[str, float], gone: dict[str, float]) -> None:
    waiting = {record.person_id for record in state.waiting.waiting(sorted(said.keys() - gone))}
    for person in said.keys() - gone - waiting:
        found = state.messages.find(queued[person].message_id)
        assert found is not None and (found.state, found.detail, found.address) == ("withdrawn", REASON, "")
        gone[person] = time.monotonic()


@pytest.mark.e2e
@pytest.mark.slow
def test_a_queue_is_emptied_within_five_seconds_of_a_no(
    filled: Path, tmp_path: Path, new_state: Callable[[], str]
) -> None:
    lags = one_run(filled, tmp_path / "wren", new_state())
    assert len(lags) == CHOSEN
    lags.sort()
    p99 = lags[int(len(lags) * 0.99)]
    print(f"{len(lags)} people: median {lags[len(lags) // 2]:.2f} s, p99 {p99:.2f} s, longest {lags[-1]:.2f} s")
    assert p99 < LIMIT_SECONDS
