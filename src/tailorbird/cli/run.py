"""tailorbird run: one campaign step, from features to sent messages."""

from dataclasses import asdict, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tailorbird.cli.rehearse import SAMPLES, SAMPLES_MAX, send_tests, testers
from tailorbird.cli.rehearse import sentence as rehearsed
from tailorbird.types.errors import TailorbirdError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tailorbird.pipeline.run import StepResult
    from tailorbird.ports.progress import Progress
    from tailorbird.project.project import Project
    from tailorbird.types.campaign import Campaign


class Retry(StrEnum):
    """What may be queued again."""

    failed = "failed"
    unknown = "unknown"


_NOW_SECONDS = 3600
"""A run whose moment is further from now than this is a replay."""


def register(app: typer.Typer, group: str) -> None:
    """Add the command."""
    app.command("run", rich_help_panel=group)(run)


def run(
    target: Annotated[list[str] | None, typer.Argument(help="The project folder and the campaign's name.")] = None,
    as_of: Annotated[
        str | None, typer.Option(help="The moment of the run (default: the campaign's, else now).")
    ] = None,
    step: Annotated[str | None, typer.Option(help="The occasion: each step sends once to each person.")] = None,
    no_model: Annotated[bool, typer.Option("--no-model", help="Use approved lines only.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Download the model without asking.")] = False,
    seed: Annotated[int, typer.Option(help="Seed of the model's samples.")] = 0,
    retry: Annotated[
        list[Retry] | None,
        typer.Option(help="Queue again what failed, or what is unknown: an unknown message may then arrive twice."),
    ] = None,
    test: Annotated[
        bool, typer.Option("--test", help="Send some messages to testers.addresses, marked; nothing of it counts.")
    ] = False,
    to: Annotated[list[str] | None, typer.Option(help="With --test: to this tester only.")] = None,
    samples: Annotated[
        int, typer.Option(min=1, max=SAMPLES_MAX, help="With --test: how many messages each tester gets.")
    ] = SAMPLES,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Run a campaign. Example: tailorbird run examples/wren win_back

    Interrupted at any point, the same command goes on where it stopped, and nothing is sent twice. With --test, testers
    get what some people of the audience would; those people get nothing, and no decision, cap or report knows of it.
    """
    from tailorbird.bootstrap import open_clock
    from tailorbird.cli.target import read_campaign, read_moment
    from tailorbird.cli.terminal import print_json, progress_for

    project, campaign = read_campaign(target, step)
    moment = read_moment(as_of, project, campaign, open_clock().now())
    progress = progress_for(as_json)
    if test and retry:
        raise TailorbirdError("--retry sends messages of a real run, and --test makes none: leave one of them out")
    if to and not test:
        raise TailorbirdError("--to goes with --test: a real run writes to its audience")
    if test:
        sent = send_tests(
            without_model(project) if no_model else project, campaign, moment, testers(project, to or ()), samples,
            progress, yes, seed,
        )  # fmt: skip
        if as_json:
            print_json(
                {"campaign": campaign.name, "test": True, "as_of": moment, "messages": [asdict(s) for s in sent]}
            )
        for one in () if as_json else sent:
            print(rehearsed(one))
        return
    steps = run_steps(project, campaign, moment.isoformat(), progress, no_model, yes, seed, retry or ())
    if as_json:
        print_json({"campaign": campaign.name, "step": campaign.step, "as_of": moment, "steps": steps})
    if why := steps.get("deliver", {}).get("halted"):
        raise TailorbirdError(f"halted: {why}; see 'tailorbird rollback status {campaign.name}'")


def run_steps(
    project: "Project",
    campaign: "Campaign",
    as_of: str,
    progress: "Progress",
    no_model: bool,
    yes: bool,
    seed: int,
    retry: "Sequence[Retry]" = (),
) -> dict[str, Any]:
    """Run a campaign step to its end, saying what each step did; the details by step name."""
    from datetime import datetime

    from tailorbird import bootstrap
    from tailorbird.cli.terminal import confirm_download
    from tailorbird.pipeline.forgetting_log import ForgettingLog
    from tailorbird.pipeline.run import run_campaign

    if no_model:
        project = without_model(project)
    log, sender = bootstrap.open_log(project), bootstrap.open_sender(project)
    opened: list[Any] = []

    def open_generator() -> Any:
        generator = bootstrap.open_generator(project, progress, confirm_download(yes))
        opened.append(generator)
        return generator

    def open_large() -> Any:
        generator = bootstrap.open_large_generator(project, progress, confirm_download(yes))
        opened.append(generator)
        return generator

    details: dict[str, Any] = {}
    moment = datetime.fromisoformat(as_of)
    replay = abs((bootstrap.open_clock().now() - moment).total_seconds()) > _NOW_SECONDS
    state, hold = bootstrap.open_state(project), bootstrap.open_locks(project)
    log = ForgettingLog(log, state.suppressions)
    steps = run_campaign(
        project, campaign, moment, state, log, bootstrap.open_warehouse(project), open_generator,
        sender, bootstrap.open_clock(), progress, bootstrap.open_keys(project), bootstrap.open_validator(project), seed,
        replay,
        lambda: hold("deciding", "the deciding of another campaign of this project"), open_large,
    )  # fmt: skip
    try:
        with hold(f"{campaign.name}-{campaign.step}", f"a run of campaign {campaign.name}, step {campaign.step},"):
            for outcome in retry:
                again = state.messages.requeue(campaign.name, campaign.step, outcome.value)
                progress.say(f"{again:,} {outcome.value} messages are queued again")
            for result in steps:
                details[result.name] = dict(result.detail)
                progress.say(sentence(result))
    finally:
        sender.close()
        log.close()
        for generator in opened:
            if generator is not None:
                generator.close()
    return details


def without_model(project: "Project") -> "Project":
    """The project as if it had no model: approved lines serve."""
    without = replace(project.settings.generator, adapter="none")
    return replace(project, settings=replace(project.settings, generator=without, large=None))


def sentence(result: "StepResult") -> str:
    """What a step did, in one line."""
    detail, again = result.detail, " (done before)" if result.resumed else ""
    return f"{result.name:<9} {_TELL[result.name](detail)}{again}"


def _audience(d: Any) -> str:
    parts = [f"{d['matched']:,} match"]
    if d.get("withheld"):
        parts.append(f"{d['withheld']:,} cannot be judged for want of consent")
    parts += [f"{n:,} left out ({why.replace('_', ' ')})" for why, n in d["excluded"].items() if n]
    split = ", ".join(f"{n:,} in {variant}" for variant, n in sorted(d.get("variants", {}).items()))
    parts += [f"{d['treated']:,} get a message{f' ({split})' if split else ''}", f"{d['holdout']:,} are held out"]
    return "; ".join(parts)


def _briefs(d: Any) -> str:
    share = d["people_specific"] / max(d["people_specific"] + d["people_default"], 1)
    text = f"{d['subjects']:,} subjects, {d['briefs']:,} briefs to write; {share:.0%} of people have a specific brief"
    if tiers := d.get("tiers"):
        people = ", ".join(f"{n:,} {tier}" for tier, n in tiers["people_by_tier"].items())
        text += f"\n          tiers: {people}; {tiers['sentence']}"
    return text


def _generate(d: Any) -> str:
    if d.get("generator_error"):
        return f"no lines from the model: {d['generator_error']}"
    if not d.get("model_calls") and not d.get("cached") and not d.get("prompts_refused"):
        return "approved lines only: no model was asked"
    taken = d["lines_accepted"]
    each = f"{d['cpu_seconds'] / taken:.1f}" if taken else "no"
    locales = ", ".join(f"{loc} {c['passed']}/{c['written']}" for loc, c in sorted(d["lines_by_locale"].items()))
    masked = sum(d.get("masked", {}).values())
    apart = f"; {masked:,} personal values masked in prompts" if masked else ""
    refused = sum(d.get("prompts_refused", {}).values())
    apart += f"; {refused:,} prompts not sent by the vendor's terms" if refused else ""
    text = (
        f"{d['lines_written']} lines written, {d['lines_passed']} passed ({locales}), {taken} taken; "
        f"{d['model_calls']} model calls, "
    )
    return text + f"{d['cached']} from the cache, {each} CPU-seconds per accepted line{apart}"


def _stitch(d: Any) -> str:
    rungs: dict[str, int] = {}
    for counts in d["rungs"].values():
        for rung, n in counts.items():
            rungs[rung] = rungs.get(rung, 0) + n
    shown = ", ".join(f"{n:,} {rung}" for rung, n in sorted(rungs.items()))
    text = f"{d['messages']:,} messages; blocks by rung: {shown or 'none'}"
    for reason, count in list(d.get("unbuilt", {}).items())[:3]:
        text += f"\n          {count:,} not built: {reason} (the same command tries again)"
    return text


def _deliver(d: Any) -> str:
    ends = ("sent", "failed", "unknown", "suppressed", "withdrawn")
    states = ", ".join(f"{d[name]:,} {name}" for name in ends if d.get(name))
    if d.get("halted"):
        text = f"{states or 'none sent'}; {d['waiting']:,} wait, halted: {d['halted']}"
    elif d.get("waiting"):
        text = (
            f"{states or 'none sent'}; {d['waiting']:,} wait, the relay refused them for the moment: run it again later"
        )
    elif not d.get("handled_now"):
        text = f"{states}, all before; nothing was left to send" if states else "nothing to send"
    else:
        text = f"{states} in {d['seconds']:.1f} s"
    return text + "".join(f"\n          {n:,} {why}" for why, n in list(d.get("reasons", {}).items())[:3])


_TELL: dict[str, Any] = {
    "features": lambda d: f"{d['people']:,} people, {d['definitions']} features",
    "audience": _audience,
    "briefs": _briefs,
    "generate": _generate,
    "review": lambda d: f"{d['approved']:,} lines approved by policy, {d['pending']:,} wait for a person",
    "decide": lambda d: f"{d['decisions']:,} decisions by policy {d['policy'] or '-'}",
    "stitch": _stitch,
    "deliver": _deliver,
}
