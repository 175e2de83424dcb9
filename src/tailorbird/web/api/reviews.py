"""The review queue over HTTP: each reviewer has a key of their own, and acts under its name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from tailorbird.pipeline.review.desk import ReviewDesk, UnknownLineError
from tailorbird.pipeline.review.judge import ReviewError
from tailorbird.pipeline.review.keys import digest_of
from tailorbird.pipeline.review.person import NotAllowedError, Person
from tailorbird.pipeline.review.render import Renderer
from tailorbird.ports.creative_store import CreativeStore
from tailorbird.ports.review_queue import ReviewConflictError
from tailorbird.ports.review_record import ReviewRecord
from tailorbird.ports.reviewer_keys import ReviewerKeys
from tailorbird.types.review import QueuedLine, QueueFilter
from tailorbird.web.api.bearer import bearer_token
from tailorbird.web.api.body import read_body
from tailorbird.web.api.review_types import (
    ReviewApproval,
    ReviewComment,
    ReviewEdit,
    ReviewEscalation,
    ReviewLine,
    ReviewLines,
    ReviewRejection,
    ReviewShown,
    line_of,
    shown,
)
from tailorbird.web.operation import Answer, Body, Operation, Parameter

PATH = "/v1/review"
BODY_BYTES_MAX = 64 * 1024
PAGE_MAX, PAGE = 500, 50
_ID_MAX, _WORD_MAX = 64, 200
_KEY = "reviewer key"
_FILTERS = {
    "campaign": "Only lines of this campaign.",
    "block": "Only lines of this block.",
    "locale": "Only lines in this locale.",
    "reason": "Only lines that are there for this, such as new_prompt.",
    "role": "Only lines that miss this approval (reviewer, legal, …), or were escalated to this role.",
    "state": "waiting or look: only what waits, or what is in use and looked at afterwards.",
}
_STATES = ("", "waiting", "look")
_HEADERS = {"Cache-Control": "no-store"}
Kind = TypeVar("Kind")


@dataclass(frozen=True)
class Reviews:
    """The routes. Who has a key may read the queue; what they may decide is the policy's."""

    desk: ReviewDesk
    renderer: Renderer
    creatives: CreativeStore
    record: ReviewRecord
    keys: ReviewerKeys

    def operations(self) -> list[Operation]:
        """List, show, and the five acts."""
        filters = tuple(Parameter(name, words) for name, words in _FILTERS.items())
        pages = (Parameter("limit", f"How many lines at most, {PAGE} if nothing is said.", kind=int),
                 Parameter("after", "Go on behind a page: its 'after'."))  # fmt: skip
        refused = {401: "The reviewer key is missing, wrong or revoked.", 403: "Whose key it is may not do that."}
        return [
            Operation("GET", PATH, "List what waits for a person, and why", {200: Answer("A page.", ReviewLines)},
                      self.list_lines, parameters=(*filters, *pages), bearer="reviewerKey",
                      problems={400: "A parameter cannot be used.", **refused}),
            Operation("GET", PATH + "/{creative_id}", "Show a line as its readers see it",
                      {200: Answer("The line.", ReviewShown)}, self.show, bearer="reviewerKey",
                      problems={404: "There is no such line.", **refused}),
            self._act("approve", "Approve a line", ReviewApproval, self.approve, refused),
            self._act("reject", "Reject a line, at once", ReviewRejection, self.reject, refused),
            self._act("edit", "Put a new line in the place of a model's", ReviewEdit, self.edit, refused),
            self._act("comment", "Remark on a line", ReviewComment, self.comment, refused),
            self._act("escalate", "Ask a role about a line", ReviewEscalation, self.escalate, refused),
        ]  # fmt: skip

    def _act(self, name: str, summary: str, kind: Any, endpoint: Any, refused: dict[int, str]) -> Operation:
        return Operation(
            "POST", PATH + "/{creative_id}/" + name, summary, {200: Answer("The line as it is now.", ReviewLine)},
            endpoint, body=Body(kind), bearer="reviewerKey",
            problems={400: "The body cannot be used; nothing was changed.", 404: "There is no such line.",
                      409: "The text is another, or somebody else decided before; nothing was changed.", **refused},
        )  # fmt: skip

    async def list_lines(self, request: Request) -> Response:
        """A page of the queue."""
        asked = {name: _word(request, name) for name in _FILTERS}
        if asked["state"] not in _STATES:
            raise HTTPException(400, f"state is {asked['state'][:40]!r}; there are waiting and look")
        limit, after = _limit(request.query_params.get("limit")), _word(request, "after")

        def read(_: Person) -> ReviewLines:
            page = self.desk.page(QueueFilter(**asked), limit, after)
            return ReviewLines([line_of(line) for line in page.lines], page.total, page.after)

        return await self._do(request, read)

    async def show(self, request: Request) -> Response:
        """One line with its rendering."""
        name = _id(request)

        def read(_: Person) -> ReviewShown:
            line = self.desk.line(name)
            notes = (self.creatives.get(name) or (line.creative, {}))[1]
            return shown(line, notes, self.record.acts(name), self.renderer.render(line.creative))

        return await self._do(request, read)

    async def approve(self, request: Request) -> Response:
        """Give the approval that the key's person can give."""
        name, body = _id(request), await _read(request, ReviewApproval)
        return await self._done(request, lambda who: self.desk.approve(name, who, body.hash, body.reason, body.again))

    async def reject(self, request: Request) -> Response:
        """Take the line out of use."""
        name, body = _id(request), await _read(request, ReviewRejection)
        return await self._done(request, lambda who: self.desk.reject(name, who, body.reason, body.hash or ""))

    async def edit(self, request: Request) -> Response:
        """Write another line; the answer is the new one."""
        name, body = _id(request), await _read(request, ReviewEdit)
        return await self._done(
            request, lambda who: self.desk.edit(name, who, body.text, body.hash, body.reason, body.again)
        )

    async def comment(self, request: Request) -> Response:
        """Keep a remark."""
        name, body = _id(request), await _read(request, ReviewComment)
        return await self._done(request, lambda who: self.desk.comment(name, who, body.text))

    async def escalate(self, request: Request) -> Response:
        """Ask a role."""
        name, body = _id(request), await _read(request, ReviewEscalation)
        return await self._done(request, lambda who: self.desk.escalate(name, who, body.role, body.reason))

    async def _done(self, request: Request, act: Callable[[Person], QueuedLine]) -> Response:
        return await self._do(request, lambda who: line_of(act(who)))

    async def _do(self, request: Request, work: Callable[[Person], Any]) -> Response:
        """Do it in a thread of its own, as the person of the key; refusals become their status."""
        token = bearer_token(request.headers.get("authorization", ""), _KEY)

        def run() -> Any:
            return work(self._person(token))

        try:
            found = await run_in_threadpool(run)
        except UnknownLineError:
            raise HTTPException(404, "there is no such line") from None
        except NotAllowedError as error:
            raise HTTPException(403, str(error)) from None
        except ReviewConflictError as error:
            raise HTTPException(409, str(error)) from None
        except ReviewError as error:
            raise HTTPException(400, str(error)) from None
        return Response(msgspec.json.encode(found), headers=_HEADERS, media_type="application/json")

    def _person(self, token: str) -> Person:
        """Who the key stands for now: a role that the policy took from them since is theirs no more."""
        key = self.keys.find(digest_of(token))
        if key is None or key.revoked_at:
            told = f"the {_KEY} is wrong or revoked; 'tailorbird review key NAME' makes another"
            raise HTTPException(401, told, {"WWW-Authenticate": "Bearer"})
        return self.desk.person(key.name, key.roles)


async def _read(request: Request, kind: type[Kind]) -> Kind:
    bearer_token(request.headers.get("authorization", ""), _KEY)  # strangers need not send a body
    try:
        return msgspec.json.decode(await read_body(request, BODY_BYTES_MAX), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise HTTPException(400, f"the body cannot be used: {error}") from None


def _id(request: Request) -> str:
    name = str(request.path_params["creative_id"])
    if len(name) > _ID_MAX or not name.isprintable():
        raise HTTPException(404, "there is no such line")
    return name


def _word(request: Request, name: str) -> str:
    word = request.query_params.get(name, "")
    if len(word) > _WORD_MAX or not word.isprintable():
        raise HTTPException(400, f"{name} has at most {_WORD_MAX} characters on one line")
    return word


def _limit(text: str | None) -> int:
    if text is None:
        return PAGE
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    if not 1 <= number <= PAGE_MAX:
        raise HTTPException(400, f"limit is a whole number from 1 to {PAGE_MAX}")
    return number
