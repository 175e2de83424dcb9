"""tailorbird sums: running sums brought up to date, and a read-out from them."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tailorbird.types.comparison import Comparison
    from tailorbird.types.day_sums import SumsReadout


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
    takes as long as that of a thousand. It decides by the report's rule, guardrails and split checks, and says what
    only the report can tell.
    """
    from dataclasses import asdict

    from tailorbird import bootstrap
    from tailorbird.cli.target import read_campaign
    from tailorbird.cli.terminal import print_json
    from tailorbird.pipeline.identities import read_identities
    from tailorbird.pipeline.merged_state import merge_state
    from tailorbird.pipeline.running_sums import read_sums, until_of, update_sums
    from tailorbird.web.report.summary import finite

    project, campaign = read_campaign(target)
    state, updated = bootstrap.open_state(project), None
    if not no_update:
        warehouse = bootstrap.open_events(project, often=True)
        merged = merge_state(state, read_identities(warehouse))
        now = None if project.settings.simulated else bootstrap.open_clock().now()
        until = until_of(warehouse, merged.decisions.find(campaign.name), now)
        updated = update_sums(campaign, merged.decisions, warehouse, state.metric_sums, until, rebuild)
    found = read_sums(campaign, state.metric_sums, state.ledger.runs(campaign.name))
    if as_json:
        done = asdict(updated) if updated else None
        print_json({"campaign": campaign.name, "updated": done, **finite(asdict(found))})
        return
    if updated:
        days = "1 day" if updated.counted == 1 else f"{updated.counted} days"
        print(f"{updated.people:,} people of {days} counted; closed days: {updated.closed}")
    for told in lines(found, project.settings.currency):
        print(told)


def lines(found: "SumsReadout", currency: str) -> list[str]:
    """The read-out in words, those of the report's page."""
    told = [check.why for check in found.splits if check.why]
    for one in found.comparisons:
        told += _comparison(one, currency)
    return [*told, *found.notes, found.not_in_sums]


def _comparison(one: "Comparison", currency: str) -> list[str]:
    from tailorbird.web.report.findings import NEXT, arm_name, ruling_words, shown, week_sentence, words_of

    title = f"{arm_name(one.arm)} ({one.people:,}) against {arm_name(one.control)} ({one.control_people:,})"
    told = [f"{title}: {one.verdict.sentence}", f"  What next: {NEXT[one.verdict.kind]}"]
    for result in one.results:
        if result.effect is None:
            told.append(f"  {result.name}: cannot be judged: {result.why}")
            continue
        effect = result.effect
        middle, low, high = (shown(result, at, currency, True) for at in (effect.difference, effect.low, effect.high))
        told.append(f"  {result.name}: {middle} ({low} to {high} at every look): {ruling_words(result)}")
    if one.verdict.kind == "blocked":
        return told
    return [*told, *(f"  {words}" for words in (*words_of(one, currency), week_sentence(one)))]
