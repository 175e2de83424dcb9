"""tailorbird sums: running sums brought up to date, and a read-out from them."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tailorbird.types.day_sums import SumsEffect


def register(app: typer.Typer, group: str) -> None:
    """Add the command."""
    app.command("sums", rich_help_panel=group)(sums)


def sums(
    target: Annotated[list[str] | None, typer.Argument(help="The project folder and the campaign's name.")] = None,
    no_update: Annotated[bool, typer.Option("--no-update", help="Read what was counted; look at nobody.")] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Count closed days anew: for events that came late.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Read a campaign's effects from running sums. Example: tailorbird sums examples/wren win_back

    A day is counted anew until its people's windows are over, and never again after: a read-out of a billion people
    takes as long as that of a thousand.
    """
    from dataclasses import asdict

    from tailorbird import bootstrap
    from tailorbird.cli.target import read_campaign
    from tailorbird.cli.terminal import print_json
    from tailorbird.pipeline.campaign_work import planned_people, planned_share
    from tailorbird.pipeline.identities import read_identities
    from tailorbird.pipeline.merged_state import merge_state
    from tailorbird.pipeline.running_sums import read_sums, until_of, update_sums

    project, campaign = read_campaign(target)
    state, updated = bootstrap.open_state(project), None
    if not no_update:
        warehouse = bootstrap.open_events(project, often=True)
        merged = merge_state(state, read_identities(warehouse))
        now = None if project.settings.simulated else bootstrap.open_clock().now()
        until = until_of(warehouse, merged.decisions.find(campaign.name), now)
        updated = update_sums(campaign, merged.decisions, warehouse, state.metric_sums, until, rebuild)
    runs = state.ledger.runs(campaign.name)
    # Who was decided for is asked only where steps held out different shares.
    shares = {run.get("steps", {}).get("audience", {}).get("holdout_share") for run in runs}
    decided = state.decisions.find(campaign.name) if len(shares - {None}) > 1 else []
    share = planned_share(runs, [one for one in decided if one.held != "global"], campaign.holdout)
    found = read_sums(campaign, state.metric_sums, share, planned_people(runs))
    if as_json:
        print_json({"campaign": campaign.name, "updated": asdict(updated) if updated else None,
                    "effects": [asdict(one) for one in found]})  # fmt: skip
        return
    if updated:
        days = "1 day" if updated.counted == 1 else f"{updated.counted} days"
        print(f"{updated.people:,} people of {days} counted; closed days: {updated.closed}")
    for one in found:
        print(line(one, project.settings.currency))


def line(one: "SumsEffect", currency: str = "") -> str:
    """One metric of one comparison in words."""
    who = f"{one.metric}, {one.arm} ({one.people:,}) against {one.control} ({one.control_people:,})"
    if one.effect is None:
        return f"  {who}: cannot be said: {one.why}"
    scale, unit = (100, " points") if one.kind == "share" else (1, f" {currency}".rstrip())
    low, middle, high = (scale * each for each in (one.effect.low, one.effect.difference, one.effect.high))
    return f"  {who}: {middle:+.2f}{unit} ({low:+.2f} to {high:+.2f} at every look)"
