"""Feedback over HTTP: complaints and bounces, from a mailbox provider's reports or a relay's webhook."""

from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from tailorbird.adapters.segments.group_commit import GroupCommit
from tailorbird.pipeline.rollback.hear_feedback import FeedbackHearing
from tailorbird.ports.clock import Clock
from tailorbird.stages.tracking.feedback_report import FeedbackError, Report, read_report
from tailorbird.web.api.bearer import require_key
from tailorbird.web.api.body import read_body
from tailorbird.web.operation import Answer, Body, Operation

PATH = "/v1/feedback"
BODY_BYTES_MAX = 2 * 1024 * 1024
REPORTS_MAX = 1000


class FeedbackReport(msgspec.Struct, forbid_unknown_fields=True):
    """What is said of one message: `message_id` is ours, as the header X-Tailorbird-Message has it."""

    type: Literal["complaint", "bounce"]
    message_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    detail: Annotated[str, msgspec.Meta(max_length=500)] = ""


class FeedbackReports(msgspec.Struct, forbid_unknown_fields=True):
    """Reports, each counted once for its message, however often it comes."""

    reports: Annotated[list[FeedbackReport], msgspec.Meta(min_length=1, max_length=REPORTS_MAX)]


class FeedbackHeard(msgspec.Struct):
    """What came of them: new, known already, and the ids of messages that never left from here."""

    counted: int
    known: int
    unknown: list[str]


_REPORTS = msgspec.json.Decoder(FeedbackReports)


@dataclass(frozen=True, slots=True)
class FeedbackRoutes:
    """The routes; who knows the key may report. A 200 means that nobody who complained is written to any more."""

    hearing: FeedbackHearing
    events: GroupCommit
    clock: Clock

    def operations(self) -> list[Operation]:
        """Reports as JSON, and one report as a mail (ARF or DSN)."""
        problems = {
            400: "The body cannot be read; nothing was counted.",
            401: "The feedback key is missing or wrong.",
            503: "Not now: send it again. What was counted is not counted twice.",
        }
        answers = {200: Answer("They are counted, and the mailboxes closed.", FeedbackHeard)}
        return [
            Operation("POST", PATH, "Report complaints and bounces", answers, self.take,
                      body=Body(FeedbackReports), problems=problems, bearer="feedbackKey"),
            Operation("POST", PATH + "/mail", "Report one complaint (RFC 5965) or bounce (RFC 3464) as it was mailed",
                      answers, self.take_mail, body=Body(bytes, "message/rfc822"), problems=problems,
                      bearer="feedbackKey"),
        ]  # fmt: skip

    async def take(self, request: Request) -> Response:
        """Reports as JSON."""
        self._authorize(request)
        try:
            reports = _REPORTS.decode(await read_body(request, BODY_BYTES_MAX)).reports
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise HTTPException(400, f"the body is no list of reports: {error}") from None
        return await self._hear([Report(one.type, one.message_id, one.detail) for one in reports])

    async def take_mail(self, request: Request) -> Response:
        """One report as it was mailed."""
        self._authorize(request)
        try:
            report = read_report(await read_body(request, BODY_BYTES_MAX))
        except FeedbackError as error:
            raise HTTPException(400, str(error)) from None
        return await self._hear([report])

    def _authorize(self, request: Request) -> None:
        require_key(request.headers.get("authorization", "").encode("latin-1"), self.hearing.key, "feedback key")

    async def _hear(self, reports: list[Report]) -> Response:
        heard = await run_in_threadpool(self.hearing.hear, reports, self.clock.now())
        if heard.events:
            await self.events.append(heard.events)
        answer = FeedbackHeard(heard.counted, heard.known, heard.unknown)
        return Response(msgspec.json.encode(answer), media_type="application/json")
