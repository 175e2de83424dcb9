"""tailorbird privacy: a copy of one person's data, its erasure, and what models were told."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tailorbird.cli.privacy_exposures import exposures

if TYPE_CHECKING:
    from tailorbird.pipeline.erase_person import Erasure
    from tailorbird.project.project import Project

privacy = typer.Typer(
    help="One person's data: export, erase; what models were told.", no_args_is_help=True, rich_markup_mode=None
)
Target = Annotated[list[str] | None, typer.Argument(help="The project folder (default: this one).")]
Name = Annotated[str, typer.Argument(help="The person's id, device id or e-mail address.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


def register(app: typer.Typer, group: str) -> None:
    """Add the command group."""
    privacy.command()(exposures)
    app.add_typer(privacy, name="privacy", rich_help_panel=group)


@privacy.command()
def export(
    person: Name,
    target: Target = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write to this file, readable by you only.")
    ] = None,
) -> None:
    """Give everything that is known of a person as JSON. Example: tailorbird privacy export c00290 -o c00290.json"""
    import json
    import os

    from tailorbird import bootstrap
    from tailorbird.cli.target import read_target
    from tailorbird.types.errors import TailorbirdError

    project, _ = read_target(target)
    found = bootstrap.copy_person(project, person)
    if found is None:
        raise TailorbirdError(_unknown(project, person))
    bootstrap.open_recorder(project).record(
        "person exported", "a copy for the person", str(output or "standard output"), [found["person"]["person_id"]],
        events=len(found["events"]), messages=len(found["messages"]),
    )  # fmt: skip
    text = json.dumps(found, indent=2, ensure_ascii=False, default=str)
    if output is None:
        print(text)
        return
    with os.fdopen(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text + "\n")
    print(f"{output}: {len(found['events']):,} events, {len(found['messages']):,} messages")


@privacy.command()
def erase(
    person: Name,
    reason: Annotated[str, typer.Option("--reason", help="Why, for the record; name nobody in it.")],
    target: Target = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Erase a person everywhere. Example: tailorbird privacy erase c00290 --reason 'request of 1 June'

    Exit code 0: nothing is left, also if the person was erased earlier. 1: nobody of that name was ever known here.
    Killed at any moment, the same command, for whomever, finishes first what was begun.
    """
    from tailorbird import bootstrap
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json, progress_for
    from tailorbird.types.errors import TailorbirdError

    project, _ = read_target(target)
    progress = progress_for(as_json)
    resumed = bootstrap.finish_erasures(project, progress)
    found, _, rows = bootstrap.find_anybody(project, person)
    if found is None:
        if not resumed and not bootstrap.was_erased(project, person):
            raise TailorbirdError(_unknown(project, person))
        told: dict[str, Any] = {"erased": None, "resumed": [one.erasure_id for one in resumed], "inputs": []}
        _print(told, as_json, print_json, "nothing is left to erase: it was done before")
        return
    counts = f"{len(found.event_ids):,} events, {sum(map(len, rows.values())):,} rows"
    if not yes and not sys.stdin.isatty():
        raise TailorbirdError(
            f"nothing was erased: to erase {found.person_id} ({counts}) without a terminal, add --yes"
        )
    if not yes and not typer.confirm(f"Erase {found.person_id} ({counts})? Nobody can bring it back", err=True):
        raise TailorbirdError("nothing was erased")
    inputs = [str(path) for path in bootstrap.inputs_with(project, found)]
    done = bootstrap.forget_person(project, found, reason, progress)
    told = {"erased": done.erasure_id, "steps": dict(done.steps), "inputs": inputs}
    _print({**told, "resumed": [one.erasure_id for one in resumed]}, as_json, print_json, _sentence(done))
    if inputs and not as_json:
        print("These files are not ours, and still have the person in them: an import would bring the data back,")
        print("though nobody would be written to. Remove the person there too:")
        for path in inputs:
            print(f"  {path}")


def _unknown(project: "Project", name: str) -> str:
    return f"nothing is known of {name!r} in {project.settings.name}: give the id, a device's id or the e-mail address"


def _sentence(done: "Erasure") -> str:
    rows = sum(sum(done.steps[name].values()) for name in ("rows", "rows again"))
    events = done.steps["events"] + done.steps["events again"]
    files = len(done.steps["files"])
    return (
        f"erased ({done.erasure_id[:8]}): {events:,} events, {rows:,} rows, {files:,} other files changed; what "
        "stays is a keyed hash, so that nobody writes to this address again"
    )


def _print(told: dict[str, Any], as_json: bool, print_json: Any, sentence: str) -> None:
    if as_json:
        print_json(told)
    else:
        print(sentence)
