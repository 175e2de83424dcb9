"""The Segment-shaped intake: a 200 means that every event of the request is on disk, in the log or the quarantine."""

import base64
import binascii
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tailorbird.adapters.segments.group_commit import GroupCommit
from tailorbird.pipeline.consent_signals import ConsentSignals
from tailorbird.pipeline.screening import Screening
from tailorbird.ports.clock import Clock
from tailorbird.stages.consent.signals import GPC_HEADER, is_gpc
from tailorbird.stages.events.segment_wire import (
    BATCH_BYTES_MAX,
    EVENT_BYTES_MAX,
    Reading,
    SegmentBatch,
    read_batch,
    read_event,
)
from tailorbird.stages.events.wire_rules import SegmentCall
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.event import EventLines
from tailorbird.types.quarantined import INTAKE, TEST_PLACE, quarantine
from tailorbird.types.settings import SignalSettings
from tailorbird.web.api.body import receive_body
from tailorbird.web.api.cross_origin import CrossOrigin
from tailorbird.web.operation import Answer, Body, Operation, Parameter
from tailorbird.web.problem import answer_any

KINDS = ("identify", "track", "page", "screen", "group", "alias")
BATCHES = ("batch", "import")
METRICS = "/v1/m"
"""Where Segment's browser library reports on itself; it is answered and nothing is kept."""
PIXEL = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")
REFUSALS_TOLD_MAX = 100
Read = Callable[[bytes, datetime, bool], Reading]
"""Reads a body that came at a moment; True: as a test."""


class Refusal(msgspec.Struct):
    """An event that went to the quarantine: its place in the request, from 0, and why."""

    index: int
    reason: str


class Taken(msgspec.Struct, omit_defaults=True):
    """The request is on disk; `quarantined` names events that do not count until they are mended and replayed."""

    success: bool
    quarantined: list[Refusal] = []


_GPC = GPC_HEADER.lower().encode()
_SUCCESS = msgspec.json.encode(Taken(True))
_NO_KEY = HTTPException(
    401,
    "the write key is missing or wrong: send it as the Basic user name, or as writeKey in the body",
    {"WWW-Authenticate": 'Basic realm="tailorbird"'},
)


