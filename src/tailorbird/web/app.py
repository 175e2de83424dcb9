"""The tracking server's application."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from tailorbird import __version__
from tailorbird.adapters.segments.group_commit import GroupCommit
from tailorbird.pipeline.consent_signals import ConsentSignals
from tailorbird.pipeline.preference_words import PreferenceWords
from tailorbird.pipeline.preferences import PreferenceReader
from tailorbird.pipeline.rollback.hear_feedback import FeedbackHearing
from tailorbird.pipeline.screening import Screening
from tailorbird.ports.clock import Clock
from tailorbird.ports.event_log import EventLog
from tailorbird.ports.message_index import MessageIndex
from tailorbird.ports.quarantine import Quarantine
from tailorbird.ports.suppressions import Suppressions
from tailorbird.ports.waiting_messages import WaitingMessages
from tailorbird.types.consent import Words
from tailorbird.types.settings import SignalSettings
from tailorbird.web.api.catalog_items import CatalogItems
from tailorbird.web.api.cross_origin import ANY, CrossOrigin
from tailorbird.web.api.engagement import Engagement
from tailorbird.web.api.feedback import FeedbackRoutes
from tailorbird.web.api.gpc import gpc_operations
from tailorbird.web.api.intake import Intake
from tailorbird.web.api.people import People
from tailorbird.web.api.preference_page import PreferencePage
from tailorbird.web.api.preferences import PreferenceApi
from tailorbird.web.api.reviews import Reviews
from tailorbird.web.api.validate import Validate
from tailorbird.web.emptying import EmptyingLoop
from tailorbird.web.loop import Loop
from tailorbird.web.openapi import openapi_document
from tailorbird.web.operation import Answer, Operation
from tailorbird.web.problem import PROBLEM_ANSWERS
from tailorbird.web.watching import WatchingLoop

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]
IMAGE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif"})


class Health(msgspec.Struct, omit_defaults=True):
    """That the server runs, which version, and whether its time is a simulation's."""

    status: Literal["ok"]
    version: str
    simulated_time: bool
    note: str = ""


def create_app(
    *,
    log: EventLog,
    quarantine: Quarantine,
    messages: MessageIndex,
    waiting: WaitingMessages,
    suppressions: Suppressions,
    clock: Clock,
    tracking_key: bytes,
    media_dir: Path | None = None,
    write_key: str | None = None,
    simulated_time: bool = False,
    brand: str = "",
    origins: Sequence[str] = (ANY,),
    screening: Screening | None = None,
    tester_key: str | None = None,
    people: People | None = None,
    catalog: CatalogItems | None = None,
    reviews: Reviews | None = None,
    read_words: Callable[[str], Words] | None = None,
    signals: ConsentSignals | None = None,
    emptying: EmptyingLoop | None = None,
    preferences: PreferenceReader | None = None,
    read_key: str = "",
    validate: Validate | None = None,
    feedback: FeedbackHearing | None = None,
    watching: WatchingLoop | None = None,
) -> "TrackingApp":
    """The app over its ports. It owns `log` from now on and closes it at shutdown.

    `write_key` None takes events from anybody who reaches the port. `simulated_time` lets X-Simulated-Time set the
    time of clicks, opens and unsubscriptions, and events lie in the future: for simulations only, and /health says so.
    Pages of `origins` may send events from a browser. `screening` judges events beyond the wire's rules. What comes
    with `tester_key` is a test. `people` answers what is known of one person; its live people run as long as the app
    does. `catalog` changes its items, `reviews` is the review queue. `read_words` tells a person's last words on
    consent: without it, opens count until an unsubscription. `signals` makes words of what requests say of consent;
    without it, nothing is heard. `emptying` empties the queues of those who withdraw. `preferences` reads what
    people allow, for their page and its API; who knows `read_key` may read anybody's. `validate` judges texts,
    `feedback` counts unsubscribers, and complaints if it has a key; `watching` halts campaigns.
    """
    events = GroupCommit(log, quarantine, clock)
    signals = signals or ConsentSignals(SignalSettings(gpc=()))
    intake = Intake(
        events, clock, write_key, simulated_time, CrossOrigin(origins), screening or Screening(), tester_key, signals
    )
    engagement = Engagement(
        events, messages, waiting, suppressions, clock, tracking_key, simulated_time, brand, read_words, signals,
        feedback.feedback if feedback else None,
    )  # fmt: skip
    # A new area of routes comes in here; the OpenAPI document follows by itself.
    operations = [*intake.operations(), *engagement.operations(), _health(simulated_time)]
    operations += [one for area in (people, catalog, validate, reviews) if area for one in area.operations()]
    operations += FeedbackRoutes(feedback, events, clock).operations() if feedback and feedback.key else ()
    if preferences is not None:
        shared = (PreferenceWords(preferences, suppressions, waiting), events, messages, clock, tracking_key)
        operations += PreferencePage(*shared, brand, signals).operations()
        operations += PreferenceApi(*shared, read_key, write_key or "").operations()
    operations += gpc_operations(signals.honoured_since) if signals.honours_gpc else ()
    running = (people.live if people else None, emptying, watching)
    return _assembled(operations, media_dir, _lifespan(events, [each for each in running if each is not None]))


