"""tailorbird incident: what happened, what was done, and the post-mortem."""

from pathlib import Path
from typing import Annotated

import typer

incident = typer.Typer(help="Incidents: read, note, close; and a drill.", no_args_is_help=True, rich_markup_mode=None)
Project = Annotated[list[str] | None, typer.Argument(help="The project folder (default: this one).")]
IncidentId = Annotated[str, typer.Argument(help="The incident's id, or the beginning of it.")]
By = Annotated[str, typer.Option(help="Who does it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


def register(app: typer.Typer, group: str) -> None:
    """Add the command group."""
    app.add_typer(incident, name="incident", rich_help_panel=group)


@incident.command("list")
def list_incidents(
    target: Project = None,
    still_open: Annotated[bool, typer.Option("--open", help="Only those that are not closed.")] = False,
    as_json: AsJson = False,
) -> None:
    """List incidents, the newest first. Example: tailorbird incident list examples/wren --open"""
    from dataclasses import asdict

    from tailorbird.bootstrap import open_rollback, open_state
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json, printable

    project, name = read_target(target)
    opened = open_rollback(project, open_state(project))
    found = [opened.recount(one) for one in opened.state.incidents.find(name, still_open)]
    if as_json:
        print_json({"incidents": [asdict(one) for one in found]})
        return
    for one in found:
        state = f"closed {one.closed_at[:10]}" if one.closed_at else "open"
        told = f"{one.incident_id}  {one.campaign}  {one.severity}  {one.detected_at[:16]}  {state}"
        print(f"{told}  {printable(one.reason, 160)}")
    print("1 incident" if len(found) == 1 else f"{len(found):,} incidents")


@incident.command()
def show(
    incident_id: IncidentId,
    target: Project = None,
    out: Annotated[Path | None, typer.Option(help="Write the post-mortem to this Markdown file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show an incident as a post-mortem. Example: tailorbird incident show i_3f7a --out post-mortem.md"""
    from dataclasses import asdict

    from tailorbird.bootstrap import open_rollback, open_state
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json
    from tailorbird.pipeline.rollback.incident_record import find_incident
    from tailorbird.stages.rollback.post_mortem import write_post_mortem

    project, _ = read_target(target)
    opened = open_rollback(project, open_state(project))
    found = opened.recount(find_incident(opened.state.incidents, incident_id))
    if out is not None:
        out.write_text(write_post_mortem(found), encoding="utf-8")
    if as_json:
        print_json(asdict(found))
    elif out is None:
        print(write_post_mortem(found), end="")
    else:
        print(f"written to {out}")


@incident.command()
def note(
    incident_id: IncidentId,
    target: Project = None,
    by: By = "",
    action: Annotated[str, typer.Option(help="Something that was done.")] = "",
    notified: Annotated[str, typer.Option(help="Somebody who was told.")] = "",
    root_cause: Annotated[str, typer.Option(help="Why it happened.")] = "",
    follow_up: Annotated[str, typer.Option(help="What is to be done so that it does not happen again.")] = "",
    owner: Annotated[str, typer.Option(help="With --follow-up: whose it is.")] = "",
    due: Annotated[str, typer.Option(help="With --follow-up: until when (a date).")] = "",
    done: Annotated[int, typer.Option(min=0, help="The number of a follow-up that is done.")] = 0,
) -> None:
    """Write into an incident. Example: tailorbird incident note i_3f7a --by ana --root-cause 'the list was old'"""
    from tailorbird.bootstrap import open_clock, open_state
    from tailorbird.cli.target import read_target
    from tailorbird.pipeline.rollback.incident_record import write_note

    incidents, now = open_state(read_target(target)[0]).incidents, open_clock().now()
    told = {"action": action, "notified": notified, "root_cause": root_cause}
    after = write_note(incidents, incident_id, now, by, **told, follow_up=follow_up, owner=owner, due=due, done=done)
    print(f"noted in {after.incident_id}")


@incident.command()
def drill(target: Project = None, as_json: AsJson = False) -> None:
    """Tell everybody who is told of incidents that this is a drill. Example: tailorbird incident drill my-shop

    The exit code is 1 where somebody could not be told, or nobody is named under `incidents` in tailorbird.yaml.
    """
    from tailorbird.bootstrap import open_clock, open_state
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json, printable
    from tailorbird.pipeline.rollback.notifying import tell_all
    from tailorbird.stages.rollback.notice import write_drill
    from tailorbird.types.errors import TailorbirdError

    project, _ = read_target(target)
    notifiers = open_state(project).notifiers
    if not notifiers:
        raise TailorbirdError("nobody is told of incidents: name them under incidents in tailorbird.yaml")
    problems = tell_all(notifiers, write_drill(project.settings.name, open_clock().now()))
    if as_json:
        print_json({"told": [who for who, why in problems.items() if not why], "not_told": _untold(problems)})
    else:
        for who, why in problems.items():
            print(printable(f"{who}: {why or 'told'}", 300))
    if _untold(problems):
        raise typer.Exit(1)


def _untold(problems: dict[str, str]) -> dict[str, str]:
    return {who: why for who, why in problems.items() if why}


@incident.command()
def close(incident_id: IncidentId, target: Project = None, by: By = "") -> None:
    """Close an incident whose post-mortem is complete. Example: tailorbird incident close i_3f7a --by ana"""
    from tailorbird.bootstrap import open_clock, open_state
    from tailorbird.cli.target import read_target
    from tailorbird.pipeline.rollback.incident_record import close_incident

    closed = close_incident(open_state(read_target(target)[0]).incidents, incident_id, open_clock().now(), by)
    print(f"{closed.incident_id} is closed")
