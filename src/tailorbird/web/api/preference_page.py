"""The preference page's routes: a GET shows, a POST says. The link is signed, and names a message and a language."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import parse_qsl

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from tailorbird.adapters.segments.group_commit import GroupCommit
from tailorbird.pipeline.consent_signals import ConsentSignals
from tailorbird.pipeline.preference_words import PreferenceWords, Speaker, Spoken
from tailorbird.ports.clock import Clock
from tailorbird.ports.message_index import MessageIndex
from tailorbird.stages.consent.signals import GPC_HEADER, is_gpc
from tailorbird.stages.tracking.tokens import TokenError, read_token
from tailorbird.types.consent import consent_key
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.event import Event
from tailorbird.types.message import MessageRecord
from tailorbird.web.api.body import read_body
from tailorbird.web.operation import Answer, Body, Operation
from tailorbird.web.preferences.page import (
    BEFORE,
    CHOICE,
    EVERYTHING,
    Notice,
    PageReader,
    render_preferences,
    render_trouble,
)
from tailorbird.web.preferences.words import choose_language
from tailorbird.web.problem import RETRY_AFTER_S

PAGE_METHOD = "preference_page"
PREFERENCES = "p"
"""The kind of token that leads here, and that is its person's key to the preference API."""
_FORM_BYTES_MAX = 64 * 1024
_FORM = "application/x-www-form-urlencoded"
_HEADERS = {
    "Cache-Control": "no-store, private",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept-Language, Sec-GPC",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
}


class PreferenceForm(msgspec.Struct, forbid_unknown_fields=False):
    """The page's own form: its fields `choice:…` and `before:…` are one pair for each purpose and channel."""

    everything: Literal["", "no"] = ""


@dataclass(frozen=True, slots=True)
class PreferencePage:
    """`/p/{token}` over the reader and writer of preferences."""

    words: PreferenceWords
    events: GroupCommit
    messages: MessageIndex
    clock: Clock
    tracking_key: bytes
    brand: str = ""
    signals: ConsentSignals | None = None

    def operations(self) -> list[Operation]:
        """GET and POST of the page."""
        broken, gone = "A page for people whose link is broken.", "A page for people whose link is too old."
        later = "A page that asks to try again."
        return [
            Operation("GET", "/p/{token}", "Show what a person allows; nothing changes", {
                200: Answer("The page."), 400: Answer(broken), 404: Answer(gone), 503: Answer(later),
            }, self.show),
            Operation("POST", "/p/{token}", "Save what a person allows", {
                200: Answer("It is on disk; the page as it is now."), 400: Answer(broken), 404: Answer(gone),
                503: Answer(later),
            }, self.save, body=Body(PreferenceForm, _FORM)),
        ]  # fmt: skip

    async def show(self, request: Request) -> Response:
        """The page. It changes nothing: mail scanners follow links."""
        return await self._answer(request, None)

    async def save(self, request: Request) -> Response:
        """Write one `Consent Updated`, synced before the answer; then show what holds now."""
        body = await read_body(request, _FORM_BYTES_MAX)
        if not request.headers.get("content-type", "").strip().lower().startswith(_FORM):
            raise HTTPException(415, f"the form comes as {_FORM}")
        return await self._answer(request, parse_qsl(body.decode("utf-8", "replace")))

    async def _answer(self, request: Request, form: Iterable[tuple[str, str]] | None) -> Response:
        accept, locale = request.headers.get("accept-language", ""), ""
        try:
            message_id, locale = _fields(request.path_params["token"], self.tracking_key)
            row = await run_in_threadpool(self.messages.find, message_id)
            if row is None:
                return _trouble("gone", 404, choose_language(locale, accept))
            told = form is not None and await self._say(row, dict(form), request, locale)
            found = await run_in_threadpool(self.words.reader.read, row.person_id, row.address)
        except TokenError:
            return _trouble("broken", 400, choose_language(accept))
        except TailorbirdError as error:
            print(f"tailorbird: {error}", file=sys.stderr, flush=True)
            return _trouble("busy", 503, choose_language(locale, accept))
        notice: Notice = "" if form is None else "saved" if told else "unchanged"
        reader = PageReader(choose_language(locale, found.locale, accept), locale or found.locale, self.brand)
        page = render_preferences(found, self.words.reader.settings, reader, notice, self._has_gpc(request))
        return HTMLResponse(page, headers=_HEADERS)

    async def _say(self, row: MessageRecord, form: Mapping[str, str], request: Request, locale: str) -> bool:
        """Whether anything was said."""
        reader, moment = self.words.reader, self.clock.now()
        everything = EVERYTHING in form
        spoken = _everything(reader.offered) if everything else _spoken(form, reader.offered)
        if not spoken:
            return False
        language = choose_language(locale, request.headers.get("accept-language", ""))
        notice = {"version": reader.settings.notice, "language": language}
        speaker = Speaker(row.person_id, True, PAGE_METHOD, row.address, row.channel, notice)
        try:
            spoken = await run_in_threadpool(self.words.complete, speaker, spoken)
            more, heard = self._beside(row, request, spoken, moment)
            await self.events.append([self.words.event(speaker, spoken, moment, more), *heard])
        finally:
            await run_in_threadpool(self.words.close, speaker, spoken, moment, everything)
        await run_in_threadpool(self.words.open, speaker, spoken, moment)
        return True

    def _beside(
        self, row: MessageRecord, request: Request, spoken: Spoken, moment: datetime
    ) -> tuple[dict[str, Any], list[Event]]:
        """What else the word says, and what the browser says by Global Privacy Control. The page tells of the browser's
        signal, so a yes to what it opts out of is one in spite of it, if it is known which notice was read."""
        more: dict[str, Any] = {"message_id": row.message_id}
        if self.signals is None or not self._has_gpc(request):
            return more, []
        settings = self.words.reader.settings
        if any(given and purpose in settings.signals.gpc for (purpose, _), given in spoken.items()):
            return {**more, **({"despite_gpc": True} if settings.notice else {})}, []
        return more, self.signals.gpc_words(row.person_id, moment, self.clock.now())

    def _has_gpc(self, request: Request) -> bool:
        heard = self.signals is not None and self.signals.honours_gpc
        return heard and is_gpc(request.headers.get(GPC_HEADER))


def _fields(token: str, key: bytes) -> tuple[str, str]:
    """(message_id, locale); a link without a locale is one too."""
    message_id, *more = read_token(PREFERENCES, token, key)
    return message_id, more[0] if more else ""


def _everything(offered: Mapping[str, Sequence[str]]) -> Spoken:
    return {(purpose, ""): False for purpose in offered}


def _spoken(form: Mapping[str, str], offered: Mapping[str, Sequence[str]]) -> Spoken:
    """Each no on the form, and each yes that was none before: a yes that stood there already is nobody's word."""
    spoken: dict[tuple[str, str], bool] = {}
    for purpose, channels in offered.items():
        for channel in channels or ("",):
            key = consent_key(purpose, channel)
            choice = form.get(CHOICE + key)
            if choice == "no" or (choice == "yes" and form.get(BEFORE + key) != "yes"):
                spoken[purpose, channel] = choice == "yes"
    return spoken


def _trouble(kind: Literal["broken", "gone", "busy"], status: int, language: str) -> Response:
    headers = {**_HEADERS, **({"Retry-After": str(RETRY_AFTER_S)} if status == 503 else {})}
    return HTMLResponse(render_trouble(kind, language), status, headers=headers)
