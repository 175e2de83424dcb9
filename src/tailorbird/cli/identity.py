"""tailorbird identity: which ids are one person and why; merges and splits by an operator."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from tailorbird.pipeline.identity_words import Recorded

identity = typer.Typer(
    help="Identities: which ids are one person, and why; merge and split them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Target = Annotated[list[str] | None, typer.Argument(help="The project folder (default: this one).")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
By = Annotated[str, typer.Option(help="Who decides.")]
Reason = Annotated[str, typer.Option(help="Why.")]
_SHOWN_MAX = 50


def register(app: typer.Typer, group: str) -> None:
    """Add the command group."""
    app.add_typer(identity, name="identity", rich_help_panel=group)


@identity.command()
def explain(
    id: Annotated[str, typer.Argument(help="A user's id, or a device's.")],
    target: Target = None,
    as_json: AsJson = False,
) -> None:
    """Tell whose an id is, and by which evidence. Example: tailorbird identity explain customer-42 my-shop"""
    from tailorbird import bootstrap
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json
    from tailorbird.pipeline.identity_report import explain_identity

    project, _ = read_target(target)
    told = explain_identity(bootstrap.open_events(project), id, project.settings.identity.device_users_max)
    if as_json:
        print_json(told)
        return
    owner = told["person_id"] or "different people's, by the time"
    print(f"{told['kind']} {id} is {owner}" + (f": {', '.join(told['ids'])}" if len(told["ids"]) > 1 else ""))
    for link in told["links"]:
        print(f"  {_link_line(link)}")
    for split in told["splits"]:
        print(f"  split {' and '.join(split['ids'])} at {split['at']} by {split['by']}: {split['reason']}")
    for device in told["devices"]:
        _print_device(device)


@identity.command()
def merge(
    kept: Annotated[str, typer.Argument(help="The user id that survives.")],
    other: Annotated[str, typer.Argument(help="The user id that is the same person.")],
    by: By,
    reason: Reason,
    target: Target = None,
    as_json: AsJson = False,
) -> None:
    """Record that two users are one person.

    Example: tailorbird identity merge c-42 c-17 --by ana --reason "wrote that both accounts are hers"
    """
    from tailorbird import bootstrap
    from tailorbird.cli.target import read_target
    from tailorbird.pipeline.identity_words import merge_people

    project, _ = read_target(target)
    warehouse, log = bootstrap.open_events(project), bootstrap.open_log(project)
    try:
        recorded = merge_people(warehouse, log, kept, other, by, reason, bootstrap.open_clock().now())
    finally:
        log.close()
    bootstrap.open_recorder(project).record(
        "identity merged", "one person, by decision", recorded.event_id, [kept, other], by, reason=reason
    )
    bootstrap.empty_queue(project)  # a no of one of them is a no of both
    _print_recorded(f"{other} and {kept} are one person", recorded, as_json)


@identity.command()
def unmerge(
    one: Annotated[str, typer.Argument(help="One user id.")],
    other: Annotated[str, typer.Argument(help="The other.")],
    by: By,
    reason: Reason,
    target: Target = None,
    as_json: AsJson = False,
) -> None:
    """Record that two users are not one person: aliases and merges between them so far are undone.

    Example: tailorbird identity unmerge c-42 c-17 --by ana --reason "father and son"
    """
    from tailorbird import bootstrap
    from tailorbird.cli.target import read_target
    from tailorbird.pipeline.identity_words import split_people

    project, _ = read_target(target)
    warehouse, log, state = bootstrap.open_events(project), bootstrap.open_log(project), bootstrap.open_state(project)
    channels = sorted({campaign.channel for campaign in project.campaigns.values()})
    try:
        recorded = split_people(
            warehouse, log, state.suppressions, one, other, by, reason, bootstrap.open_clock().now(), channels
        )
    finally:
        log.close()
    bootstrap.open_recorder(project).record(
        "identity split", "two people, by decision", recorded.event_id, [one, other], by, reason=reason
    )
    _print_recorded(f"{one} and {other} are parted", recorded, as_json)


@identity.command("list")
def list_(
    target: Target = None,
    shared: Annotated[bool, typer.Option("--shared", help="Devices that several people were identified on.")] = False,
    merged: Annotated[bool, typer.Option("--merged", help="People of several user ids.")] = False,
    as_json: AsJson = False,
) -> None:
    """List shared devices and people of several ids. Example: tailorbird identity list my-shop --shared"""
    from tailorbird import bootstrap
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json
    from tailorbird.pipeline.identity_report import list_merged, list_shared

    project, _ = read_target(target)
    warehouse, both = bootstrap.open_events(project), shared == merged
    devices = list_shared(warehouse, project.settings.identity.device_users_max) if shared or both else []
    people = list_merged(warehouse) if merged or both else []
    if as_json:
        print_json({"shared": devices, "merged": people})
        return
    counts = [f"people of several ids: {len(people):,}"] if merged or both else []
    counts += [f"shared devices: {len(devices):,}"] if shared or both else []
    print("; ".join(counts))
    for person in people:
        print(f"{person['person_id']}: {', '.join(person['ids'])}")
        for link in person["links"]:
            print(f"  {_link_line(link)}")
    for device in devices:
        _print_device(device)


@identity.command()
def duplicates(
    target: Target = None,
    above: Annotated[float, typer.Option(min=0.01, max=1, help="The least probability.")] = 0.9,
    output: Annotated[Path | None, typer.Option(help="Write the proposals to this CSV file.")] = None,
    seed: Annotated[int, typer.Option(help="Equal seeds give equal answers.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Propose people who may be one; nothing is merged. Example: tailorbird identity duplicates --output pairs.csv"""
    from tailorbird import bootstrap
    from tailorbird.cli.proposals import write_proposals
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json

    project, _ = read_target(target)
    found = bootstrap.find_duplicates(project, above, seed)
    if output is not None:
        write_proposals(output, found)
    if as_json:
        print_json({"above": above, "proposals": [asdict(each) for each in found]})
        return
    where = f"; written to {output}" if output else ""
    print(f"{len(found):,} pairs of people who may be one, of probability {above} or more{where}")
    for each in found[:_SHOWN_MAX] if output is None else ():
        print(f"  {each.probability:.4f}  {each.one}  {each.other}  equal: {', '.join(each.equal) or 'nothing'}")


