"""tailorbird simulate: seeded customers who browse, buy, read mail and answer it, over HTTP."""

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from tailorbird.ports.progress import Progress
    from tailorbird.project.project import Project
    from tailorbird.testing.simulator.responses import TruthReport
    from tailorbird.testing.simulator.world import World
    from tailorbird.types.campaign import Campaign

WorldKind = Literal["planted", "null"]


def register(app: typer.Typer, group: str) -> None:
    """Add the command."""
    app.command("simulate", rich_help_panel=group)(simulate)


def simulate(
    what: Annotated[
        Literal["history", "responses"],
        typer.Argument(help="history: 90 days of events; responses: to the messages sent."),
    ],
    target: Annotated[list[str] | None, typer.Argument(help="The project folder and the campaign's name.")] = None,
    world: Annotated[
        WorldKind, typer.Option(help="planted: messages have an effect; null: they have none.")
    ] = "planted",
    people: Annotated[int, typer.Option(help="How many customers.")] = 5000,
    seed: Annotated[int, typer.Option(help="Seed of the world.")] = 7,
    step: Annotated[str | None, typer.Option(help="The occasion whose messages are answered.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Simulate customers through the tracking server. Example: tailorbird simulate history my-shop win_back

    Only for projects that say 'simulated: true': what it makes is no evidence about real people.
    """
    from tailorbird.cli.target import read_campaign
    from tailorbird.cli.terminal import print_json, progress_for
    from tailorbird.types.errors import TailorbirdError

    project, campaign = read_campaign(target, step)
    if not project.settings.simulated:
        raise TailorbirdError("this project is not marked 'simulated: true' in tailorbird.yaml; its customers are real")
    progress = progress_for(as_json)
    made = make_people(project, people, seed)
    if what == "history":
        sent = send_history(project, campaign, made, progress)
        print_json({"events": sent}) if as_json else progress.say(f"{sent:,} simulated events sent")
        return
    truth = answer_messages(project, campaign, made, world, progress)
    print_json(asdict(truth)) if as_json else progress.say(truth_line(truth))


def make_people(project: "Project", people: int, seed: int) -> "World":
    """The seeded world over the project's catalog."""
    from tailorbird.bootstrap import open_warehouse
    from tailorbird.pipeline.catalog import load_catalog
    from tailorbird.testing.simulator.world import make_world

    items = load_catalog(open_warehouse(project), project.state_dir)
    return make_world(list(items.values()), seed, people)


def moment_of(campaign: "Campaign") -> datetime:
    """The campaign's moment, at which the simulated history ends."""
    from tailorbird.types.errors import TailorbirdError

    if campaign.as_of is None:
        raise TailorbirdError(
            f"campaign {campaign.name} has no as_of: the simulation needs a moment where history ends"
        )
    from datetime import UTC

    return campaign.as_of if campaign.as_of.tzinfo else campaign.as_of.replace(tzinfo=UTC)


def send_history(project: "Project", campaign: "Campaign", world: "World", progress: "Progress") -> int:
    """Post 90 days of events through the tracking server on a free port; how many."""
    from tailorbird.cli.serve import make_app
    from tailorbird.testing.simulator.history import history_events
    from tailorbird.testing.simulator.send import send_events
    from tailorbird.web.server import BackgroundServer

    events = list(history_events(world, moment_of(campaign)))
    progress.stage("simulated history over HTTP", len(events))
    with BackgroundServer(make_app(project, None, simulated_time=True)) as server:
        return send_events(events, server.url, progress=progress.advance)


def answer_messages(
    project: "Project", campaign: "Campaign", world: "World", mode: WorldKind, progress: "Progress"
) -> "TruthReport":
    """Let the world read the outbox and respond through the tracking server; what truly happened."""
    from tailorbird.bootstrap import open_state
    from tailorbird.cli.serve import make_app
    from tailorbird.stages.channels.email_message import idempotency_key
    from tailorbird.testing.simulator.responses import simulate_responses
    from tailorbird.web.server import BackgroundServer

    followed = open_state(project).decisions.find(campaign.name)
    decided = [d for d in followed if d.step == campaign.step]
    treated = {d.person_id: d for d in decided if d.arm == "treatment"}
    others = {d.person_id for d in followed} - set(treated)
    began = decided[0].decided_at if decided else moment_of(campaign)
    keys = {idempotency_key(d.decision_id, campaign.channel) for d in treated.values()}
    progress.stage("simulated responses over HTTP", len(treated) + len(others))
    with BackgroundServer(make_app(project, None, simulated_time=True)) as server:
        outbox = project.state_dir / "outbox"
        return simulate_responses(world, outbox, treated, others, began, server.url, mode, progress.advance, only=keys)


def truth_line(truth: "TruthReport") -> str:
    """What the simulated people did, in one line."""
    return (
        f"simulated people: {truth.clicks:,} clicks, {truth.orders:,} orders, {truth.unsubscribes:,} unsubscribes; "
        f"the effect planted in this world is {truth.true_effect * 100:+.2f} points of conversion"
    )
