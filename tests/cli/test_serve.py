"""The tracking server on the command line."""

import http.client
import json
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.cli.serve import make_app, media_folder, serve
from tailorbird.pipeline import withdrawals
from tailorbird.project.errors import ProjectError
from tailorbird.stages.tracking.tokens import sign_token
from tailorbird.testing.state_conformance import MOMENT, example_message
from tailorbird.types.receipt import Receipt
from tailorbird.web import server
from tailorbird.web.server import BackgroundServer

pytestmark = pytest.mark.slow


def test_a_port_in_use_is_one_clear_error(tailorbird: Any, ran: Any) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        error = tailorbird("serve", ran.root, "--port", port).error
    assert str(port) in error and "--port" in error


def test_the_app_of_a_project_answers(ran: Any) -> None:
    with BackgroundServer(make_app(ran.project, None)) as server:
        connection = http.client.HTTPConnection(server.url.removeprefix("http://"))
        connection.request("GET", "/u/not-a-token")
        assert connection.getresponse().status in (400, 404)
        connection.close()


def test_an_unsubscription_empties_the_queue_of_the_state_database(ran: Any) -> None:
    state = bootstrap.open_state(ran.project)
    sent, queued = (
        replace(
            example_message("quinn"), campaign="letters", message_id=f"m_quinn_{n}", idempotency_key=f"key-quinn-{n}"
        )
        for n in range(2)
    )
    state.outbox.queue([sent])
    (claimed,) = state.outbox.claim("letters", "1", 1)
    state.outbox.settle([Receipt(claimed.message.idempotency_key, "sent", MOMENT)])
    state.outbox.queue([queued])
    token = sign_token("u", (sent.message_id,), bootstrap.open_keys(ran.project)[0])
    with BackgroundServer(make_app(ran.project, None)) as server:
        connection = http.client.HTTPConnection(server.url.removeprefix("http://"))
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", f"/u/{token}", b"List-Unsubscribe=One-Click", form)
        assert connection.getresponse().status == 200
        connection.close()
    assert dict(state.outbox.counts("letters")) == {"sent": 1, "withdrawn": 1}
    gone, kept = state.messages.find(queued.message_id), state.messages.find(sent.message_id)
    assert gone is not None and (gone.address, gone.detail) == ("", "unsubscribed")
    assert kept is not None and kept.address == sent.address, "what was sent stays on record"
    assert state.outbox.claim("letters", "1", 10) == []


def test_an_open_is_not_recorded_once_the_server_has_taken_a_no_to_open_tracking(
    ran: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(withdrawals, "REFRESH_SECONDS", 0.0)
    message = replace(example_message("rose"), message_id="m_rose", idempotency_key="key-rose")
    bootstrap.open_state(ran.project).outbox.queue([message])
    path = f"/o/{sign_token('o', ('m_rose',), bootstrap.open_keys(ran.project)[0])}.gif"
    no = {"userId": "rose", "event": "Consent Updated", "properties": {"consents": {"open_tracking": False}}}
    with BackgroundServer(make_app(ran.project, None)) as server:
        connection = http.client.HTTPConnection(server.url.removeprefix("http://"))
        for method, where, body in (
            ("GET", path, None), ("POST", "/v1/track", json.dumps(no)), ("GET", path, None),
        ):  # fmt: skip
            connection.request(method, where, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            assert answer.status == 200 and answer.read()
        connection.close()
    warehouse = bootstrap.open_events(ran.project)
    found = warehouse.rows("SELECT event FROM all_events WHERE user_id = 'rose' ORDER BY received_at")
    assert found == [("Email Opened",), ("Consent Updated",)]


def test_the_server_needs_a_project(tailorbird: Any, tmp_path: Path) -> None:
    assert "no tailorbird.yaml here" in tailorbird("serve", tmp_path).error


@pytest.mark.parametrize(("key", "warned"), [("", True), ("secret", False)])
def test_a_server_without_a_write_key_warns_that_anybody_can_post(
    key: str, warned: bool, ran: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop_once_ready(_app: Any, _port: int, ready: Callable[[str], None]) -> None:
        ready("http://127.0.0.1:1")

    monkeypatch.setattr(server, "serve", stop_once_ready)
    serve([str(ran.root)], write_key=key)
    warning = "anybody who reaches the port can post events"
    assert (warning in capsys.readouterr().err) is warned


@pytest.mark.parametrize("images", [".", "", "..", "media/../.tailorbird", ".tailorbird/keys", "/etc", "a/.b"])
def test_the_folder_of_images_is_one_that_may_be_public(ran: Any, images: str) -> None:
    settings = ran.project.settings
    project = replace(ran.project, settings=replace(settings, catalog=replace(settings.catalog, images=images)))
    with pytest.raises(ProjectError, match=r"catalog\.images.*a folder inside the project"):
        media_folder(project)
    assert media_folder(ran.project) == ran.root / "media"
