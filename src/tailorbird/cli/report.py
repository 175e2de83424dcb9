"""tailorbird report: what a campaign did, honestly."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tailorbird.cli.report_page import ReportError, refuse_ahead, write_page
from tailorbird.cli.report_program import report_program

if TYPE_CHECKING:
    from tailorbird.project.project import Project
    from tailorbird.types.campaign import Campaign
    from tailorbird.types.readout import Readout


def register(app: typer.Typer, group: str) -> None:
    """Add the command."""
    app.command("report", rich_help_panel=group)(report)


def report(
    target: Annotated[list[str] | None, typer.Argument(help="The project folder and the campaign's name.")] = None,
    program: Annotated[
        bool, typer.Option("--program", help="All campaigns together, against the holdout of all campaigns.")
    ] = False,
    since: Annotated[
        str | None, typer.Option(help="With --program: from this moment on (default: since that holdout began).")
    ] = None,
    until: Annotated[str | None, typer.Option(help="Count events up to this moment (default: all).")] = None,
    plant_lift: Annotated[
        float, typer.Option(help="Add a labelled effect of this size to the outcomes, to see the report find it.")
    ] = 0.0,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Where to write the HTML.")] = None,
    no_learn: Annotated[bool, typer.Option("--no-learn", help="Do not update the policy.")] = False,
    decisions: Annotated[
        Path | None, typer.Option(help="Also write what each decision brought (.csv, .jsonl or .parquet).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Report on a campaign, and learn from it. Example: tailorbird report examples/wren win_back

    Writes one self-contained HTML file and updates the policy for the next step. Nothing is learned from a planted
    effect, or from a report of an earlier moment (--until): the policy never goes back. With --program it tells what
    the messages of all campaigns changed together, and nothing is learned.
    """
    if program:
        if plant_lift or decisions is not None:
            raise ReportError("--plant-lift and --decisions are of one campaign; leave them out with --program")
        report_program(target, since, until, output, as_json)
        return
    if since is not None:
        raise ReportError("--since is for --program; a campaign counts each person from their first decision on")
    from tailorbird.bootstrap import open_clock
    from tailorbird.cli.target import read_campaign, zoned
    from tailorbird.cli.teach import sentences, teach
    from tailorbird.cli.terminal import print_json
    from tailorbird.web.report.summary import report_json

    project, campaign = read_campaign(target)
    now = open_clock().now()
    moment = zoned(until, project, now) if until else None
    refuse_ahead(until, moment, now, project.settings.simulated)
    if decisions is not None and plant_lift:
        raise ReportError("--decisions tells of what happened; leave --plant-lift out")
    readout = read(project, campaign, moment, plant_lift, decisions)
    path = write_report(project, readout, output or _beside(project, readout, moment))
    learned = None if no_learn or plant_lift or until else teach(project, campaign, readout)
    if as_json:
        print_json({**report_json(readout), "report": str(path), "learned": learned})
        return
    label = ", ".join(
        word for word, is_so in (("simulated", readout.simulated), ("planted effect", readout.planted)) if is_so
    )
    print(f"({label}) {readout.sentence}" if label else readout.sentence)
    print(counts_line(readout))
    for told in sentences(learned) if learned else ():
        print(told)
    print(f"report: {path}")


def _beside(project: "Project", readout: "Readout", until: datetime | None) -> Path | None:
    """Where a report of an earlier moment, or with a planted effect, goes: never over the one that stands."""
    name = readout.campaign
    if until is not None:
        name += f"-until-{until:%Y-%m-%d-%H%M}"
    if readout.planted:
        name += "-planted"
    return project.state_dir / "reports" / f"{name}.html" if name != readout.campaign else None


def read(
    project: "Project",
    campaign: "Campaign",
    until: datetime | None,
    plant_lift: float = 0.0,
    decisions: Path | None = None,
) -> "Readout":
    """The read-out from the state database and the event log; with `decisions`, that file of their values too."""
    from tailorbird import bootstrap
    from tailorbird.pipeline.decision_values import write_decision_values
    from tailorbird.pipeline.identities import read_identities
    from tailorbird.pipeline.merged_state import merge_state
    from tailorbird.pipeline.observe import observe

    state, warehouse = bootstrap.open_state(project), bootstrap.open_events(project, often=True)
    state = merge_state(state, read_identities(warehouse))
    readout = observe(
        campaign,
        state.decisions,
        state.creatives,
        state.ledger,
        warehouse,
        state.outbox.counts(campaign.name),
        project.settings.currency,
        until,
        simulated=project.settings.simulated,
        plant=plant_lift,
        attribution=project.settings.attribution,
        notes=[project.settings.note] if project.settings.note else [],
        # Simulated customers live in their own time, which may be ahead of the clock.
        now=None if project.settings.simulated else bootstrap.open_clock().now(),
    )
    if decisions is not None and readout.until is not None:
        write_decision_values(warehouse, readout.until, decisions)
    return readout


def write_report(project: "Project", readout: "Readout", output: Path | None = None) -> Path:
    """Write the HTML page; its path. ReportError: it cannot be written there."""
    from tailorbird.web.report.page import render_report

    path = output or project.state_dir / "reports" / f"{readout.campaign}.html"
    return write_page(path, render_report(readout, project.brand.name))


def counts_line(readout: "Readout") -> str:
    """The figures behind the sentence, in one line."""
    t, h, effect = readout.treated, readout.holdout, readout.effect
    text = f"{t.conversions:,} of {t.people:,} treated and {h.conversions:,} of {h.people:,} held-out people converted"
    if effect is not None:
        low, middle, high = (each * 100 for each in (effect.low, effect.difference, effect.high))
        text += f"; lift {middle:+.2f} points, 95 % interval {low:+.2f} to {high:+.2f}"
        text += " (not reliable with so few)" if readout.verdict == "too_few" else " (always valid)"
    return text
