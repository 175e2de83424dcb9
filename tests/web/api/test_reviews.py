"""The review queue over HTTP: who a key stands for, what they may do, and that one of two at once wins."""

import contextlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from tailorbird import bootstrap
from tailorbird.cli.import_files import import_all
from tailorbird.cli.init import copy_example
from tailorbird.cli.serve import make_app
from tailorbird.cli.terminal import Quiet
from tailorbird.pipeline.review.keys import make_key, revoke_keys
from tailorbird.project.project import Project, load_project
from tailorbird.stages.review.policy import content_hash
from tailorbird.types.creative import Creative
from tailorbird.web.api.reviews import PATH
from tailorbird.web.server import BackgroundServer

pytestmark = pytest.mark.slow

POLICY = """\
people:
  ana: {roles: [creative]}
  ben: {roles: [creative, ops]}
  lea: {roles: [legal]}
  dan: {roles: [data]}
"""
TEXT = "Have you seen this? {{ item.name }}"
FINDING = {"check": "words", "severity": "warning", "span": [0, 4], "type": "unknown_word", "reason": "is odd"}
NOTES = {
    "verdict": {"status": "review", "findings": [FINDING]},
    "prompt": "subject@v1",
    "prompt_hash": "p1",
    "model": {"name": "m", "digest": "d1"},
    "brief": {"family": "kettles", "slots": ["item.name"], "facts": {}},
}
POSTGRES = os.environ.get("TAILORBIRD_POSTGRES", "postgresql+psycopg://127.0.0.1:5432/test")


@dataclass
class Desk:
    """A running app, its project, and everybody's key."""

    client: TestClient
    project: Project
    keys: dict[str, str]

    def add(self, name: str = "c_1", text: str = TEXT, **more: Any) -> str:
        line = Creative(name, "b_1", "win_back", "subject", "en-GB", text, "model", content_hash(text), **more)
        bootstrap.open_state(self.project).creatives.save([line], {name: NOTES})
        return line.content_hash

    def get(self, path: str = "", who: str = "ana", **query: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.keys[who]}"}
        return self.client.get(PATH + path, params=query, headers=headers)

    def post(self, path: str, who: str = "ana", **body: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.keys[who]}"}
        return self.client.post(f"{PATH}/{path}", json=body, headers=headers)


def open_desk(root: Path, state: str = "") -> Iterator[Desk]:
    copy_example(root)
    (root / "policies" / "review.yaml").write_text(POLICY)
    if state:
        settings = root / "tailorbird.yaml"
        settings.write_text(settings.read_text() + f'\nstate: "{state}"\n')
    project = load_project(root)
    import_all(project, ["catalog"], None, Quiet())
    store, recorder, now = bootstrap.open_reviewer_keys(project), bootstrap.open_recorder(project), datetime.now(UTC)
    keys = {name: make_key(project, store, recorder, name, (), now)[0] for name in ("ana", "ben", "lea", "dan")}
    with TestClient(make_app(project, "public")) as client:
        yield Desk(client, project, keys)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    yield from open_desk(tmp_path / "wren")


def test_the_queue_is_listed_page_by_page_with_why(desk: Desk) -> None:
    desk.add()
    desk.add("c_2", "Save on {{ item.name }}")
    page = desk.get(limit=1).json()
    assert (page["total"], len(page["lines"]), bool(page["after"])) == (2, 1, True)
    rest = desk.get(limit=1, after=page["after"]).json()
    lines = {line["creative_id"]: line for line in (*page["lines"], *rest["lines"])}
    assert set(lines) == {"c_1", "c_2"} and rest["after"] == ""
    assert lines["c_1"]["reasons"] == ["finding", "new_prompt", "new_model"]
    assert (lines["c_2"]["needs"], lines["c_2"]["detail"]) == (["reviewer", "legal"], "for the lawyer: price")
    assert [line["creative_id"] for line in desk.get(role="legal").json()["lines"]] == ["c_2"]
    assert desk.get(campaign="other").json() == {"lines": [], "total": 0, "after": ""}
    assert desk.get().headers["cache-control"] == "no-store"


