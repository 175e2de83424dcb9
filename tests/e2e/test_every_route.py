"""Random requests, right and wrong, to every route of a real server that has every key."""

import contextlib
import json
import re
import shutil
import time
import urllib.request
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest

from tailorbird import bootstrap
from tailorbird.cli.serve import make_app
from tailorbird.pipeline.review.keys import make_key
from tailorbird.project.project import load_project
from tailorbird.web.server import BackgroundServer

KEYS = {"writeKey": "w", "readKey": "r", "catalogKey": "c", "validateKey": "v", "feedbackKey": "f"}
SHORT = re.compile("/v1/[a-z]")
"""Short names of browsers: the same code under other paths."""


def authorization(definition: dict[str, Any]) -> dict[str, str]:
    """The header that the operation asks for; KeyError: a key that this test does not have."""
    names = [name for way in definition.get("security", ()) for name in way]
    if not names:
        return {}
    key = KEYS[names[0]]
    basic = b64encode(f"{key}:".encode()).decode()
    return {"Authorization": f"Basic {basic}" if names[0] == "writeKey" else f"Bearer {key}"}


def statuses(operation: Any, mode: Any) -> set[int]:
    """What the operation answers to requests of the mode; fails at a server's error."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis.errors import Unsatisfiable
    from schemathesis.checks import not_a_server_error

    headers, seen = authorization(operation.definition.raw), set[int]()

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=10,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    def send(case: Any) -> None:
        response = case.call(headers=headers, allow_redirects=False, timeout=20)
        seen.add(response.status_code)
        case.validate_response(response, checks=[not_a_server_error])

    with contextlib.suppress(Unsatisfiable):  # Where there is nothing to get wrong.
        send()
    return seen


def wait_until_people_are_read(url: str) -> None:
    """Until then, a question for one person is answered with 503."""
    headers = {"Authorization": f"Bearer {KEYS['readKey']}"}
    question = urllib.request.Request(url + "/v1/people/features", b'{"user_id": "nobody"}', headers)
    for _ in range(600):
        try:
            urllib.request.urlopen(question)
        except HTTPError as error:
            if error.code == 404:
                return
        time.sleep(0.1)
    raise AssertionError("the server did not come to know its people")


@pytest.mark.slow
@pytest.mark.e2e
def test_no_request_makes_any_route_fail_and_none_is_left_out(filled: Path, tmp_path: Path) -> None:
    import schemathesis

    @schemathesis.serializer("message/rfc822")
    def as_mail(_context: Any, value: Any) -> bytes:
        return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")

    shutil.copytree(filled, tmp_path / "wren")
    project = load_project(tmp_path / "wren")
    store, recorder = bootstrap.open_reviewer_keys(project), bootstrap.open_recorder(project)
    KEYS["reviewerKey"] = make_key(project, store, recorder, "tom", (), datetime.now(UTC))[0]
    others: dict[str, Any] = {
        "read_key": KEYS["readKey"],
        "catalog_key": KEYS["catalogKey"],
        "validate_key": KEYS["validateKey"],
        "feedback_key": KEYS["feedbackKey"],
    }
    app = make_app(project, KEYS["writeKey"], **others)
    answered: dict[str, set[int]] = {}
    with BackgroundServer(app) as server:
        wait_until_people_are_read(server.url)
        with urllib.request.urlopen(server.url + "/openapi.json") as answer:
            document = json.load(answer)
        schema = schemathesis.openapi.from_dict(document)
        schema.config.update(base_url=server.url)
        for result in schema.exclude(path_regex=f"{SHORT.pattern}$").get_all_operations():
            operation: Any = result.ok()  # type: ignore[union-attr]
            modes = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
            answered[operation.label] = {status for mode in modes for status in statuses(operation, mode)}
        with urllib.request.urlopen(server.url + "/health") as answer:
            assert answer.status == 200
    described = {f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods}
    assert set(answered) == {label for label in described if not SHORT.fullmatch(label.split()[1])}
    assert not [label for label, seen in answered.items() if seen <= {401}], "a key was not taken: nothing was tried"
    assert {200, 400} <= answered["POST /v1/validate"]
    assert 200 in answered["POST /v1/catalog/items"] and 400 in answered["POST /v1/catalog/items"]
