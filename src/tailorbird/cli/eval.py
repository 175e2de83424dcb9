"""tailorbird eval: how good what decides is, on what has happened."""

from typing import Annotated, Any

import typer

evals = typer.Typer(
    help="Judge what decides on what has happened: recommendations.", no_args_is_help=True, rich_markup_mode=None
)


def register(app: typer.Typer, group: str) -> None:
    """Add the command group."""
    app.add_typer(evals, name="eval", rich_help_panel=group)


@evals.command(name="recommendations")
def recommendations(
    target: Annotated[list[str] | None, typer.Argument(help="The project folder and the campaign.")] = None,
    days: Annotated[float, typer.Option(min=0.01, help="Judge by the purchases of so many last days.")] = 28,
    as_of: Annotated[str | None, typer.Option(help="Know nothing later than this moment (default: now).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Cut the purchases by time, learn before, judge after. Example: tailorbird eval recommendations win_back"""
    from tailorbird import bootstrap
    from tailorbird.cli.target import read_campaign, read_moment
    from tailorbird.cli.terminal import print_json
    from tailorbird.pipeline.evaluate_recommendations import evaluate
    from tailorbird.pipeline.facts import Facts
    from tailorbird.pipeline.people import open_views

    project, campaign = read_campaign(target)
    warehouse, log = bootstrap.open_warehouse(project), bootstrap.open_log(project)
    try:
        open_views(warehouse, log, project.settings.identity, project.settings.testers)
        moment = read_moment(as_of, project, campaign, bootstrap.open_clock().now())
        items = Facts(project, warehouse).items(moment)
        names = list(dict.fromkeys((campaign.items.recommender, "neighbours", "popular")))
        found = evaluate(project, campaign, items, warehouse, moment, days, names, bootstrap.find_recommender)
    finally:
        log.close()
    if as_json:
        print_json(found)
    else:
        print("\n".join(sentences(found)))


def sentences(found: dict[str, Any]) -> list[str]:
    """What was found, in lines for the terminal."""
    lines = [
        f"{found['people']:,} people bought before the last {found['days']:g} days and in them; {found['purchases']:,} "
        f"purchases of {found['items']:,} items",
        "rules (stock, margin, just bought) are left out: what was in stock then is not known",
    ]
    for kind, words in (("new", "items that were new to the person"), ("all", "all items")):
        lines.append(f"{words}, lists of 10")
        told = {name: each[kind] for name, each in found["recommenders"].items()}
        for name, each in told.items():
            if each["people"] == 0:
                lines.append(f"  {name:<16} nobody bought any")
                continue
            (ndcg, low, high), (hit, least, most) = each["ndcg"], each["hit_rate"]
            lines.append(
                f"  {name:<16} NDCG {ndcg:.3f} ({low:.3f} to {high:.3f}), right for {hit:.0%} ({max(least, 0):.0%} to "
                f"{min(most, 1):.0%}) of {each['people']:,} people, {each['listed']:,} items listed"
            )
        sure = sorted((each["ndcg"] for each in told.values() if each["people"]), reverse=True)
        if len(sure) > 1 and sure[0][1] <= sure[1][2]:
            lines.append("  the intervals overlap: these people do not tell the best two apart")
    return lines
