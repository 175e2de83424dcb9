"""The OpenAPI 3.1 document of the server's routes, made from the operations that serve them."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from tailorbird.web.operation import Answer, Operation, Parameter
from tailorbird.web.problem import PROBLEM_TYPE, Problem

_PATH_PARAMETER = re.compile(r"{(\w+)(?::\w+)?}")
_COMPONENTS = "#/components/schemas/{name}"
WRITE_KEY, OWN_TOKEN = "writeKey", "ownToken"


def openapi_document(operations: Iterable[Operation], version: str) -> dict[str, Any]:
    """The document as JSON values; operations of one path stand together, in the order given."""
    listed = list(operations)
    kinds = [Problem, *(kind for one in listed for kind in _kinds(one))]
    schemas, components = msgspec.json.schema_components(kinds, ref_template=_COMPONENTS)
    known = {_key(kind): schema for kind, schema in zip(kinds, schemas, strict=True)}
    paths: dict[str, dict[str, Any]] = {}
    for one in listed:
        path = _PATH_PARAMETER.sub(r"{\1}", one.path)
        paths.setdefault(path, {})[one.method.lower()] = _operation(one, known)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tailorbird",
            "version": version,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": _schemes(listed)},
    }


def _schemes(listed: Iterable[Operation]) -> dict[str, Any]:
    words = "The write key as Basic user name, with an empty password."
    schemes = {WRITE_KEY: {"type": "http", "scheme": "basic", "description": words}}
    for name in sorted({one.bearer for one in listed if one.bearer}):
        told = f"The {name.removesuffix('Key')} key as Bearer token."
        schemes[name] = {"type": "http", "scheme": "bearer", "description": told}
    if any(one.own_token for one in listed):
        told = "The token of a person's own link to the preference page (what follows /p/), as Bearer token."
        schemes[OWN_TOKEN] = {"type": "http", "scheme": "bearer", "description": told}
    return schemes


def _kinds(one: Operation) -> Iterator[Any]:
    yield from (parameter.kind for parameter in one.parameters)
    if one.body is not None:
        yield one.body.kind
    yield from (answer.kind for answer in one.answers.values() if answer.kind is not None)


def _key(kind: Any) -> str:
    return repr(kind)


def _operation(one: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {"summary": one.summary, "operationId": _name(one)}
    parameters = [_in_path(name) for name in _PATH_PARAMETER.findall(one.path)]
    parameters += [_parameter(parameter, schemas) for parameter in one.parameters]
    if parameters:
        told["parameters"] = parameters
    if one.body is not None:
        content = {one.body.media_type: {"schema": schemas[_key(one.body.kind)]}}
        told["requestBody"] = {"required": one.body.required, "content": content}
    keys: list[dict[str, list[str]]] = [{WRITE_KEY: []}] if one.write_key else []
    keys += [{one.bearer: []}] if one.bearer else []
    if keys:  # the intake's write key need not be set
        told["security"] = [*keys, {OWN_TOKEN: []}] if one.own_token else keys if one.bearer else [*keys, {}]
    answers = {str(status): _answer(answer, schemas) for status, answer in one.answers.items()}
    for status, words in one.problems.items():
        problem = Answer(words, Problem, PROBLEM_TYPE)
        answers[str(status)] = _answer(problem, schemas)
    return {**told, "responses": dict(sorted(answers.items()))}


def _name(one: Operation) -> str:
    return "_".join([one.method.lower(), *re.findall(r"\w+", one.path)])


def _in_path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _parameter(parameter: Parameter, schemas: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": parameter.where,
        "required": parameter.required,
        "description": parameter.words,
        "schema": schemas[_key(parameter.kind)],
    }


def _answer(answer: Answer, schemas: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {"description": answer.words}
    if answer.kind is not None:
        told["content"] = {answer.media_type: {"schema": schemas[_key(answer.kind)]}}
    return told
