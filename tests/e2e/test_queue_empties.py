"""A queue is full, a real run sends slowly to a real relay, and people say no by events: what waits for them is gone
within seconds, and the relay gets nothing of them afterwards. On SQLite and on PostgreSQL."""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tailorbird import bootstrap
from tailorbird.pipeline.state import State
from tailorbird.project.project import Project, load_project
from tests.adapters.sql.conftest import POSTGRES, REQUIRED

from .processes import Server, Sink, await_mails, relayed, running, serving

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


def prepared(filled: Path, root: Path, state_url: str) -> Project:
    shutil.copytree(filled, root)
    with (root / "tailorbird.yaml").open("a") as settings:
        settings.write(f"state: {json.dumps(state_url)}\n" if state_url else "")
    return load_project(root)


def say(server: Server, kind: str, **event: Any) -> float:
    """The moment of the acknowledgment."""
    return server.post(f"/v1/{kind}", json.dumps(event).encode())[1]


def say_no(server: Server, number: int, person: str) -> float:
    """The last of the events that make a no of the person: plain, by another id, by a device, or as a trait."""
    no, old = {"consents": {"email_marketing": False}}, f"old-{person}"
    if number % 4 == 0:
        return say(server, "track", event="Consent Updated", userId=person, properties=no)
    if number % 4 == 1:
        say(server, "alias", userId=person, previousId=old)
        return say(server, "track", event="Consent Updated", userId=old, properties=no)
    if number % 4 == 2:
        say(server, "track", event="Consent Updated", anonymousId=old, properties=no)
        return say(server, "identify", userId=person, anonymousId=old)
    return say(server, "identify", userId=person, traits=no)


def one_run(filled: Path, root: Path, state_url: str) -> list[float]:
    """Seconds from each acknowledgment until what waited is withdrawn."""
    sink, project = Sink(), prepared(filled, root, state_url)
    state = bootstrap.open_state(project)
    with relayed(root, sink), running(root) as run, serving(root) as server:
        await_mails(sink.taken, run)
        queued = {one.person_id: one for one in state.waiting.waiting(state.waiting.people())}
        # From the end of the queue: these have the longest to wait, so that only an emptied queue stops them soon.
        chosen = sorted(queued, key=lambda person: queued[person].idempotency_key)[-CHOSEN:]
        said: dict[str, float] = {}
        gone: dict[str, float] = {}
        for number, person in enumerate(chosen):
            said[person] = say_no(server, number, person)
            look(state, queued, said, gone)
        until = time.monotonic() + 2 * LIMIT_SECONDS
        while len(gone) < len(said) and time.monotonic() < until:
            look(state, queued, said, gone)
            time.sleep(0.05)
        assert run.poll() is None, "the run was to last longer than the withdrawals"
        assert set(gone) == set(said)
        assert run.wait() == 0
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
