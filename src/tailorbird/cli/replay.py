"""tailorbird replay: what another policy would have earned on a past campaign."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from tailorbird.pipeline.off_policy.other_policies import OtherPolicy
    from tailorbird.pipeline.off_policy.replay_policy import Replay
    from tailorbird.project.project import Project
    from tailorbird.types.campaign import Campaign


def register(app: typer.Typer, group: str) -> None:
    """Add the command."""
    app.command("replay", rich_help_panel=group)(replay)


def replay(
    target: Annotated[list[str] | None, typer.Argument(help="The project folder and the campaign's name.")] = None,
    policy: Annotated[
        list[str] | None,
        typer.Option(
            help="uniform, same, best, own, line:ID, file:CAMPAIGN, file:CAMPAIGN/VARIANT, or other settings of the "
            "campaign's policy such as temper=16,floor=0.1. May be repeated; default: the first four."
        ),
    ] = None,
    block: Annotated[str, typer.Option(help="Judge one block alone (default: the whole message).")] = "",
    reward: Annotated[
        Literal["conversion", "click", "value", "margin"] | None,
        typer.Option(help="What is earned (default: the reward of the campaign's policy)."),
    ] = None,
    learned: Annotated[
        Literal["others", "before"],
        typer.Option(
            help="A policy learns from other people of the campaign, or from what was known before each step."
        ),
    ] = "others",
    until: Annotated[str | None, typer.Option(help="Count events up to this moment (default: all).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Tell what another policy would have earned. Example: tailorbird replay examples/wren win_back --policy uniform

    Uses the logged probability of every line that was drawn. Where too little of the past is like the other policy, it
    says so instead of a number.
    """
    from tailorbird.bootstrap import open_clock
    from tailorbird.cli.replay_text import replay_json, replay_lines
    from tailorbird.cli.target import read_campaign, zoned
    from tailorbird.cli.terminal import print_json
    from tailorbird.pipeline.off_policy.policy_words import DEFAULT_WORDS, read_policies

    project, campaign = read_campaign(target)
    wanted = read_policies(policy or DEFAULT_WORDS, campaign, project)
    moment = zoned(until, project, open_clock().now()) if until else None
    found = _replay(project, campaign, wanted, block, reward, learned, moment)
    if as_json:
        print_json(replay_json(found))
        return
    for line in replay_lines(found):
        print(line)


def _replay(
    project: "Project",
    campaign: "Campaign",
    wanted: "list[OtherPolicy]",
    block: str,
    reward: str | None,
    learned: Literal["others", "before"],
    moment: datetime | None,
) -> "Replay":
    from tailorbird import bootstrap
    from tailorbird.pipeline.identities import read_identities
    from tailorbird.pipeline.learn import features_of
    from tailorbird.pipeline.merged_state import merge_state
    from tailorbird.pipeline.off_policy.replay_policy import replay_policies, with_reward

    warehouse = bootstrap.open_events(project, often=True)
    state = merge_state(bootstrap.open_state(project), read_identities(warehouse))
    return replay_policies(
        with_reward(campaign, reward),
        wanted,
        state.decisions,
        state.arm_sets,
        state.creatives.find(campaign.name),
        warehouse,
        project.settings.currency,
        until=moment,
        # Simulated customers live in their own time, which may be ahead of the clock.
        now=None if project.settings.simulated else bootstrap.open_clock().now(),
        block=block,
        learned=learned,
        simulated=project.settings.simulated,
        make=state.make_policy,
        features=lambda spec, past: features_of(
            project,
            spec,
            {"person_id": past.person_ids, "decision_id": past.decision_ids},
            state.decisions.find(campaign.name),
            warehouse,
        ),
    )
