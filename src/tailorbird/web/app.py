"""The tracking server's application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path, PurePosixPath

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from tailorbird import __version__
from tailorbird.adapters.segments.group_commit import GroupCommit
from tailorbird.ports.clock import Clock
from tailorbird.ports.event_log import EventLog
from tailorbird.ports.message_index import MessageIndex
from tailorbird.ports.suppressions import Suppressions
from tailorbird.web.api.engagement import Engagement
from tailorbird.web.api.intake import intake_routes
from tailorbird.web.problem import PROBLEM_ANSWERS

IMAGE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif"})


def create_app(
    *,
    log: EventLog,
    messages: MessageIndex,
    suppressions: Suppressions,
    clock: Clock,
    tracking_key: bytes,
    media_dir: Path | None = None,
    write_key: str | None = None,
    simulated_time: bool = False,
    brand: str = "",
) -> Starlette:
    """The app over its ports. It owns `log` from now on and closes it at shutdown.

    `write_key` None takes events from anybody who reaches the port. `simulated_time` lets X-Simulated-Time set the
    time of clicks, opens and unsubscriptions, and events lie in the future: for simulations only, and /health says so.
    """
    events = GroupCommit(log)
    engagement = Engagement(events, messages, suppressions, clock, tracking_key, simulated_time, brand)

    async def health(_: Request) -> Response:
        status = {"status": "ok", "version": __version__, "simulated_time": simulated_time}
        if simulated_time:
            status["note"] = "SIMULATION: X-Simulated-Time sets the time of clicks, opens and unsubscriptions"
        return JSONResponse(status)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await events.close()

    routes: list[BaseRoute] = [
        *intake_routes(events, clock, write_key, simulated_time),
        *engagement.routes(),
        Route("/health", health, methods=["GET"]),
    ]
    if media_dir is not None:
        routes.append(Mount("/media", _images(StaticFiles(directory=media_dir, check_dir=False))))
    return Starlette(routes=routes, exception_handlers=PROBLEM_ANSWERS, lifespan=lifespan)


def _images(files: StaticFiles) -> ASGIApp:
    """Only images, and nothing in a hidden folder: what else lies beside them is not for the public."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        path = PurePosixPath(files.get_path(scope))
        hidden = any(part.startswith(".") for part in path.parts)
        if hidden or path.suffix.lower() not in IMAGE_SUFFIXES:
            raise HTTPException(404)
        await files(scope, receive, send)

    return serve