def _assembled(operations: Sequence[Operation], media_dir: Path | None, lifespan: Lifespan) -> "TrackingApp":
    operations = [*operations, _document(operations)]
    app = Starlette(routes=_routes(operations, media_dir), exception_handlers=PROBLEM_ANSWERS, lifespan=lifespan)
    return TrackingApp({one.path: one.fast for one in operations if one.fast is not None}, app)


def _routes(operations: Sequence[Operation], media_dir: Path | None) -> list[BaseRoute]:
    """What the router answers: operations that no application serves by itself, and images."""
    routes: list[BaseRoute] = [one.route() for one in operations if one.fast is None]
    if media_dir is not None:
        routes.append(Mount("/media", _images(StaticFiles(directory=media_dir, check_dir=False))))
    return routes


def _lifespan(events: GroupCommit, loops: Sequence[Loop]) -> Lifespan:
    """What runs as long as the app does: the loops, then the log is closed."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        for loop in loops:
            loop.start()
        yield
        for loop in loops:
            await asyncio.to_thread(loop.stop)
        await events.close()

    return lifespan


@dataclass(frozen=True, slots=True)
class TrackingApp:
    """The paths of `fast` go past the router, all others through it."""

    fast: Mapping[str, ASGIApp]
    routed: Starlette

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or run the lifespan."""
        chosen = self.fast.get(scope["path"], self.routed) if scope["type"] == "http" else self.routed
        await chosen(scope, receive, send)


def _health(simulated_time: bool) -> Operation:
    note = "SIMULATION: X-Simulated-Time sets the time of clicks, opens and unsubscriptions" if simulated_time else ""
    body = msgspec.json.encode(Health("ok", __version__, simulated_time, note))

    async def health(_: Request) -> Response:
        return Response(body, media_type="application/json")

    return Operation("GET", "/health", "Say that the server runs", {200: Answer("It runs.", Health)}, health)


def _document(operations: Sequence[Operation]) -> Operation:
    """The operation that answers with the OpenAPI document of all, its own included."""

    async def document(_: Request) -> Response:
        return Response(body, media_type="application/json")

    itself = Operation("GET", "/openapi.json", "Describe these routes", {200: Answer("OpenAPI 3.1.", dict)}, document)
    body = msgspec.json.encode(openapi_document([*operations, itself], __version__))
    return itself


def _images(files: StaticFiles) -> ASGIApp:
    """Only images, and nothing in a hidden folder: what else lies beside them is not for the public."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        path = PurePosixPath(files.get_path(scope))
        hidden = any(part.startswith(".") for part in path.parts)
        if hidden or path.suffix.lower() not in IMAGE_SUFFIXES:
            raise HTTPException(404)
        await files(scope, receive, send)

    return serve
