"""tailorbird plan: what a run would do."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from tailorbird.pipeline.plan import CampaignPlan
    from tailorbird.project.project import Project
    from tailorbird.types.campaign import Campaign
    from tailorbird.types.power import CampaignPower
    from tailorbird.types.simulated_lift import SimulatedLift


def register(app: typer.Typer, group: str) -> None:
    """Add the command."""
    app.command("plan", rich_help_panel=group)(plan)


def plan(
    target: Annotated[list[str] | None, typer.Argument(help="The project folder and the campaign's name.")] = None,
    as_of: Annotated[
        str | None, typer.Option(help="The moment of the run (default: the campaign's, else now).")
    ] = None,
    step: Annotated[str | None, typer.Option(help="The occasion: each step sends once to each person.")] = None,
    no_model: Annotated[bool, typer.Option("--no-model", help="Plan a run with approved lines only.")] = False,
    simulate: Annotated[
        bool, typer.Option("--simulate", help="Add a simulated lift from past campaigns; it is no evidence.")
    ] = False,
    budget: Annotated[
        float | None, typer.Option(help="Which tier of copy each cell of people gets for so much money, and why.")
    ] = None,
    channels: Annotated[
        Path | None, typer.Option(help="With --budget: share it between the channels of this CSV of past spends.")
    ] = None,
    trees: Annotated[bool, typer.Option("--trees", help="With --budget: predict with boosted trees.")] = False,
    power: Annotated[bool, typer.Option("--power", help="Say what the people can show, and how many more.")] = False,
    effect: Annotated[float, typer.Option(min=0.001, help="With --power: the relative effect to find.")] = 0.1,
    per_day: Annotated[float | None, typer.Option(min=1, help="With --power: people who come each day.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Show who, how many, which briefs, what it costs. Example: tailorbird plan examples/wren win_back

    Nothing is generated and nothing is sent.
    """
    from tailorbird import bootstrap
    from tailorbird.cli.plan_budget import check_options, open_regressor, share_channels
    from tailorbird.cli.plan_power import find_power, power_json
    from tailorbird.cli.plan_simulated import simulate_lift, simulated_json
    from tailorbird.cli.target import read_campaign, read_moment
    from tailorbird.cli.terminal import print_json
    from tailorbird.pipeline.check import check_project
    from tailorbird.pipeline.pilots.gate import PilotGate
    from tailorbird.pipeline.plan import plan_campaign

    check_options(budget, channels, trees)
    if channels is not None and budget is not None:
        share_channels(channels, budget, as_json)
        return
    project, campaign = read_campaign(target, step)
    check_project(project)
    moment = read_moment(as_of, project, campaign, bootstrap.open_clock().now())
    log, state = bootstrap.open_log(project), bootstrap.open_state(project)
    warehouse = bootstrap.open_warehouse(project)
    try:
        planned = plan_campaign(
            project, campaign, moment, log, warehouse, state.decisions, state.suppressions, state.ledger, not no_model,
            PilotGate(project, state).share(campaign.name), budget, open_regressor(trees), state.find_recommender,
        )  # fmt: skip
        shown = find_power(project, campaign, moment, planned, state, warehouse, effect, per_day) if power else None
    finally:
        log.close()
    told = simulate_lift(project, campaign, moment, planned, state, warehouse) if simulate else None
    if as_json:
        extra = {} if told is None else {"simulated_lift": simulated_json(told, budget)}
        extra |= {} if shown is None else {"power": power_json(shown)}
        print_json({"campaign": campaign.name, "as_of": moment, **planned.as_dict(), **extra})
        return
    _say(project, campaign, moment, planned, shown, told, budget)


def _say(
    project: "Project",
    campaign: "Campaign",
    moment: datetime,
    planned: "CampaignPlan",
    power: "CampaignPower | None",
    lift: "SimulatedLift | None",
    budget: float | None,
) -> None:
    from tailorbird.cli.plan_budget import say_tiers
    from tailorbird.cli.plan_power import power_lines
    from tailorbird.cli.plan_simulated import simulated_lines

    _say_who(project, campaign, moment, planned)
    if power is not None:
        print(*power_lines(power, project.settings.currency, campaign.metric.kind), sep="\n")
    if lift is not None:
        lines = simulated_lines(lift, len(planned.selection.treated), budget, project.settings.currency)
        print(*lines, sep="\n")
    if planned.tiers is not None:
        say_tiers(planned.tiers, project.settings.currency)
    _say_cost(project, campaign, planned)


def _say_who(project: "Project", campaign: "Campaign", moment: datetime, planned: "CampaignPlan") -> None:
    from zoneinfo import ZoneInfo

    who, zone = planned.selection.detail(), project.settings.timezone
    print(f"{campaign.name} at {moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} ({zone}): {campaign.hypothesis}")
    print(f"  {who['matched']:,} of {who['people']:,} people match audience {campaign.audience}")
    if who["withheld"]:
        print(f"    {who['withheld']:,} cannot be judged: their consent does not cover what the rule asks")
    for reason, count in who["excluded"].items():
        if count:
            print(f"    {count:,} left out: {reason.replace('_', ' ')}")
    print(f"  {who['treated']:,} get a message, {who['holdout']:,} are held out")
    _say_experiment(campaign, who)
    for arm, people in planned.thin_arms().items():
        least = "a verdict needs 25 conversions in each arm"
        print(
            f"    only {people} in {arm}: {least}, so none can be given; take a larger share, or wait for more people"
        )


def _say_experiment(campaign: "Campaign", who: dict[str, Any]) -> None:
    experiment = campaign.experiment
    if experiment is not None:
        for variant, count in who.get("variants", {}).items():
            told = ", the control" if variant == experiment.control else ""
            print(f"    {count:>7,}  in variant {variant}{told}")
        if experiment.strata:
            print(f"    newcomers are split evenly within {', '.join(experiment.strata)}")
        if experiment.layer:
            print(f"    its people are in no other campaign of layer {experiment.layer}")


def _say_cost(project: "Project", campaign: "Campaign", planned: "CampaignPlan") -> None:
    cells = sum(1 for label, _, _ in planned.subjects if label != "everyone")
    listed = planned.subjects[:12] if planned.tiers is None else []  # a plan of tiers has listed them
    end = ":" if listed else ""
    print(f"  {cells} cells of at least {campaign.briefs.k} people, and the default brief for the others{end}")
    for label, locale, count in listed:
        print(f"    {count:>7,}  {locale}  {label}")
    print(
        f"  up to {planned.lines_max} lines from about {planned.calls} model calls "
        f"(writing to each person: {planned.calls_per_person:,}); about {planned.seconds / 60:.1f} CPU-minutes, "
        f"{planned.cost_micros / 1e6:.4f} {project.settings.currency}"
    )
    if planned.decided:
        print(
            f"Step {campaign.step} was decided already, for {planned.decided:,} people: a run sends only what waits. "
            "For another occasion: --step NAME"
        )
    else:
        print("Nothing has been generated or sent. Next: tailorbird run")
