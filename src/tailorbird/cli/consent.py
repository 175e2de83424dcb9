"""tailorbird consent: what a person allowed, why a purpose is in force, receipts, and suppressions by hand."""

from typing import Annotated

import typer

consent = typer.Typer(
    help="Consent: a person's words, what is in force and why; receipts; suppressions.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Target = Annotated[list[str] | None, typer.Argument(help="The project folder (default: this one).")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
Who = Annotated[str, typer.Argument(help="A person's id, or an e-mail address.")]
Reason = Annotated[str, typer.Option(help="Why.")]
Channel = Annotated[str, typer.Option(help="The channel, where a person is meant.")]


def register(app: typer.Typer, group: str) -> None:
    """Add the command group."""
    app.add_typer(consent, name="consent", rich_help_panel=group)


@consent.command()
def show(
    person: Annotated[str, typer.Argument(help="Any id of the person.")], target: Target = None, as_json: AsJson = False
) -> None:
    """Show a person's words and what is in force, and why. Example: tailorbird consent show c-42 my-shop"""
    from tailorbird import bootstrap
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json, printable
    from tailorbird.pipeline.consent_ledger import show_consent

    project, _ = read_target(target)
    told = show_consent(project, bootstrap.open_events(project), person, bootstrap.open_clock().now())
    if as_json:
        print_json(told.as_json())
        return
    print(f"{told.person_id}, country {told.country or 'unknown'}")
    for one in told.in_force:
        where = f" by {one['channel']}" if one["channel"] else ""
        print(f"  {one['purpose']}{where}: {one['state']} ({one['reason']})")
    for record in told.records:
        where = f" by {record.channel}" if record.channel else ""
        said = "yes" if record.given else "no"
        why = f" ({printable(str(record.details['signal_reason']))})" if "signal_reason" in record.details else ""
        at = f"{record.at:%Y-%m-%d %H:%M}"
        print(f"  {at} {said} to {record.purpose}{where}, {record.method}{why}, {record.record_id}")


@consent.command()
def receipt(
    record_id: Annotated[str, typer.Argument(help="The id of an entry, as 'show' prints it.")], target: Target = None
) -> None:
    """Print the receipt of one entry, as JSON. Example: tailorbird consent receipt 5f0c my-shop"""
    from tailorbird import bootstrap
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json
    from tailorbird.pipeline.consent_ledger import make_receipt

    project, _ = read_target(target)
    key = bootstrap.open_keys(project)[0]
    print_json(make_receipt(project, bootstrap.open_events(project), record_id, key))


@consent.command()
def suppress(who: Who, reason: Reason, target: Target = None, channel: Channel = "email") -> None:
    """Never write to a person or an address. Example: tailorbird consent suppress ana@shop.example --reason bounced"""
    from tailorbird import bootstrap
    from tailorbird.cli.target import read_target
    from tailorbird.pipeline.suppressing import suppress as add

    project, _ = read_target(target)
    new = add(bootstrap.open_state(project).suppressions, who, channel, reason, bootstrap.open_clock().now())
    print(f"{who} is suppressed{'' if new else ' already'}")


@consent.command()
def unsuppress(who: Who, reason: Reason, target: Target = None, channel: Channel = "email") -> None:
    """Lift a suppression. Example: tailorbird consent unsuppress ana@shop.example --reason "she asked for it" """
    from tailorbird import bootstrap
    from tailorbird.cli.target import read_target
    from tailorbird.pipeline.suppressing import unsuppress as lift

    project, _ = read_target(target)
    lift(bootstrap.open_state(project).suppressions, who, channel, reason, bootstrap.open_clock().now())
    print(f"{who} is no longer suppressed: {reason}")
