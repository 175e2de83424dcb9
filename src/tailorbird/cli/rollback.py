"""tailorbird rollback: halt a campaign, let it go on, and what is watched."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from tailorbird.types.incident import Incident, Reading

rollback = typer.Typer(
    help="Halt a campaign and return to what ran well; watch it.", no_args_is_help=True, rich_markup_mode=None
)
Target = Annotated[list[str] | None, typer.Argument(help="The project folder and the campaign's name.")]
By = Annotated[str, typer.Option(help="Who does it.")]
Reason = Annotated[str, typer.Option(help="Why: it must be said.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
FIRED = 3
"""Exit code of `check` where something fired."""


def register(app: typer.Typer, group: str) -> None:
    """Add the command group."""
    app.add_typer(rollback, name="rollback", rich_help_panel=group)


@rollback.command()
def halt(
    target: Target = None,
    by: By = "",
    reason: Reason = "",
    severity: Annotated[Literal["low", "medium", "high", "critical"], typer.Option(help="How bad it is.")] = "medium",
    as_json: AsJson = False,
) -> None:
    """Halt a campaign now, in every process. Example: tailorbird rollback halt win_back --by ana --reason 'wrong price'

    The last lines and prompts that ran well are put back, and an incident is opened.
    """
    from tailorbird.bootstrap import open_clock, open_rollback, open_state
    from tailorbird.cli.target import read_campaign
    from tailorbird.pipeline.rollback.watching import read_triggers
    from tailorbird.types.errors import TailorbirdError

    project, campaign = read_campaign(target)
    if not by.strip() or not reason.strip():
        raise TailorbirdError("say who halts it and why: --by NAME --reason '…'")
    opened, now = open_rollback(project, open_state(project)), open_clock().now()
    if active := opened.state.halts.active(campaign.name):
        raise TailorbirdError(f"campaign {campaign.name} is halted already: {active.reason} ({active.incident_id})")
    readings = read_triggers(opened, campaign, now)
    _tell(opened.halt(campaign, "person", readings, now, by, reason, severity), as_json)


@rollback.command()
def release(target: Target = None, by: By = "", reason: Reason = "", as_json: AsJson = False) -> None:
    """Let a halted campaign go on. Example: tailorbird rollback release win_back --by ben --reason 'line is out'

    What is queued is sent by the next run, with the lines that are in use then. Measurements begin anew.
    """
    from tailorbird.bootstrap import open_clock, open_rollback, open_state
    from tailorbird.cli.target import read_campaign
    from tailorbird.cli.terminal import print_json
    from tailorbird.pipeline.rollback.halting import release as let_go_on

    project, campaign = read_campaign(target)
    opened = open_rollback(project, open_state(project))
    incident = let_go_on(opened, campaign.name, open_clock().now(), by, reason)
    if as_json:
        print_json({"campaign": campaign.name, "released_by": by, "incident": incident.incident_id})
        return
    print(f"campaign {campaign.name} may go on: 'tailorbird run {campaign.name}' sends what waits")
    if not incident.closed_at:
        print(f"incident {incident.incident_id} is still open: 'tailorbird incident close' ends it")


@rollback.command()
def check(target: Target = None, as_json: AsJson = False) -> None:
    """Measure triggers and guardrails now, and halt if one fires. Example: tailorbird rollback check win_back

    For a cron job where no server runs. The exit code is 3 where something fired or the campaign is halted.
    """
    from dataclasses import asdict

    from tailorbird.bootstrap import open_clock, open_events, open_rollback, open_state
    from tailorbird.cli.target import read_campaign
    from tailorbird.cli.terminal import print_json
    from tailorbird.pipeline.rollback.guardrail_watch import check_everything
    from tailorbird.pipeline.rollback.watching import finish_halt

    project, campaign = read_campaign(target)
    opened, now = open_rollback(project, open_state(project)), open_clock().now()
    finish_halt(opened, campaign, now)
    readings, incident = check_everything(opened, campaign, lambda: open_events(project), now)
    active = opened.state.halts.active(campaign.name)
    if as_json:
        told = {"readings": [asdict(r) for r in readings], "incident": incident and incident.incident_id}
        print_json({"campaign": campaign.name, **told, "halted": bool(active)})
    else:
        _tell_readings(readings)
        print(f"halted: {active.reason} ({active.incident_id})" if active else "not halted")
    if active is not None or any(reading.fired for reading in readings):
        raise typer.Exit(FIRED)


@rollback.command()
def status(target: Target = None, as_json: AsJson = False) -> None:
    """Show halts, versions and what is measured; nothing changes. Example: tailorbird rollback status win_back"""
    from dataclasses import asdict

    from tailorbird.bootstrap import open_clock, open_events, open_rollback, open_state
    from tailorbird.cli.target import read_campaign
    from tailorbird.cli.terminal import print_json
    from tailorbird.pipeline.rollback.guardrail_watch import read_everything

    project, campaign = read_campaign(target)
    opened = open_rollback(project, open_state(project))
    readings = read_everything(opened, campaign, lambda: open_events(project), open_clock().now())
    halts = opened.state.halts.history(campaign.name)
    versions = opened.state.versions.find(campaign.name)
    if as_json:
        known: list[dict[str, Any]] = [
            {"version": v.version, "at": v.at, "state": v.state, "lines": len(v.lines),
             "prompts": {name: f"v{prompt.version}" for name, prompt in v.prompts.items()}}
            for v in versions
        ]  # fmt: skip
        listed = {"halts": [asdict(h) for h in halts], "versions": known, "readings": [asdict(r) for r in readings]}
        print_json({"campaign": campaign.name, "halted": any(not h.released_at for h in halts), **listed})
        return
    for one in halts:
        ended = f"until {one.released_at[:16]} by {one.released_by}" if one.released_at else "HOLDS"
        print(f"halt {one.at[:16]} {ended}: {one.reason} ({one.incident_id})")
    for version in versions:
        prompts = ", ".join(f"{name} v{prompt.version}" for name, prompt in version.prompts.items())
        told = f"{len(version.lines):,} lines{', ' + prompts if prompts else ''}"
        print(f"version {version.version} of {version.at[:16]}: {version.state.replace('_', ' ')}, {told}")
    _tell_readings(readings)


def _tell(incident: "Incident", as_json: bool) -> None:
    from dataclasses import asdict

    from tailorbird.cli.terminal import print_json

    if as_json:
        print_json(asdict(incident))
        return
    print(f"campaign {incident.campaign} is halted; incident {incident.incident_id} is open")
    for act in incident.actions:
        print(f"  {act.what}")


def _tell_readings(readings: "list[Reading]") -> None:
    from tailorbird.stages.rollback.triggers import tell_reading

    for reading in readings:
        print(f"{'FIRED ' if reading.fired else '      '}{tell_reading(reading)}")
