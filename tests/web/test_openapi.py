"""The OpenAPI document, and what random requests made from it do to the server."""

import contextlib
import json
from typing import Any

import msgspec
import pytest
from starlette.routing import Mount

from tailorbird.web.openapi import openapi_document
from tailorbird.web.operation import Answer, Body, Operation, Parameter


class Pet(msgspec.Struct):
    name: str


def test_an_operation_is_described_with_its_parameters_body_and_answers() -> None:
    one = Operation(
        "POST",
        "/pets/{pet_id}/{rest:path}",
        "Feed a pet",
        {200: Answer("Fed.", Pet), 204: Answer("Not hungry.")},
        parameters=(Parameter("grams", "how much", kind=int, required=True),),
        body=Body(Pet),
        problems={404: "No such pet."},
        write_key=True,
    )
    document = openapi_document([one], "1")
    told = document["paths"]["/pets/{pet_id}/{rest}"]["post"]
    assert [(p["name"], p["in"], p["required"]) for p in told["parameters"]] == [
        ("pet_id", "path", True), ("rest", "path", True), ("grams", "query", True),
    ]  # fmt: skip
    assert told["parameters"][2]["schema"] == {"type": "integer"}
    assert told["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Pet"}
    assert list(told["responses"]) == ["200", "204", "404"]
    assert list(told["responses"]["404"]["content"]) == ["application/problem+json"]
    assert "content" not in told["responses"]["204"]
    assert document["components"]["schemas"]["Pet"]["required"] == ["name"]


def test_a_person_s_own_link_is_a_key_beside_the_operation_s_own() -> None:
    both = [
        Operation("GET", "/it", "Read", {200: Answer("It.")}, bearer="readKey", own_token=True),
        Operation("PUT", "/it", "Write", {200: Answer("It.")}, write_key=True, own_token=True),
        Operation("POST", "/it", "Send", {200: Answer("It.")}, write_key=True),
    ]
    document = openapi_document(both, "1")
    told = {method: one["security"] for method, one in document["paths"]["/it"].items()}
    assert told == {
        "get": [{"readKey": []}, {"ownToken": []}], "put": [{"writeKey": []}, {"ownToken": []}],
        "post": [{"writeKey": []}, {}],
    }  # fmt: skip
    assert set(document["components"]["securitySchemes"]) == {"readKey", "ownToken", "writeKey"}


@pytest.mark.slow
def test_the_server_describes_every_route_that_it_has(shop: Any) -> None:
    document = shop.call("GET", "/openapi.json").json()
    described = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    real = {("POST", path) for path in shop.app.fast}
    for route in shop.app.routed.routes:
        if not isinstance(route, Mount):
            real |= {(method, route.path) for method in route.methods - {"HEAD"}}
    assert described == real
    assert document["openapi"] == "3.1.0"
    assert {"/v1/track", "/v1/t", "/v1/batch", "/v1/pixel/page", "/c/{token}", "/health"} <= set(document["paths"])


@pytest.mark.slow
def test_no_request_that_the_document_allows_or_forbids_makes_the_server_fail(shop: Any) -> None:
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis.errors import Unsatisfiable
    from schemathesis.checks import not_a_server_error

    schema = schemathesis.openapi.from_dict(json.loads(shop.call("GET", "/openapi.json").body))
    schema.config.update(base_url=shop.server.url)
    tried = 0
    # The short names of browsers are the same code under other paths.
    for result in schema.exclude(path_regex="/v1/[a-z]$").get_all_operations():
        operation: Any = result.ok()  # type: ignore[union-attr]
        for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):

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
                nonlocal tried
                tried += 1
                case.call_and_validate(checks=[not_a_server_error], allow_redirects=False, timeout=10)

            with contextlib.suppress(Unsatisfiable):  # Where there is nothing to get wrong.
                send()
    assert tried > 150
    assert shop.call("GET", "/health").status == 200
