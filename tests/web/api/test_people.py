"""One person over HTTP: features and audiences as of now, for whoever has the read key."""

import json
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from tailorbird import bootstrap
from tailorbird.cli.serve import make_app
from tailorbird.project.project import Project, load_project

pytestmark = pytest.mark.slow

KEY = {"Authorization": "Bearer r3ad"}
PATH = "/v1/people/features"


@pytest.fixture
def project(filled: Path, tmp_path: Path) -> Project:
    shutil.copytree(filled, tmp_path / "wren")
    return load_project(tmp_path / "wren")


@pytest.fixture
def client(project: Project) -> Iterator[TestClient]:
    with TestClient(make_app(project, None, read_key="r3ad")) as client:
        ask_when_ready(client, "nobody")
        yield client


def ask_when_ready(client: TestClient, person: str) -> Response:
    """The answer, once the server has read its event log."""
    until = time.monotonic() + 60
    while (found := client.post(PATH, json={"user_id": person}, headers=KEY)).status_code == 503:
        assert time.monotonic() < until, "the server is still reading the event log"
        time.sleep(0.02)
    return found


@pytest.fixture
def person(project: Project) -> str:
    rows = bootstrap.open_events(project).rows("SELECT min(person_id) FROM people")
    return str(rows[0][0])


def test_a_person_is_told_with_features_audiences_and_what_is_withheld(
    client: TestClient, person: str, project: Project
) -> None:
    found = client.post(PATH, json={"user_id": person}, headers=KEY)
    assert found.status_code == 200
    assert found.headers["cache-control"] == "no-store"
    told = found.json()
    assert told["person_id"] == person
    assert set(told["features"]) == {feature.name for feature in project.features}
    assert set(told["audiences"]) == set(project.audiences)
    assert told["experiments"] == {}, "no campaign of the shop has variants"
    assert all(told["features"][name] is None for name in (*told["missing"], *told["withheld"]))


def test_an_event_moves_a_person_into_an_audience_within_seconds(
    client: TestClient, person: str, project: Project
) -> None:
    def member() -> bool:
        body = {"user_id": person, "audiences": ["basket"]}
        return bool(client.post(PATH, json=body, headers=KEY).json()["audiences"]["basket"])

    assert not member()
    now = datetime.now(UTC)
    added = {"product_id": "p", "quantity": 1, "cart_id": "c"}
    event = {"userId": person, "messageId": "in", "event": "Product Added", "properties": added}
    consent = {"userId": person, "messageId": "yes", "traits": {"consents": {"email_marketing": True}}}
    assert client.post("/v1/identify", json=consent).status_code == 200
    assert client.post("/v1/track", json=event).status_code == 200
    until = now.timestamp() + 10
    while not member():
        assert datetime.now(UTC).timestamp() < until, "not a member after ten seconds"


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"{", 400, "no question"),
        (b'{"user_id": 3}', 400, "no question"),
        (b'{"user": "a"}', 400, "no question"),
        (b"{}", 400, "one of user_id and anonymous_id"),
        (b'{"user_id": "zoe"}', 404, "nobody of that id"),
        (b'{"user_id": "zoe", "audiences": ["lapsd"]}', 400, "no audience 'lapsd'"),
        (json.dumps({"user_id": "x" * 20_000}).encode(), 400, "longer than"),
    ],
)
def test_a_wrong_question_is_one_clear_problem(client: TestClient, body: bytes, status: int, said: str) -> None:
    answer = client.post(PATH, content=body, headers=KEY)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert said in answer.json()["detail"]


def test_nobody_reads_without_the_key_and_by_post_alone(client: TestClient) -> None:
    assert client.post(PATH, json={"user_id": "a"}).status_code == 401
    assert client.post(PATH, json={"user_id": "a"}, headers={"Authorization": "Bearer r3ae"}).status_code == 401
    assert client.get(PATH, headers=KEY).status_code == 405


def test_without_a_read_key_there_is_no_such_path(project: Project) -> None:
    with TestClient(make_app(project, None)) as client:
        assert client.post(PATH, json={"user_id": "a"}, headers=KEY).status_code == 404


def test_a_persons_variant_is_told_to_an_app_that_shows_it(project: Project, person: str) -> None:
    file = project.root / "campaigns" / "win_back.yaml"
    file.write_text(file.read_text() + "experiment: {control: a, variants: {a: {}, b: {}}}\n")
    everybody = project.root / "audiences" / "lapsed.yaml"
    everybody.write_text("name: lapsed\nnone:\n  - {feature: orders_90d, at_least: 100000}\n")
    with TestClient(make_app(load_project(project.root), None, read_key="r3ad")) as client:
        told = ask_when_ready(client, person).json()
    assert told["audiences"]["lapsed"] is ("orders_90d" not in told["withheld"])
    if told["audiences"]["lapsed"]:
        assert told["experiments"]["win_back"] in ("a", "b", "holdout")
    else:
        assert told["experiments"] == {}
