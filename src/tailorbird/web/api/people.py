"""One person now: features and audiences, for whoever decides in another system."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from tailorbird.ports.clock import Clock
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.feature import Features
from tailorbird.web.api.bearer import require_key
from tailorbird.web.api.body import receive_body
from tailorbird.web.live import LiveLoop
from tailorbird.web.operation import Answer, Body, Operation
from tailorbird.web.problem import answer_any

PATH = "/v1/people/features"
BODY_BYTES_MAX = 16 * 1024


class PersonQuestion(msgspec.Struct, forbid_unknown_fields=True):
    """Who is meant, by an id of Segment's; `audiences` None asks for all, [] for none."""

    user_id: str | None = None
    anonymous_id: str | None = None
    audiences: list[str] | None = None


class PersonNow(msgspec.Struct):
    """What is known of the person at `as_of`. A feature without consent is in `withheld` with the reason, and null.

    `experiments` says the variant, or 'holdout', in each campaign that splits by hash and whose audience the person is
    in: whoever shows it sends 'Experiment Viewed'.
    """

    person_id: str
    as_of: str
    features: dict[str, Any]
    missing: list[str]
    withheld: dict[str, str]
    audiences: dict[str, bool]
    experiments: dict[str, str]


_QUESTION = msgspec.json.Decoder(PersonQuestion)
_ENCODER = msgspec.json.Encoder()
_HEADERS = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]


@dataclass(frozen=True, slots=True)
class People:
    """The route over live people; who knows `read_key` may ask for anybody. `tests` says who is in each audience,
    `arms` which arm a person has in each campaign."""

    live: LiveLoop
    clock: Clock
    read_key: str
    tests: Mapping[str, Callable[[Features], bool]]
    arms: Callable[[str, Features], dict[str, str]]

    def operations(self) -> list[Operation]:
        """The one operation."""
        return [
            Operation(
                "POST",
                PATH,
                "Read one person's features and audiences as of now",
                {200: Answer("The person as of now.", PersonNow)},
                fast=self,
                body=Body(PersonQuestion),
                bearer="readKey",
                problems={
                    400: "The body cannot be read, or names nobody or no audience.",
                    401: "The read key is missing or wrong.",
                    404: "Nobody of that id is known.",
                    503: "The server is still reading the event log.",
                },
            )
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            if scope["method"] != "POST":
                raise HTTPException(405, "ask by POST", {"Allow": "POST"})
            headers = dict(scope["headers"])
            require_key(headers.get(b"authorization", b""), self.read_key, "read key")
            encoding = headers.get(b"content-encoding", b"").decode("latin-1")
            answer = await self.answer(await receive_body(receive, encoding, BODY_BYTES_MAX))
        except ClientDisconnect:
            return
        except Exception as error:
            response = await answer_any(error)
            await response(scope, receive, send)
            if not isinstance(error, HTTPException | TailorbirdError):
                raise  # A defect of ours: the server's log gets the whole story.
            return
        headers_sent = [*_HEADERS, (b"content-length", b"%d" % len(answer))]  # without a length it would go in chunks
        await send({"type": "http.response.start", "status": 200, "headers": headers_sent})
        await send({"type": "http.response.body", "body": answer})

    async def answer(self, body: bytes) -> bytes:
        """The person whom a body asks for, as JSON. HTTPException: what the problem documents say."""
        try:
            asked = _QUESTION.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise HTTPException(400, f"the body is no question: {error}") from None
        if not asked.user_id and not asked.anonymous_id:
            raise HTTPException(400, "one of user_id and anonymous_id is needed")
        if not self.live.is_ready:
            raise HTTPException(503, "the server is still reading the event log; ask again in a moment")
        wanted = self.tests if asked.audiences is None else asked.audiences
        if unknown := [name for name in wanted if name not in self.tests]:
            raise HTTPException(
                400, f"there is no audience {unknown[0]!r}; there are: {', '.join(self.tests) or 'none'}"
            )
        now = self.clock.now()
        people = self.live.people
        person = people.person_of(asked.user_id, asked.anonymous_id, now)
        found = people.at_hand(person, now)
        if found is None:  # the person's events must be looked for in the log: others need not wait for that
            found = await asyncio.to_thread(people.features, person, now)
        if found is None:
            raise HTTPException(404, "nobody of that id is known")
        audiences = {name: self.tests[name](found) for name in wanted}
        as_of, missing, withheld = found.as_of.isoformat(), list(found.missing), dict(found.withheld)
        arms = self.arms(person, found)
        return _ENCODER.encode(PersonNow(person, as_of, dict(found.values), missing, withheld, audiences, arms))
