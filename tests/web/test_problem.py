from collections.abc import Callable
from typing import Any

import pytest

from tailorbird.types.message import MessageRecord
from tailorbird.web.problem import problem


def test_a_problem_names_its_status_and_what_is_wrong() -> None:
    answer = problem(400, "too long")
    assert answer.media_type == "application/problem+json"
    assert answer.body == (b'{"type":"about:blank","title":"Bad Request","status":400,"detail":"too long"}')


@pytest.mark.slow
def test_unknown_paths_and_methods_are_problems_too(shop: Any) -> None:
    for method, path, status in (("GET", "/nowhere", 404), ("GET", "/v1/track", 405), ("DELETE", "/health", 405)):
        answer = shop.call(method, path)
        assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json")
        assert answer.json()["status"] == status


@pytest.mark.slow
def test_a_defect_is_answered_without_its_details(start: Callable[..., Any]) -> None:
    class BrokenIndex:
        def find(self, message_id: str) -> MessageRecord | None:
            raise RuntimeError("password in a traceback")

    shop = start(messages=BrokenIndex())
    answer = shop.call("GET", f"/o/{shop.token('o')}.gif")
    assert answer.status == 500
    assert b"password" not in answer.body
