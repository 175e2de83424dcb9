"""The Global Privacy Control support resource: whoever asks hears that the header is honoured, and since when."""

from datetime import date

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from tailorbird.web.operation import Answer, Operation

PATH = "/.well-known/gpc.json"


class GpcSupport(msgspec.Struct, rename="camel", omit_defaults=True):
    """That `Sec-GPC: 1` is honoured, and since when it is for certain (W3C, Global Privacy Control, section 4)."""

    gpc: bool
    last_update: date | None = None


def gpc_operations(since: date | None) -> list[Operation]:
    """The one route, for servers that honour the header. `since` is the day on which what is said here last changed."""
    body = msgspec.json.encode(GpcSupport(True, since))

    async def answer(_: Request) -> Response:
        return Response(body, media_type="application/json")

    words = "Say that Global Privacy Control is honoured"
    return [Operation("GET", PATH, words, {200: Answer("It is.", GpcSupport)}, answer)]
