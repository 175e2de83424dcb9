"""Operations: one method of one path, what answers it, and what the OpenAPI document says of it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the query or a header; those of the path are read from the path itself."""

    name: str
    words: str
    where: Literal["query", "header"] = "query"
    kind: Any = str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """What a request carries: `kind` is a type that msgspec can make a JSON Schema of."""

    kind: Any
    media_type: str = "application/json"
    required: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer carries; `kind` None says nothing of its content."""

    words: str
    kind: Any = None
    media_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path.

    `endpoint` answers through Starlette; `fast` is an ASGI application that answers every method of the path by
    itself, for routes that take most of the traffic. `answers` lists what comes back by status: errors that are
    problem documents need only be named in `problems`. `bearer` names the key that it needs as a Bearer token; with
    `own_token` the token of a person's own link is a key too, and then an operation of `write_key` needs either.
    """

    method: Literal["GET", "POST", "PUT", "DELETE"]
    path: str
    summary: str
    answers: Mapping[int, Answer]
    endpoint: Endpoint | None = None
    fast: ASGIApp | None = None
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    problems: Mapping[int, str] = field(default_factory=dict)
    write_key: bool = False
    bearer: str = ""
    own_token: bool = False

    def route(self) -> Route:
        """The route for Starlette's router."""
        if self.endpoint is None:
            raise ValueError(f"{self.method} {self.path} has no endpoint for the router")
        return Route(self.path, self.endpoint, methods=[self.method])