@identity.command()
def accept(
    file: Annotated[Path, typer.Argument(help="A file that `identity duplicates --output` wrote.")],
    by: By,
    reason: Reason,
    target: Target = None,
    above: Annotated[float, typer.Option(min=0.01, max=1, help="The least probability.")] = 0.99,
    as_json: AsJson = False,
) -> None:
    """Merge the proposed pairs that are probable enough: look at them first.

    Example: tailorbird identity accept pairs.csv --above 0.99 --by ana --reason "looked at each of them"
    """
    from tailorbird import bootstrap
    from tailorbird.cli.proposals import read_proposals
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json
    from tailorbird.pipeline.identity_words import merge_proposed

    project, _ = read_target(target)
    pairs = [(each.one, each.other) for each in read_proposals(file) if each.probability >= above]
    warehouse, log = bootstrap.open_events(project), bootstrap.open_log(project)
    try:
        merged = merge_proposed(warehouse, log, pairs, by, reason, bootstrap.open_clock().now())
    finally:
        log.close()
    recorder = bootstrap.open_recorder(project)
    for number, pair in enumerate(merged):
        recorder.record(
            "identity merged", "one person, by decision", f"{file.name}, pair {number + 1}", pair, by, reason=reason
        )
    bootstrap.empty_queue(project)
    if as_json:
        print_json({"merged": merged, "passed_over": len(pairs) - len(merged)})
        return
    print(
        f"{len(merged):,} pairs merged, {len(pairs) - len(merged):,} passed over: one person already, or split before"
    )


def _link_line(link: dict[str, Any]) -> str:
    said = f"{link['kind']} {link['source']} → {link['target']} at {link['at']}"
    said += f" (since {link['first_at']}, {link['count']} times)" if link["count"] > 1 else ""
    said += f" by {link['by']}" if link["by"] else ""
    said += f": {link['reason']}" if link["reason"] else ""
    return said + (f"  (does not count: {link['why_not']})" if link["why_not"] else "")


def _print_device(device: dict[str, Any]) -> None:
    print(f"  device {device['anonymous_id']} is {device['status']}")
    for user in device["users"]:
        often = f"{user['count']} times, {user['first_at']} to" if user["count"] > 1 else "once, at"
        print(f"    {user['user_id']} was identified {often} {user['last_at']}")
    for period in device["periods"] if len(device["periods"]) > 1 else ():
        print(f"    from {period['since'] or 'the beginning'} on: {period['person_id']}")


def _print_recorded(sentence: str, recorded: "Recorded", as_json: bool) -> None:
    from tailorbird.cli.terminal import print_json

    if as_json:
        people = [{"person_id": ids[0], "ids": list(ids)} for ids in recorded.people]
        print_json({"event_id": recorded.event_id, "at": recorded.at.isoformat(), "people": people,
                    "nos_carried_over": recorded.carried_over})  # fmt: skip
        return
    print(f"{sentence}: " + "; ".join(", ".join(ids) for ids in recorded.people))
    if recorded.carried_over:
        print(f"{recorded.carried_over} opt-outs that were said meanwhile hold for both")