def test_a_line_is_shown_as_it_reads_with_findings_at_their_characters(desk: Desk) -> None:
    desk.add()
    shown = desk.get("/c_1").json()
    assert [text["values"] for text in shown["texts"]] == ["shortest", "longest", "awkward"]
    for text in (*shown["texts"], shown["message"]["line"]):
        (mark,) = text["marks"]
        assert (text["text"][mark["start"] : mark["end"]], mark["type"]) == ("Have", "unknown_word")
    message = shown["message"]
    assert message["subject"] == message["line"]["text"] and "<html" in message["html"] and message["text"]
    assert (shown["prompt"], shown["model"], shown["brief"]["family"]) == ("subject@v1", "m", "kettles")
    assert desk.get("/c_9").status_code == 404


def test_a_line_is_approved_by_its_hash_alone(desk: Desk) -> None:
    read = desk.add()
    assert desk.post("c_1/approve", reason="fine").status_code == 400, "the hash must be there"
    assert desk.post("c_1/approve", hash="abc").status_code == 400, "a few digits are none"
    assert desk.post("c_1/approve", hash="0" * 64).status_code == 409
    done = desk.post("c_1/approve", hash=read, reason="fine")
    assert (done.status_code, done.json()["usable"], done.json()["closed_by"]) == (200, True, "ana")
    late = desk.post("c_1/approve", "ben", hash=read)
    assert (late.status_code, late.json()["detail"]) == (409, "c_1 is approved already, by ana")
    assert late.headers["content-type"] == "application/problem+json"
    assert [act["by"] for act in desk.get("/c_1").json()["acts"]] == ["ana"]


def test_an_editor_does_not_approve_and_an_old_text_is_approved_by_nobody(desk: Desk) -> None:
    read = desk.add()
    desk.post("c_1/approve", hash=read)
    new = desk.post("c_1/edit", "ben", hash=read, text="Have a look: {{ item.name }}").json()
    assert (new["approval"], new["version"], new["reasons"][0]) == ("pending", 2, "edited")
    assert not desk.get("/c_1").json()["line"]["usable"]
    refused = desk.post(f"{new['creative_id']}/approve", "ben", hash=new["content_hash"])
    assert (refused.status_code, "had a hand in this line" in refused.json()["detail"]) == (403, True)
    assert desk.post(f"{new['creative_id']}/approve", hash=read).status_code == 409
    assert desk.post(f"{new['creative_id']}/approve", hash=new["content_hash"]).json()["usable"]
    for text in ("", "{{ item }}", "x" * 2001, "See this and " * 20, "a\x00b", "a\nb"):
        assert desk.post("c_1/edit", hash=read, text=text, again=True).status_code == 400, text


def test_a_legal_line_needs_a_lawyer_and_roles_are_kept_apart(desk: Desk) -> None:
    read = desk.add("c_1", "Save on {{ item.name }}")
    assert desk.post("c_1/approve", "dan", hash=read).status_code == 403
    assert desk.post("c_1/approve", hash=read).json()["needs"] == ["legal"]
    assert desk.post("c_1/approve", "ben", hash=read).status_code == 403
    assert desk.post("c_1/approve", "lea", hash=read).json()["usable"]


def test_rejecting_commenting_and_escalating(desk: Desk) -> None:
    read = desk.add()
    assert desk.post("c_1/reject").status_code == 400
    assert desk.post("c_1/comment", "dan", text="ask eve@example.org\x00").status_code == 200
    asked = desk.post("c_1/escalate", role="data", reason="right?").json()
    assert (asked["assigned"], asked["needs"]) == ("data", ["reviewer", "data"])
    assert desk.post("c_1/escalate", role="admin", reason="right?").status_code == 400
    assert desk.post("c_1/escalate", role="boss", reason="right?").status_code == 400
    assert desk.post("c_1/reject", reason="dry", hash="0" * 12).status_code == 409
    assert desk.post("c_1/reject", reason="dry", hash=read[:12]).json()["approval"] == "rejected"
    assert desk.post("c_1/approve", "ben", hash=read).status_code == 409
    acts = desk.get("/c_1").json()["acts"]
    assert [(act["act"], act["text"]) for act in acts] == [
        ("comment", "ask [email]"), ("escalate", "right?"), ("reject", "dry"),
    ]  # fmt: skip


