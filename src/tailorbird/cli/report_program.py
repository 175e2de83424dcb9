"""tailorbird report --program: what all messages together changed, by the holdout of all campaigns."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tailorbird.cli.report_page import ReportError, refuse_ahead, write_page

if TYPE_CHECKING:
    from tailorbird.project.project import Project
    from tailorbird.types.program import ProgramMetric, ProgramReadout


def report_program(
    words: list[str] | None, since: str | None, until: str | None, output: Path | None, as_json: bool
) -> None:
    """Read all campaigns of a project together, write the page, and say what was found."""
    from tailorbird.bootstrap import open_clock
    from tailorbird.cli.target import read_target, zoned
    from tailorbird.cli.terminal import print_json
    from tailorbird.web.report.program_page import render_program
    from tailorbird.web.report.summary import program_json

    project, name = read_target(words)
    if name is not None:
        raise ReportError(f"--program reads all campaigns together; leave {name!r} out, or leave --program out")
    now = open_clock().now()
    start, end = (zoned(text, project, now) if text else None for text in (since, until))
    refuse_ahead(until, end, now, project.settings.simulated)
    readout = read(project, start, end)
    period = "".join(
        f"-{word}-{moment:%Y-%m-%d-%H%M}"
        for word, asked, moment in (("since", since, readout.since), ("until", until, readout.until))
        if asked
    )
    path = output or project.state_dir / "reports" / f"all-campaigns{period}.html"
    write_page(path, render_program(readout, project.brand.name))
    if as_json:
        print_json({**program_json(readout), "report": str(path)})
        return
    for line in lines(readout):
        print(line)
    print(f"report: {path}")


def read(project: "Project", since: datetime | None, until: datetime | None) -> "ProgramReadout":
    """The read-out from the state database and the event log."""
    from tailorbird import bootstrap
    from tailorbird.pipeline.identities import read_identities
    from tailorbird.pipeline.program import read_program

    state, warehouse = bootstrap.open_state(project), bootstrap.open_events(project, often=True)
    # Simulated customers live in their own time, which may be ahead of the clock.
    now = None if project.settings.simulated else bootstrap.open_clock().now()
    people = read_identities(warehouse)
    return read_program(project, state.decisions, people, state.ledger, warehouse, since, until, now)


def lines(readout: "ProgramReadout") -> list[str]:
    """The read-out in words: the sentence, who is compared, each metric, and what blurs it."""
    from tailorbird.web.report.program_page import period_words

    label = "(simulated) " if readout.simulated else ""
    counts = (
        f"{period_words(readout)}: {readout.program.people:,} people who could be written to "
        f"({readout.program.sent:,} were), {readout.held.people:,} held out of all campaigns"
    )
    metrics = [_line(one, readout.currency) for one in readout.metrics]
    return [f"{label}{readout.sentence}", counts, *metrics, *(f"  note: {note}" for note in readout.notes)]


def _line(one: "ProgramMetric", currency: str) -> str:
    from tailorbird.web.report.program_page import amount, between, total

    if one.effect is None or one.total is None:
        return f"  {one.name}: cannot be said: {one.why}"
    values = f"{amount(one, one.estimate.treated, currency)} against {amount(one, one.estimate.control, currency)}"
    per_person = f"{amount(one, one.effect.difference, currency, True)} ({between(one, one.effect, currency)})"
    whole = f"{total(one, one.total.difference, currency)} ({between(one, one.total, currency, whole=True)})"
    return f"  {one.name} per person: {values}, {per_person}; in all {whole}, at every look"
