"""tailorbird review: what waits for a person, and how each line reads."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tailorbird.cli import review_acts, review_export

if TYPE_CHECKING:
    from tailorbird.pipeline.state import State

review = typer.Typer(help="Look at lines, approve, reject, edit.", no_args_is_help=True, rich_markup_mode=None)
Project = Annotated[list[str] | None, typer.Argument(help="The project folder (default: this one).")]
Listed = Annotated[list[str] | None, typer.Argument(help="The project folder, and a campaign to list only its lines.")]
CreativeId = Annotated[str, typer.Argument(help="The line's id, or the beginning of it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
PAGE_MAX = 1000


def register(app: typer.Typer, group: str) -> None:
    """Add the command group."""
    review_acts.register(review)
    review_export.register(review)
    app.add_typer(review, name="review", rich_help_panel=group)


@review.command("list")
def list_lines(
    target: Listed = None,
    approval: Annotated[
        Literal["queue", "pending", "approved", "rejected", "outdated", "rolled_back", "all"],
        typer.Option(help="The queue, or every line with this approval."),
    ] = "queue",
    state: Annotated[
        Literal["", "waiting", "look"], typer.Option(help="Only what waits, or what is looked at afterwards.")
    ] = "",
    reason: Annotated[str, typer.Option(help="Only lines that are there for this, such as new_prompt.")] = "",
    role: Annotated[str, typer.Option(help="Only lines that miss this approval: reviewer, legal, ….")] = "",
    block: Annotated[str, typer.Option(help="Only lines of this block.")] = "",
    locale: Annotated[str, typer.Option(help="Only lines in this locale.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=PAGE_MAX, help="How many lines at most.")] = 50,
    after: Annotated[str, typer.Option(help="Go on behind a page: its 'after'.")] = "",
    as_json: AsJson = False,
) -> None:
    """List what waits for a person, and why. Example: tailorbird review list examples/wren --role legal"""
    from dataclasses import asdict

    from tailorbird.bootstrap import open_desk, open_state
    from tailorbird.cli.review_text import summary
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json
    from tailorbird.types.review import QueueFilter

    project, name = read_target(target)
    campaign = project.campaign(name).name if name else ""
    opened = open_state(project)
    if approval != "queue":
        _list_lines(opened, campaign or None, approval, as_json)
        return
    wanted = QueueFilter(campaign, block, locale, reason, role, state)
    page = open_desk(project, opened).page(wanted, limit, after)
    if as_json:
        lines = [{**asdict(line.creative), "queue": asdict(line.entry)} for line in page.lines]
        print_json({"lines": lines, "total": page.total, "after": page.after})
        return
    for line in page.lines:
        print(summary(line))
    print(f"{page.total:,} lines in the queue" + (f"; go on with --after '{page.after}'" if page.after else ""))


def _list_lines(state: "State", campaign: str | None, approval: str, as_json: bool) -> None:
    """Every stored line with an approval."""
    from dataclasses import asdict

    from tailorbird.cli.terminal import print_json, printable

    found = state.creatives.find(campaign, None if approval == "all" else approval)
    if as_json:
        print_json({"creatives": [asdict(creative) for creative in found]})
        return
    for one in found:
        print(f"{one.creative_id}  {one.campaign}/{one.block}/{one.locale}  {one.rung}  {printable(one.text)}")
    print(f"{len(found)} {approval if approval != 'all' else ''} lines".replace("  ", " "))


@review.command()
def show(
    creative_id: CreativeId,
    target: Project = None,
    html: Annotated[Path | None, typer.Option(help="Write the whole message to this HTML file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show a line as its readers see it, with findings and history. Example: tailorbird review show c_12ab"""
    from tailorbird.bootstrap import open_state
    from tailorbird.cli.review_acts import whole_id
    from tailorbird.cli.review_text import tell_line
    from tailorbird.cli.target import read_target

    project = read_target(target)[0]
    state = open_state(project)
    tell_line(project, state, whole_id(state.creatives, creative_id), html, as_json)