def test_without_a_key_that_holds_nothing_is_told(desk: Desk) -> None:
    desk.add()
    calls = [("GET", ""), ("GET", "/c_1"), ("GET", "/c_9"), ("POST", "/c_1/comment"), ("POST", "/c_9/comment")]
    for value in ("", "Bearer ", "Bearer tbr_wrong", f"Basic {desk.keys['ana']}", "Bearer \xff"):
        for method, path in calls:
            headers = [(b"authorization", value.encode("latin-1"))]
            answer = desk.client.request(method, PATH + path, headers=headers, content=b'{"text": "x"}')
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert desk.client.get(PATH).status_code == 401
    revoke_keys(
        bootstrap.open_reviewer_keys(desk.project), bootstrap.open_recorder(desk.project), "ana", datetime.now(UTC)
    )
    assert desk.get().status_code == 401 and desk.get(who="ben").status_code == 200


BAD_QUERIES: list[dict[str, str]] = [
    {"limit": "0"}, {"limit": "501"}, {"limit": "x"}, {"state": "done"}, {"after": "x"}, {"role": "a\x00b"},
    {"campaign": "x" * 300},
]  # fmt: skip


@pytest.mark.parametrize("query", BAD_QUERIES)
def test_parameters_that_cannot_be_used_are_refused(desk: Desk, query: dict[str, str]) -> None:
    assert desk.get(**query).status_code == 400


@pytest.fixture(params=["sqlite", "postgresql"])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """The same over each database."""
    if request.param == "sqlite":
        yield from open_desk(tmp_path / "wren")
        return
    schema = f"tb_reviews_{os.getpid()}"
    try:
        admin = sa.create_engine(POSTGRES)
        with admin.begin() as connection:
            connection.execute(sa.text(f"CREATE SCHEMA {schema}"))
    except (sa.exc.OperationalError, ModuleNotFoundError) as error:
        pytest.skip(f"no PostgreSQL at {POSTGRES}: {error}")
    yield from open_desk(tmp_path / "wren", f"{POSTGRES}?options=-csearch_path%3D{schema}")
    with admin.begin() as connection:
        connection.execute(sa.text(f"DROP SCHEMA {schema} CASCADE"))
    admin.dispose()


def test_of_two_reviewers_at_once_one_wins_and_the_other_is_told(shared: Desk) -> None:
    for number in range(3):
        name = f"c_{number}"
        read, start, answers = shared.add(name), threading.Barrier(2), dict[str, Any]()

        def act(who: str, name: str = name, read: str = read, start: Any = start, answers: Any = answers) -> None:
            start.wait()
            answers[who] = shared.post(f"{name}/approve", who, hash=read)

        threads = [threading.Thread(target=act, args=(who,)) for who in ("ana", "ben")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answer.status_code for answer in answers.values()) == [200, 409]
        line = shared.get(f"/{name}").json()
        (winner,) = [who for who, answer in answers.items() if answer.status_code == 200]
        assert (line["line"]["closed_by"], [act["by"] for act in line["acts"]]) == (winner, [winner])
        (loser,) = [answer for answer in answers.values() if answer.status_code == 409]
        assert f"by {winner}" in loser.json()["detail"]


def statuses(desk: Desk, operation: Any, mode: Any) -> set[int]:
    """What the operation answers, about the line that is there."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis.errors import Unsatisfiable
    from schemathesis.checks import not_a_server_error

    seen, headers = set[int](), {"Authorization": f"Bearer {desk.keys['ben']}"}

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=12,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def send(case: Any) -> None:
        if case.path_parameters:
            case.path_parameters["creative_id"] = "c_1"
        response = case.call(headers=headers, timeout=20)
        seen.add(response.status_code)
        case.validate_response(response, checks=[not_a_server_error])

    with contextlib.suppress(Unsatisfiable):
        send()
    return seen


def test_no_request_about_a_line_that_is_there_makes_the_server_fail(shared: Desk) -> None:
    import schemathesis

    shared.add()
    schema = schemathesis.openapi.from_dict(shared.client.get("/openapi.json").json())
    modes = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
    seen: dict[str, set[int]] = {}
    with BackgroundServer(make_app(shared.project, "public")) as server:
        schema.config.update(base_url=server.url)
        for result in schema.include(path_regex="^/v1/review").get_all_operations():
            operation: Any = result.ok()  # type: ignore[union-attr]
            seen[operation.label] = {status for mode in modes for status in statuses(shared, operation, mode)}
    assert len(seen) == 7
    assert all(200 in seen[f"POST {PATH}/{{creative_id}}/{act}"] for act in ("comment", "reject")), seen
    assert not [label for label, answered in seen.items() if answered <= {401}]
