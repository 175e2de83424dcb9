"""Complaints and bounces over HTTP: who may report, what counts, what is refused."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from tailorbird import bootstrap
from tailorbird.cli.serve import make_app
from tailorbird.web.api.feedback import PATH, REPORTS_MAX

pytestmark = pytest.mark.slow

KEY = {"Authorization": "Bearer f33dback"}


@pytest.fixture
def client(ran: Any) -> Iterator[TestClient]:
    with TestClient(make_app(ran.project, "public", feedback_key="f33dback"), headers=KEY) as client:
        yield client


@pytest.fixture
def message(ran: Any) -> str:
    from tailorbird.stages.channels.email_message import idempotency_key, message_id

    state = bootstrap.open_state(ran.project)
    decision = next(d for d in state.decisions.find("win_back") if d.arm == "treatment")
    return message_id(idempotency_key(decision.decision_id, "email"))


def arf(message: str) -> bytes:
    return (
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nX-Tailorbird-Message: {message}\r\n\r\n--b--\r\n"
    ).encode()


def test_a_complaint_counts_once_and_the_person_is_written_to_no_more(
    client: TestClient, ran: Any, message: str
) -> None:
    body = {"reports": [{"type": "complaint", "message_id": message}, {"type": "bounce", "message_id": "m_none"}]}
    first = client.post(PATH, json=body)
    assert (first.status_code, first.json()) == (200, {"counted": 1, "known": 0, "unknown": ["m_none"]})
    assert client.post(PATH + "/mail", content=arf(message)).json() == {"counted": 0, "known": 1, "unknown": []}
    state = bootstrap.open_state(ran.project)
    record = state.messages.find(message)
    assert record is not None and state.suppressions.among([record.person_id], "email")
    rows = bootstrap.open_events(ran.project).rows("SELECT event FROM events WHERE event = 'Email Marked as Spam'")
    assert len(rows) == 1


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic f33dback"}])
def test_without_the_key_nothing_counts(client: TestClient, header: dict[str, str], message: str) -> None:
    body = json.dumps({"reports": [{"type": "complaint", "message_id": message}]})
    for path, content in ((PATH, body.encode()), (PATH + "/mail", arf(message))):
        answer = client.post(path, content=content, headers={"Authorization": "", **header})
        assert answer.status_code == 401
    assert client.post(PATH, content=body).json()["counted"] == 1


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"\xff", b'{"reports": []}', b'{"reports": [{"type": "love", "message_id": "m"}]}',
        b'{"reports": [{"type": "complaint"}]}', b'{"reports": [{"type": "complaint", "message_id": "m", "x": 1}]}',
        json.dumps({"reports": [{"type": "complaint", "message_id": "m"}] * (REPORTS_MAX + 1)}).encode(),
    ],
)  # fmt: skip
def test_what_is_no_list_of_reports_is_refused_whole(client: TestClient, body: bytes) -> None:
    assert client.post(PATH, content=body).status_code == 400


def test_a_mail_that_is_no_report_is_refused(client: TestClient) -> None:
    answer = client.post(PATH + "/mail", content=b"Subject: hello\r\n\r\nNice mail!\r\n")
    assert answer.status_code == 400 and "no part is" in answer.json()["detail"]


def test_without_a_key_there_is_no_route(ran: Any) -> None:
    with TestClient(make_app(ran.project, "public")) as client:
        assert client.post(PATH, json={"reports": []}).status_code == 404
