"""The preference API: what a person allows, for a shop's own account pages and apps."""

import hmac
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from tailorbird.adapters.segments.group_commit import GroupCommit
from tailorbird.pipeline.preference_words import PreferenceError, PreferenceWords, Speaker, Spoken, read_spoken
from tailorbird.pipeline.preferences import Preferences
from tailorbird.ports.clock import Clock
from tailorbird.ports.message_index import MessageIndex
from tailorbird.stages.events.wire_rules import EventError, read_id
from tailorbird.stages.tracking.tokens import TokenError, read_token
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.message import MessageRecord
from tailorbird.web.api.body import read_body
from tailorbird.web.api.intake import basic_user
from tailorbird.web.api.preference_page import PREFERENCES
from tailorbird.web.operation import Answer, Body, Operation

PATH = "/v1/preferences/{person:path}"
API_METHOD = "preference_api"
BODY_BYTES_MAX, TEXT_CHARS_MAX = 16 * 1024, 100
_Consents = dict[str, bool | dict[str, bool]]


class NoticeRead(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The privacy notice that the person read: its version ('' is the project's current one), and in which language."""

    version: str = ""
    language: str = ""


class PreferenceChanges(msgspec.Struct, forbid_unknown_fields=True):
    """What the person says: {purpose: {channel: yes or no}}, or {purpose: yes or no} of a whole purpose.

    What is not named stays. `method` says how it was said, such as 'account page'.
    """

    consents: Annotated[_Consents, msgspec.Meta(min_length=1)]
    method: Annotated[str, msgspec.Meta(min_length=1, max_length=TEXT_CHARS_MAX)] = API_METHOD
    notice: NoticeRead = NoticeRead()


class PreferenceNow(msgspec.Struct):
    """One purpose on one channel, '' where it has none: what is in force, and why.

    `suppressed` is 'unsubscribed' where the person left the channel, which a yes of the person's own undoes, and
    'blocked' where a relay or an operator closed it, which it does not.
    """

    purpose: str
    channel: str
    state: str
    reason: str
    last_word_at: str | None
    suppressed: str


class PreferencesNow(msgspec.Struct):
    """A person's preferences as of `as_of`."""

    person_id: str
    as_of: str
    preferences: list[PreferenceNow]


_DECODER = msgspec.json.Decoder(PreferenceChanges)


@dataclass(frozen=True, slots=True)
class PreferenceApi:
    """`/v1/preferences/{person}`. Without a key of a kind, nobody has it; a person's own token is always one."""

    words: PreferenceWords
    events: GroupCommit
    messages: MessageIndex
    clock: Clock
    tracking_key: bytes
    read_key: str = ""
    write_key: str = ""

    def operations(self) -> list[Operation]:
        """GET and PUT."""
        problems = {
            401: "The key is missing or wrong, or the person's link is not one of ours.",
            403: "The link is another person's.",
            503: "Not now: do it again.",
        }
        said = {**problems, 503: "Not now: do it again, unless the answer says that what was said is on disk."}
        return [
            Operation("GET", PATH, "Read what a person allows, and why", {
                200: Answer("What is in force.", PreferencesNow),
            }, self.read, bearer="readKey", own_token=True,
                problems={404: "Nobody of that id is known.", **problems}),
            Operation("PUT", PATH, "Save what a person says", {
                200: Answer("On disk; what is in force now, with the write key of what was said.", PreferencesNow),
            }, self.save, body=Body(PreferenceChanges), write_key=True, own_token=True,
                problems={400: "The body cannot be read, or names no purpose or channel of the project.", **said}),
        ]  # fmt: skip

    async def read(self, request: Request) -> Response:
        """What is in force for a person, by any id of the person's."""
        person = request.path_params["person"]
        own = None if self._is_bearer(request, self.read_key) else await self._own(request, person, "read key")
        found = await run_in_threadpool(self.words.reader.read, person, own.address if own else "")
        if not found.is_known:
            raise HTTPException(404, "nobody of that id is known")
        return self._answer(found)

    async def save(self, request: Request) -> Response:
        """Write one `Consent Updated`, synced before the answer. Queues are emptied as by the page."""
        person = request.path_params["person"]
        user = basic_user(request.headers.get("authorization", ""))
        by_key = bool(self.write_key) and hmac.compare_digest(user, self.write_key.encode())
        own = None if by_key else await self._own(request, person, "write key")
        changes, spoken = self._read_body(await read_body(request, BODY_BYTES_MAX))
        if by_key:
            _check_id(person)
        version = changes.notice.version or self.words.reader.settings.notice
        notice = {"version": version, "language": changes.notice.language}
        address, channel = (own.address, own.channel) if own else ("", "")
        speaker = Speaker(person, own is not None, changes.method, address, channel, notice)
        moment, more = self.clock.now(), {"message_id": own.message_id} if own else {}
        said = spoken
        try:
            said = await run_in_threadpool(self.words.complete, speaker, spoken)
            await self.events.append([self.words.event(speaker, said, moment, more)])
        finally:
            await run_in_threadpool(self.words.close, speaker, said, moment)
        await run_in_threadpool(self.words.open, speaker, said, moment)
        found = await run_in_threadpool(self._read_back, person, address)
        return self._answer(replace(found, person_id=person), spoken) if by_key else self._answer(found)

    def _read_back(self, person: str, address: str) -> Preferences:
        try:
            return self.words.reader.read(person, address)
        except TailorbirdError as error:
            print(f"tailorbird: {error}", file=sys.stderr, flush=True)
            told = "what was said is on disk, and need not be said again; what is in force cannot be read at the moment"
            raise HTTPException(503, told) from error

    def _read_body(self, body: bytes) -> tuple[PreferenceChanges, Spoken]:
        try:
            changes = _DECODER.decode(body)
            _check_texts(changes.method, changes.notice.version, changes.notice.language)
            return changes, read_spoken(changes.consents, self.words.reader.offered)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise HTTPException(400, f"the body cannot be read: {error}") from None
        except PreferenceError as error:
            raise HTTPException(400, str(error)) from None

    def _is_bearer(self, request: Request, key: str) -> bool:
        given = request.headers.get("authorization", "").encode("latin-1")
        return bool(key) and hmac.compare_digest(given, b"Bearer " + key.encode())

    async def _own(self, request: Request, person: str, name: str) -> MessageRecord:
        """The message whose link the person shows as key. 401: no link of ours; 403: another person's."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        row = None
        if scheme.lower() == "bearer":
            try:
                message_id, *_ = read_token(PREFERENCES, token.strip(), self.tracking_key)
                row = await run_in_threadpool(self.messages.find, message_id)
            except TokenError:
                row = None
        if row is None:
            told = f"the {name} is missing or wrong; a person's own link to the preference page is a Bearer token too"
            raise HTTPException(401, told, {"WWW-Authenticate": 'Bearer, Basic realm="Tailorbird"'})
        if person != row.person_id and person not in await run_in_threadpool(self.words.reader.ids_of, row.person_id):
            raise HTTPException(403, "this link is another person's")
        return row

    def _answer(self, found: Preferences, only: Spoken | None = None) -> Response:
        """`only`: of what was said alone, and by the id that said it. The write key stands in every page of a shop, and
        must not read people, nor who is whom."""
        rows: Sequence[PreferenceNow] = [
            PreferenceNow(
                one.purpose, one.channel, one.state, one.reason, one.last_word_at, "" if only else one.suppressed
            )
            for one in found.choices
            if only is None or (one.purpose, one.channel) in only or (one.purpose, "") in only
        ]
        now = PreferencesNow(found.person_id, self.clock.now().isoformat(), list(rows))
        return Response(msgspec.json.encode(now), headers={"Cache-Control": "no-store"}, media_type="application/json")


def _check_texts(*texts: str) -> None:
    """Text that stands in the ledger for ever, and that every reader of the log can bear."""
    if any(len(text) > TEXT_CHARS_MAX or not text.isprintable() for text in texts):
        told = f"method, notice.version and notice.language have at most {TEXT_CHARS_MAX} characters, none of them a"
        raise HTTPException(400, f"{told} line break or another control character")


def _check_id(person: str) -> None:
    """An id that the intake would take."""
    try:
        read_id(person, "userId")
    except EventError as error:
        raise HTTPException(400, str(error)) from None
