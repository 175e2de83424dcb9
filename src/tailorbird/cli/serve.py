"""tailorbird serve: the tracking server."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from pathlib import Path

    from tailorbird.pipeline.state import State
    from tailorbird.project.project import Project
    from tailorbird.web.api.people import People
    from tailorbird.web.api.reviews import Reviews

DEFAULT_PORT = 8787


def register(app: typer.Typer, group: str) -> None:
    """Add the command."""
    app.command("serve", rich_help_panel=group)(serve)


def serve(
    target: Annotated[list[str] | None, typer.Argument(help="The project folder (default: this one).")] = None,
    port: Annotated[int, typer.Option(help="The port on 127.0.0.1.")] = DEFAULT_PORT,
    write_key: Annotated[
        str, typer.Option(envvar="TAILORBIRD_WRITE_KEY", help="Basic-auth key that events need.")
    ] = "",
    read_key: Annotated[
        str,
        typer.Option(envvar="TAILORBIRD_READ_KEY", help="Bearer token that reads people; without one, nobody does."),
    ] = "",
    catalog_key: Annotated[
        str,
        typer.Option(
            envvar="TAILORBIRD_CATALOG_KEY", help="Bearer token that changes items; without one, no-one does."
        ),
    ] = "",
    validate_key: Annotated[
        str,
        typer.Option(envvar="TAILORBIRD_VALIDATE_KEY", help="Bearer token that has texts judged; without one, nobody."),
    ] = "",
    feedback_key: Annotated[
        str,
        typer.Option(
            envvar="TAILORBIRD_FEEDBACK_KEY", help="Bearer token that reports complaints and bounces; none, nobody."
        ),
    ] = "",
) -> None:
    """Take events, clicks, opens and complaints over HTTP. Example: tailorbird serve examples/wren --port 8787"""
    from tailorbird.cli.target import read_target
    from tailorbird.web.server import serve as serve_app

    project, _ = read_target(target)
    _refuse_public_keys(write_key, read_key, catalog_key, feedback_key)

    def ready(url: str) -> None:
        print(f"listening on {url} for {project.settings.name}; stop with Ctrl-C", flush=True)
        if not write_key:
            print(
                "warning: no write key is set, so anybody who reaches the port can post events; see --write-key",
                file=sys.stderr,
                flush=True,
            )

    app = make_app(
        project, write_key or None, read_key=read_key, catalog_key=catalog_key, validate_key=validate_key,
        feedback_key=feedback_key,
    )  # fmt: skip
    try:
        serve_app(app, port, ready)
    except KeyboardInterrupt:
        print("stopped; everything that was acknowledged is on disk", file=sys.stderr)


def _refuse_public_keys(write_key: str, read_key: str, catalog_key: str, feedback_key: str) -> None:
    """A key that pages of the shop carry, or that others have for reading, must not change prices or halt campaigns."""
    from tailorbird.types.errors import TailorbirdError

    if feedback_key and feedback_key == write_key:
        raise TailorbirdError(
            "the feedback key is the write key too: choose another, since the write key stands in every page of a "
            "shop, and a complaint can halt a campaign"
        )
    if catalog_key and catalog_key in (write_key, read_key):
        raise TailorbirdError(
            "the catalog key is the write key or the read key too: choose another, since the write key stands in every "
            "page of a shop, and who reads people need not change prices"
        )


def media_folder(project: "Project") -> "Path":
    """The folder of the catalog's images, which is public: a folder of its own inside the project."""
    from pathlib import PurePath

    from tailorbird.project.errors import ProjectError

    name = PurePath(project.settings.catalog.images)
    if name.is_absolute() or not name.parts or any(part.startswith(".") for part in name.parts):
        message = f"must be a folder inside the project, such as media (found {str(name)!r}): all of it is public"
        raise ProjectError(project.root / "tailorbird.yaml", None, "catalog.images", message)
    return project.root / name


def make_app(
    project: "Project",
    write_key: str | None,
    simulated_time: bool = False,
    read_key: str = "",
    catalog_key: str = "",
    validate_key: str = "",
    feedback_key: str = "",
) -> Any:
    """The tracking app over the project's log and state."""
    from datetime import UTC, datetime

    from tailorbird import bootstrap
    from tailorbird.pipeline.consent_signals import ConsentSignals
    from tailorbird.pipeline.screening import Screening
    from tailorbird.stages.events.plan_checks import PlanChecks
    from tailorbird.stages.events.wire_rules import OUR_EVENTS
    from tailorbird.web.api.catalog_items import CatalogItems
    from tailorbird.web.api.validate import Validate
    from tailorbird.web.app import create_app
    from tailorbird.web.emptying import EmptyingLoop
    from tailorbird.web.watching import WatchingLoop

    testers = project.settings.testers.write_key_env
    state, clock = bootstrap.open_state(project), bootstrap.open_clock()
    words = bootstrap.open_consent_reader(project)
    emptier = bootstrap.open_queue_emptier(project, state, words)
    publisher = bootstrap.open_item_publisher(project)
    changed = datetime.fromtimestamp((project.root / "tailorbird.yaml").stat().st_mtime, UTC)
    return create_app(
        log=bootstrap.open_log(project),
        quarantine=bootstrap.open_quarantine(project),
        messages=state.messages,
        waiting=state.waiting,
        suppressions=state.suppressions,
        clock=clock,
        tracking_key=bootstrap.open_keys(project)[0],
        media_dir=media_folder(project),
        write_key=write_key,
        simulated_time=simulated_time,
        brand=project.brand.name,
        origins=project.settings.intake.origins,
        screening=Screening(PlanChecks(project.plan, OUR_EVENTS) if project.plan else None),
        tester_key=bootstrap.secret(testers, "testers.write_key_env") if testers else None,
        read_words=words,
        emptying=EmptyingLoop(emptier, bootstrap.open_words_watch(project)),
        preferences=bootstrap.open_preferences(project, state, words),
        read_key=read_key,
        signals=ConsentSignals(project.settings.consent.signals, changed.date()),
        people=live_people(project, read_key) if read_key else None,
        catalog=CatalogItems(publisher, clock, catalog_key) if catalog_key else None,
        validate=Validate(bootstrap.open_text_judge(project), validate_key) if validate_key else None,
        reviews=review_routes(project, state),
        feedback=bootstrap.open_feedback(state, feedback_key),
        watching=WatchingLoop(
            bootstrap.open_rollback(project, state), [*project.campaigns.values()],
            lambda: bootstrap.open_events(project), clock,
        ),
    )  # fmt: skip


def review_routes(project: "Project", state: "State") -> "Reviews":
    """The review queue over HTTP, for whoever has a reviewer's key."""
    from tailorbird import bootstrap
    from tailorbird.web.api.reviews import Reviews

    desk, renderer = bootstrap.open_desk(project, state), bootstrap.open_renderer(project, state)
    return Reviews(desk, renderer, state.creatives, state.review_record, bootstrap.open_reviewer_keys(project))


def live_people(project: "Project", read_key: str) -> "People":
    """The route that reads people, with every audience of the project."""
    from tailorbird import bootstrap
    from tailorbird.pipeline.online_arms import OnlineArms
    from tailorbird.stages.audiences.rules import membership_test
    from tailorbird.web.api.people import People
    from tailorbird.web.live import LiveLoop

    clock, names = bootstrap.open_clock(), tuple(feature.name for feature in project.features)
    tests = {name: membership_test(rule, names) for name, rule in project.audiences.items()}
    return People(
        LiveLoop(bootstrap.open_live_people(project), clock), clock, read_key, tests, OnlineArms(project, tests)
    )
