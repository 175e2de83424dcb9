import pytest
from starlette.requests import Request
from starlette.responses import Response

from tailorbird.web.operation import Answer, Operation


async def hello(_: Request) -> Response:
    return Response("hello")


def test_an_operation_is_a_route_of_its_method() -> None:
    route = Operation("GET", "/hello/{name}", "Say hello", {200: Answer("Hello.")}, hello).route()
    assert (route.path, route.methods) == ("/hello/{name}", {"GET", "HEAD"})


def test_what_answers_by_itself_has_no_route() -> None:
    with pytest.raises(ValueError, match="no endpoint"):
        Operation("POST", "/fast", "Be fast", {200: Answer("Done.")}).route()
