"""What people do with a message: click, open, unsubscribe. Every link is signed; the token says which message."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tailorbird.adapters.segments.group_commit import GroupCommit
from tailorbird.pipeline.consent_signals import ConsentSignals
from tailorbird.pipeline.suppressing import UNSUBSCRIBED
from tailorbird.pipeline.withdraw_waiting import withdraw_waiting
from tailorbird.ports.clock import Clock
from tailorbird.ports.event_log import EventLogError
from tailorbird.ports.feedback import FeedbackStore
from tailorbird.ports.message_index import MessageIndex
from tailorbird.ports.suppressions import Suppressions
from tailorbird.ports.waiting_messages import WaitingMessages
from tailorbird.stages.audiences.eligibility import MAILBOX, mailbox_hash
from tailorbird.stages.consent.signals import GPC_HEADER, is_gpc
from tailorbird.stages.tracking.machines import machine_reason
from tailorbird.stages.tracking.tokens import TokenError, read_token
from tailorbird.types.consent import Words
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.event import Event
from tailorbird.types.feedback import Feedback
from tailorbird.types.machine import TRAP
from tailorbird.types.message import MessageRecord
from tailorbird.web.api.body import read_body
from tailorbird.web.api.unsubscribe_page import asks_to_unsubscribe, broken_link_page, confirm_page, done_page
from tailorbird.web.operation import Answer, Body, Operation

TRAP_LINK = "trap"
SIMULATED_TIME = "X-Simulated-Time"
_FORM_BYTES_MAX = 16 * 1024
_PIXEL = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")
_NEVER_STORE = {"Cache-Control": "no-store, private", "Referrer-Policy": "no-referrer"}


class OneClick(msgspec.Struct):
    """The form of an unsubscription."""

    one_click: Annotated[Literal["One-Click"], msgspec.Meta(description="as mail programs send it")] = msgspec.field(
        name="List-Unsubscribe"
    )


@dataclass(frozen=True, slots=True)
class Engagement:
    """The endpoints of signed links, with what they need; `simulated_time` lets a header set the time of events."""

    events: GroupCommit
    messages: MessageIndex
    waiting: WaitingMessages
    suppressions: Suppressions
    clock: Clock
    tracking_key: bytes
    simulated_time: bool = False
    brand: str = ""
    read_words: Callable[[str], Words] | None = None
    signals: ConsentSignals | None = None
    feedback: FeedbackStore | None = None

    def operations(self) -> list[Operation]:
        """`/c` click, `/o` open, `/u` unsubscribe."""
        later, forgotten = "Not now: do it again.", "This message is not known here any more."
        forged = "The link is not one of ours."
        return [
            Operation("GET", "/c/{token}", "Record a click, and lead on", {
                302: Answer("Where the link leads."), 400: Answer("A page for people whose link is broken."),
            }, self.click),
            Operation("GET", "/o/{token}.gif", "Record that a message was opened", {
                200: Answer("An image of one pixel."),
            }, self.open, problems={400: forged, 503: later}),
            Operation("GET", "/u/{token}", "Show the page with the button; nothing changes", {
                200: Answer("The page."), 400: Answer("A page for people whose link is broken."),
            }, self.ask),
            Operation("POST", "/u/{token}", "Unsubscribe (RFC 8058)", {
                200: Answer("The person gets no more of this."),
            }, self.unsubscribe, body=Body(OneClick, "application/x-www-form-urlencoded"),
                problems={400: forged, 404: forgotten, 503: later}),
        ]  # fmt: skip

    async def click(self, request: Request) -> Response:
        """302 to the signed URL. A full disk or a forgotten message costs the event, never the visitor's way."""
        token = request.path_params["token"]
        try:
            message_id, link, url = self._fields("c", token, 3)
        except TokenError:
            return broken_link_page(request.headers.get("accept-language", ""))
        moment = self._moment(request)
        row = await self._row(message_id)
        if row is not None:
            more = {"link": link, "url": url}
            mark = TRAP if link == TRAP_LINK else machine_reason("click", request.method, request.headers)
            clicked = self._event("Email Link Clicked", row, request, moment, token, more, mark)
            try:
                await self.events.append([clicked, *self._heard(row, request, moment, "click")])
            except EventLogError:
                pass
        return RedirectResponse(url, 302, _NEVER_STORE)

    async def open(self, request: Request) -> Response:
        """A 1×1 GIF. The pixel is in mail only with consent; after an unsubscription or a no nothing is recorded."""
        token = request.path_params["token"]
        (message_id,) = self._fields("o", token, 1)
        moment = self._moment(request)
        row = await self._row(message_id)
        if row is not None:
            events = self._heard(row, request, moment, "open")
            if not await self._suppressed(row) and not await run_in_threadpool(self._said_no, row):
                mark = machine_reason("open", request.method, request.headers)
                events.append(self._event("Email Opened", row, request, moment, token, {}, mark))
            try:
                await self.events.append(events)
            except EventLogError:
                pass
        return Response(_PIXEL, headers=_NEVER_STORE, media_type="image/gif")

    async def ask(self, request: Request) -> Response:
        """A page with one button. It unsubscribes nobody: mail scanners follow links. What the browser itself says by
        Global Privacy Control is heard here too, and the page says so."""
        language = request.headers.get("accept-language", "")
        try:
            (message_id,) = self._fields("u", request.path_params["token"], 1)
        except TokenError:
            return broken_link_page(language)
        heard: list[Event] = []
        if is_gpc(request.headers.get(GPC_HEADER)) and (row := await self._row(message_id)) is not None:
            heard = self._heard(row, request, self._moment(request), "click")
            try:
                await self.events.append(heard)
            except EventLogError:
                heard = []
        return confirm_page(language, self.brand, opted_out=bool(heard))

    async def unsubscribe(self, request: Request) -> Response:
        """Record the withdrawal, suppress the person and the mailbox, and withdraw what waits for the person on the
        channel; again is fine. 503: send it again.

        The event comes first, and neither waits for the other to succeed: the database may be busy with a run, or the
        disk full, and each of the two alone stops the mail that this message's purpose covers.
        """
        token = request.path_params["token"]
        (message_id,) = self._fields("u", token, 1)
        moment = self._moment(request)
        body = await read_body(request, _FORM_BYTES_MAX)
        if not asks_to_unsubscribe(body, request.headers.get("content-type", "")):
            raise HTTPException(400, "the form must say List-Unsubscribe=One-Click")
        row = await self._row(message_id)
        if row is None:
            raise HTTPException(404, "this message is not known here any more: please answer it, asking to be removed")
        consents = {"consents": {row.purpose: False}}
        # One a day, so that a person who came back and leaves again by the same link has the last word.
        consent = self._event("Consent Updated", row, request, moment, f"{token}{moment:%Y-%m-%d}", consents)
        left = self._event("Unsubscribed", row, request, moment, token, {}, once=True)
        heard = self._heard(row, request, moment, "click")
        try:
            await self.events.append([consent, left, *heard])
        finally:
            await run_in_threadpool(self._suppress, row, moment)
        return done_page(request.headers.get("accept-language", ""), self.brand, opted_out=bool(heard))

    def _heard(
        self, row: MessageRecord, request: Request, moment: datetime, kind: Literal["click", "open"]
    ) -> list[Event]:
        """The opt-out by the browser's Global Privacy Control; a program that reads mail before the person has none."""
        if self.signals is None or not is_gpc(request.headers.get(GPC_HEADER)):
            return []
        if machine_reason(kind, request.method, request.headers) is not None:
            return []
        return self.signals.gpc_words(row.person_id, moment, self.clock.now())

    def _fields(self, kind: str, token: str, count: int) -> tuple[str, ...]:
        fields = read_token(kind, token, self.tracking_key)
        if len(fields) < count:
            raise TokenError("this link carries too little")
        return fields[:count]

    def _moment(self, request: Request) -> datetime:
        """Now, or in a simulation the moment that the request claims."""
        claimed = request.headers.get(SIMULATED_TIME) if self.simulated_time else None
        if claimed is None:
            return self.clock.now()
        try:
            moment = datetime.fromisoformat(claimed)
        except ValueError:
            raise HTTPException(400, f"{SIMULATED_TIME} is not an ISO 8601 time: {claimed!r}") from None
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)

    async def _row(self, message_id: str) -> MessageRecord | None:
        return await run_in_threadpool(self.messages.find, message_id)

    def _suppress(self, row: MessageRecord, moment: datetime) -> None:
        """The person, and the mailbox: whoever has the address next has not asked for mail there. Then the queue: from
        here on nothing that a run adds is sent either."""
        self.suppressions.add(row.person_id, row.channel, UNSUBSCRIBED, moment.isoformat())
        if row.address:
            self.suppressions.add(mailbox_hash(row.address), MAILBOX, UNSUBSCRIBED, moment.isoformat())
        withdraw_waiting(self.waiting, [row.person_id], lambda each: each.channel == row.channel, moment, UNSUBSCRIBED)
        if self.feedback is not None:
            at = self.clock.now().isoformat()
            self.feedback.record([Feedback(row.message_id, "unsubscribe", row.campaign, at)])

    async def _suppressed(self, row: MessageRecord) -> bool:
        return bool(await run_in_threadpool(self.suppressions.among, [row.person_id], row.channel))

    def _said_no(self, row: MessageRecord) -> bool:
        """Whether the person said no to the pixel since; also if that cannot be read."""
        try:
            return self.read_words is not None and self.read_words(row.person_id).get("open_tracking") is False
        except TailorbirdError:
            return True

    def _event(
        self,
        name: str,
        row: MessageRecord,
        request: Request,
        moment: datetime,
        token: str,
        more: Mapping[str, Any],
        machine: str | None = None,
        once: bool = False,
    ) -> Event:
        ours = {key: getattr(row, key) for key in ("message_id", "decision_id", "campaign", "step", "person_id")}
        simulated = self.simulated_time and SIMULATED_TIME in request.headers
        when = "" if once or name == "Consent Updated" else moment.isoformat()
        return Event(
            type="track",
            message_id=hashlib.sha256(f"{name}\0{token}\0{when}{machine or ''}".encode()).hexdigest()[:32],
            timestamp=moment,
            received_at=self.clock.now(),
            user_id=row.person_id,
            event=name,
            properties={**ours, **more, **({"simulated": True} if simulated else {})},
            context={"machine": machine} if machine else {},
        )