@dataclass(frozen=True, slots=True)
class Intake:
    """The intake with what it needs; `write_key` None takes anybody's events. What comes with `tester_key` is a test.

    With `simulated_time` events may lie ahead of the clock, as those of simulated people do. `signals` makes words of
    what requests say of consent, which go to disk with their events.
    """

    events: GroupCommit
    clock: Clock
    write_key: str | None = None
    simulated_time: bool = False
    cross_origin: CrossOrigin = field(default_factory=CrossOrigin)
    screening: Screening = field(default_factory=Screening)
    tester_key: str | None = None
    signals: ConsentSignals = field(default_factory=lambda: ConsentSignals(SignalSettings(gpc=())))

    def operations(self) -> list[Operation]:
        """Six routes for one event, two for many, their short names in browsers, and the pixel."""
        listed = []
        for kind in KINDS:
            for path in (f"/v1/{kind}", f"/v1/{kind[0]}"):
                summary = f"Record one {kind} event" + (
                    "" if path.endswith(kind) else ", as Segment's browser library sends it"
                )
                listed.append(self._operation(path, summary, SegmentCall, self._single(kind), EVENT_BYTES_MAX))
            listed.append(self._pixel(kind))
        for name in (*BATCHES, "b"):
            listed.append(
                self._operation(f"/v1/{name}", "Record many events", SegmentBatch, self._many, BATCH_BYTES_MAX)
            )
        drop = _Fast(self, METRICS, lambda *_: Reading(EventLines((), b""), (), self.write_key), BATCH_BYTES_MAX)
        words = "Take what Segment's browser library says of itself, and keep nothing"
        listed.append(Operation("POST", METRICS, words, {200: Answer("Taken.", Taken)}, fast=drop))
        return listed

    def _single(self, kind: str) -> Read:
        judges = self.screening.judge, self.screening.judge_test
        return lambda body, now, test: read_event(kind, body, now, self.simulated_time, judges[test])

    def _many(self, body: bytes, now: datetime, test: bool) -> Reading:
        if test:  # Each event is marked.
            return read_batch(body, now, self.simulated_time, self.screening.judge_test)
        return read_batch(body, now, self.simulated_time, self.screening.judge, self.screening.quick)

    def _operation(self, path: str, summary: str, kind: type, read: Read, limit_bytes: int) -> Operation:
        return Operation(
            "POST",
            path,
            summary,
            {200: Answer("Every event is on disk.", Taken)},
            fast=_Fast(self, path, read, limit_bytes),
            body=Body(kind),
            problems={
                400: "The body cannot be read, or is too long: nothing was taken.",
                401: "The write key is missing or wrong.",
                403: "The page that sent this is of another site than the settings allow.",
                415: "The Content-Encoding is neither gzip nor identity.",
                503: "Not now: send it again.",
            },
            write_key=True,
        )

    def _pixel(self, kind: str) -> Operation:
        read, path = self._single(kind), f"/v1/pixel/{kind}"

        async def take(request: Request) -> Response:
            try:
                body = base64.b64decode(request.query_params.get("data", ""), validate=True)
            except (binascii.Error, ValueError):
                raise HTTPException(400, "data must be the event's JSON in base64") from None
            headers = request.headers
            await self.take(path, body, read, headers.get("authorization", ""), is_gpc(headers.get(GPC_HEADER)))
            return Response(PIXEL, headers={"Cache-Control": "no-store, private"}, media_type="image/gif")

        return Operation(
            "GET",
            path,
            f"Record one {kind} event from a place that can only load images",
            {200: Answer("Every event is on disk; an image of one pixel.")},
            endpoint=take,
            parameters=(Parameter("data", "the event's JSON in base64, with its writeKey", required=True),),
            problems={400: "The data cannot be read.", 401: "The write key is missing or wrong.", 503: "Not now."},
        )

    async def take(self, path: str, body: bytes, read: Read, authorization: str, gpc: bool = False) -> bytes:
        """Record what a body holds and wait until it is on disk; the answer's body. HTTPException 401: no write key.

        `gpc`: the browser that sent it opts out, by Global Privacy Control.
        """
        now, user = self.clock.now(), basic_user(authorization)
        test = _is_key(user, self.tester_key)
        reading = read(body, now, test)
        given = (reading.write_key or "").encode()
        if not test and _is_key(given, self.tester_key):
            test, reading = True, read(body, now, True)
        if self.write_key is not None and not (test or _is_key(user, self.write_key) or _is_key(given, self.write_key)):
            raise _NO_KEY
        events, heard = reading.events, None
        if gpc or (self.signals.reads_strings and not reading.silent):  # most requests carry no signal
            raw = [refused.raw for refused in reading.refused] if gpc else ()
            heard = self.signals.hear(events, now if gpc else None, raw, test, reading.silent)
            events = heard.events
        aside = [
            quarantine(INTAKE, path + TEST_PLACE * test, refused.reason, refused.raw.decode("utf-8", "replace"), now)
            for refused in reading.refused
        ]
        await self.events.append_lines(events, aside)
        if heard is not None:
            self.signals.remember(heard)
        if not reading.refused:
            return _SUCCESS
        told = [Refusal(refused.index, refused.reason) for refused in reading.refused[:REFUSALS_TOLD_MAX]]
        return msgspec.json.encode(Taken(True, told))


def _is_key(given: bytes, key: str | None) -> bool:
    return key is not None and hmac.compare_digest(given, key.encode())


def basic_user(authorization: str) -> bytes:
    """The user name of Basic authorization, which is where a write key stands; b'' without one."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return b""
    try:
        return base64.b64decode(encoded, validate=True).partition(b":")[0]
    except (binascii.Error, ValueError):
        return b""


@dataclass(frozen=True, slots=True)
class _Fast:
    """One path as an ASGI application of its own: most of the traffic comes here, and needs no router."""

    intake: Intake
    path: str
    read: Read
    limit_bytes: int

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        origin, shared = headers.get(b"origin"), self.intake.cross_origin
        try:
            if origin is not None:
                shared.check(origin)
            if scope["method"] == "OPTIONS" and origin is not None:
                await _send(send, 204, shared.preflight(headers), b"")
                return
            if scope["method"] != "POST":
                raise HTTPException(405, "events are sent by POST", {"Allow": "OPTIONS, POST"})
            # A little room, so that the refusal of a long event comes with its own words.
            encoding = headers.get(b"content-encoding", b"").decode("latin-1")
            body = await receive_body(receive, encoding, min(4 * self.limit_bytes, BATCH_BYTES_MAX))
            authorization = headers.get(b"authorization", b"").decode("latin-1")
            gpc = headers.get(_GPC) == b"1"
            answer = await self.intake.take(self.path, body, self.read, authorization, gpc)
        except ClientDisconnect:
            return
        except Exception as error:
            response = await answer_any(error)
            if origin is not None:
                response.raw_headers.extend(shared.answer(origin))
            await response(scope, receive, send)
            if not isinstance(error, HTTPException | TailorbirdError):
                raise  # A defect of ours: the server's log gets the whole story.
            return
        await _send(send, 200, shared.answer(origin) if origin is not None else (), answer)


async def _send(send: Send, status: int, headers: Sequence[tuple[bytes, bytes]], body: bytes) -> None:
    own = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body)), *headers]
    await send({"type": "http.response.start", "status": status, "headers": own if body else list(headers)})
    await send({"type": "http.response.body", "body": body})
