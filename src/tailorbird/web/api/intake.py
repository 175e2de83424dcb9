"""The Segment-shaped intake: a 200 means that every event of the request is on disk."""

import base64
import binascii
import hmac
from collections.abc import Awaitable, Callable

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tailorbird.adapters.segments.group_commit import GroupCommit
from tailorbird.ports.clock import Clock
from tailorbird.stages.events.segment_wire import (
    BATCH_BYTES_MAX,
    EVENT_BYTES_MAX,
    EVENT_TYPES,
    read_batch,
    read_event,
)
from tailorbird.web.api.body import read_body

_SUCCESS = msgspec.json.encode({"success": True})
Endpoint = Callable[[Request], Awaitable[Response]]


def intake_routes(
    events: GroupCommit, clock: Clock, write_key: str | None, simulated_time: bool = False
) -> list[Route]:
    """`POST /v1/<type>` for one event, `POST /v1/batch` and `/v1/import` for many; `write_key` None takes anybody's.

    With `simulated_time` events may lie ahead of the clock, as those of simulated people do.
    """

    def single(kind: str) -> Endpoint:
        async def take_event(request: Request) -> Response:
            _check_key(request, write_key)
            # A little room, so that the refusal of a long event comes with its own words.
            body = await read_body(request, 4 * EVENT_BYTES_MAX)
            await events.append([read_event(kind, body, clock.now(), simulated_time)])
            return _success()

        return take_event

    async def take_batch(request: Request) -> Response:
        _check_key(request, write_key)
        body = await read_body(request, BATCH_BYTES_MAX)
        await events.append(read_batch(body, clock.now(), simulated_time))
        return _success()

    singles = [Route(f"/v1/{kind}", single(kind), methods=["POST"]) for kind in sorted(EVENT_TYPES)]
    return [*singles, *(Route(f"/v1/{name}", take_batch, methods=["POST"]) for name in ("batch", "import"))]


def _success() -> Response:
    return Response(_SUCCESS, media_type="application/json")


def _check_key(request: Request, write_key: str | None) -> None:
    if write_key is None:
        return
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        given = base64.b64decode(encoded, validate=True).partition(b":")[0]
    except (binascii.Error, ValueError):
        given = b""
    if scheme.lower() != "basic" or not hmac.compare_digest(given, write_key.encode()):
        wanted = {"WWW-Authenticate": 'Basic realm="tailorbird"'}
        raise HTTPException(401, "the write key is missing or wrong: send it as the Basic user name", wanted)
