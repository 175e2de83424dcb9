"""Errors over HTTP: one clear answer each, as `application/problem+json` (RFC 9457)."""

import sys
from http import HTTPStatus
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from tailorbird.ports.event_log import EventLogError
from tailorbird.stages.events.segment_wire import WireError
from tailorbird.stages.tracking.tokens import TokenError
from tailorbird.types.errors import TailorbirdError

RETRY_AFTER_S = 5
PROBLEM_TYPE = "application/problem+json"


class Problem(msgspec.Struct):
    """What went wrong, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str


def problem(status: int, detail: str, headers: dict[str, str] | None = None) -> Response:
    """A problem document: status and its title, and what is wrong here."""
    body = Problem("about:blank", HTTPStatus(status).phrase, status, detail)
    return Response(msgspec.json.encode(body), status, headers, media_type=PROBLEM_TYPE)


async def answer_http_error(_: Request, error: Exception) -> Response:
    """For an unknown path, a wrong method, and whatever a route refuses by HTTPException."""
    if not isinstance(error, HTTPException):
        raise error
    return problem(error.status_code, error.detail, dict(error.headers or {}))


async def answer_wire_error(_: Request, error: Exception) -> Response:
    """400: the body cannot be read; none of it was taken."""
    return problem(400, str(error))


async def answer_token_error(_: Request, error: Exception) -> Response:
    """400: a link that we did not sign."""
    return problem(400, str(error))


async def answer_log_error(_: Request, error: Exception) -> Response:
    """503: nothing of this request was acknowledged; it can be sent again."""
    return problem(503, str(error), {"Retry-After": str(RETRY_AFTER_S)})


async def answer_trouble(_: Request, error: Exception) -> Response:
    """503: something that this server needs does not answer now, such as a database that a run keeps busy."""
    print(f"tailorbird: {error}", file=sys.stderr, flush=True)
    return problem(503, "The server cannot do this at the moment: send it again.", {"Retry-After": str(RETRY_AFTER_S)})


async def answer_defect(_: Request, error: Exception) -> Response:
    """500: a defect of ours; the log of the server has the details, the answer has none."""
    return problem(500, "The server failed on this request; its log says why.")


PROBLEM_ANSWERS: dict[Any, Any] = {
    HTTPException: answer_http_error,
    WireError: answer_wire_error,
    TokenError: answer_token_error,
    EventLogError: answer_log_error,
    TailorbirdError: answer_trouble,
    Exception: answer_defect,
}


async def answer_any(error: Exception) -> Response:
    """The answer to an error outside Starlette's own routes, by the same table."""
    answer = next(PROBLEM_ANSWERS[kind] for kind in type(error).__mro__ if kind in PROBLEM_ANSWERS)
    response: Response = await answer(None, error)
    return response
