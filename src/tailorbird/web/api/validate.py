"""Texts judged over HTTP: one, or up to a hundred, with the facts that they may state."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from tailorbird.pipeline.validation.given_text import verdict_document
from tailorbird.pipeline.validation.text_judge import KEYS, TextJudge
from tailorbird.types.errors import TailorbirdError
from tailorbird.web.api.bearer import require_key
from tailorbird.web.api.body import read_body
from tailorbird.web.operation import Answer, Body, Operation

PATH = "/v1/validate"
BODY_BYTES_MAX = 4 * 1024 * 1024
TEXTS_MAX = 100
CHARS_MAX = 100_000
AT_ONCE = 2


class TextAsked(msgspec.Struct, forbid_unknown_fields=True):
    """A text, and what goes with it: facts as in facts.schema.json, or ids of the catalog's items; never both.

    `locale` is the text's, `channel`, `country` and `block` say where it will stand, `attended` that a person reads it
    before it goes out. `packs` are names of policy packs, `flags` what is so of the text beyond its words. What is left
    out is as the request has it, or the project. `id` comes back with the verdict.
    """

    text: str
    id: str | int | None = None
    facts: dict[str, Any] | None = None
    items: list[str] = []
    locale: str | None = None
    channel: str | None = None
    country: str | None = None
    block: str | None = None
    attended: bool | None = None
    packs: list[str] | None = None
    flags: list[str] | None = None


class TextsAsked(msgspec.Struct, forbid_unknown_fields=True):
    """One text (`text`), or several (`texts`); the other fields hold for all that do not say their own."""

    text: str | None = None
    texts: Annotated[list[TextAsked], msgspec.Meta(max_length=TEXTS_MAX)] = []
    facts: dict[str, Any] | None = None
    items: list[str] = []
    locale: str | None = None
    channel: str | None = None
    country: str | None = None
    block: str | None = None
    attended: bool | None = None
    packs: list[str] | None = None
    flags: list[str] | None = None


class FindingTold(msgspec.Struct):
    """One finding: `words` are those at `span` of the text; `repair` is what to write there, '' to take it out."""

    check: str
    severity: str
    span: Annotated[list[int], msgspec.Meta(min_length=2, max_length=2)]
    words: str
    type: str
    reason: str
    evidence: str
    repair: str | None
    source: str


class TextJudged(msgspec.Struct):
    """A verdict: status pass, repair, review or block. Of a text that could not be judged: error, and the reason."""

    status: str
    locale: str = ""
    text: str = ""
    findings: list[FindingTold] = []
    reason: str = ""
    id: str | int | None = None


class TextsJudged(msgspec.Struct):
    """Of one text its verdict: status, locale, text and findings. Of several: texts, and how many have each status."""

    status: str = ""
    locale: str = ""
    text: str = ""
    findings: list[FindingTold] = []
    texts: list[TextJudged] = []
    counts: dict[str, int] = {}


_ASKED = msgspec.json.Decoder(TextsAsked, float_hook=Decimal)
_HEADERS = {"Cache-Control": "no-store"}


@dataclass(frozen=True)
class Validate:
    """The route; who knows `key` may have texts judged. At most AT_ONCE requests are judged at a time."""

    judge: TextJudge
    key: str
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    def operations(self) -> list[Operation]:
        """The one operation."""
        return [
            Operation("POST", PATH, "Judge texts against facts", {
                200: Answer("The verdict, or one for each text, in order.", TextsJudged),
            }, self.answer, body=Body(TextsAsked), bearer="validateKey", problems={
                400: "The body cannot be read, or has too much, or what it says of one text cannot be used.",
                401: "The validate key is missing or wrong.",
            })
        ]  # fmt: skip

    async def answer(self, request: Request) -> Response:
        """Judge the texts of one request."""
        require_key(request.headers.get("authorization", "").encode("latin-1"), self.key, "validate key")
        asked = read_asked(await read_body(request, BODY_BYTES_MAX))
        async with self._turns:
            told = await run_in_threadpool(judge_asked, self.judge, asked)
        return Response(msgspec.json.encode(told), headers=_HEADERS, media_type="application/json")


def read_asked(body: bytes) -> TextsAsked:
    """What a body asks. HTTPException 400: it cannot be read, asks for nothing, or for too much."""
    try:
        asked = _ASKED.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ArithmeticError) as error:
        raise HTTPException(400, f"the body cannot be used: {error}") from None
    if (asked.text is None) == (not asked.texts):
        raise HTTPException(400, f'one of "text" and "texts" is needed, with 1 to {TEXTS_MAX} texts')
    chars = len(asked.text or "") + sum(len(each.text) for each in asked.texts)
    if chars > CHARS_MAX:
        raise HTTPException(400, f"{chars:,} characters of text; at most {CHARS_MAX:,} in one request: split it")
    return asked


def judge_asked(judge: TextJudge, asked: TextsAsked) -> dict[str, Any]:
    """The answer as JSON values, as `tailorbird audit text --json` prints them.

    HTTPException 400: the one text, or what holds for all, cannot be used; of several texts, one that cannot be judged
    is told with the status 'error'.
    """
    shared = _said(asked)
    if asked.text is not None:
        return _judged(judge, asked.text, shared)
    told = [_one_of_many(judge, each, shared) for each in asked.texts]
    return {"texts": told, "counts": dict(Counter(each["status"] for each in told))}


def _one_of_many(judge: TextJudge, asked: TextAsked, shared: dict[str, Any]) -> dict[str, Any]:
    own = _said(asked)
    if {"facts", "items"} & own.keys():
        shared = {key: value for key, value in shared.items() if key not in ("facts", "items")}
    beside = {} if asked.id is None else {"id": asked.id}
    try:
        return beside | _judged(judge, asked.text, shared | own)
    except HTTPException as error:
        return beside | {"status": "error", "reason": error.detail}


def _said(asked: TextsAsked | TextAsked) -> dict[str, Any]:
    said = {key: getattr(asked, key) for key in KEYS}
    return {key: value for key, value in said.items() if value is not None and value != []}


def _judged(judge: TextJudge, text: str, beside: dict[str, Any]) -> dict[str, Any]:
    try:
        verdict, locale = judge.judge(text, beside)
    except TailorbirdError as error:
        raise HTTPException(400, str(error)) from None
    return verdict_document(verdict, locale)
