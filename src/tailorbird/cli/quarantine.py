"""tailorbird quarantine: what was refused, why, and judging it again."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tailorbird.types.quarantined import Quarantined

_BODY_CHARS_MAX = 120
_REASON_CHARS_MAX = 300

quarantine = typer.Typer(
    help="What was refused at the intake or in an import, and why.", no_args_is_help=True, rich_markup_mode=None
)
Target = Annotated[list[str] | None, typer.Argument(help="The project folder (default: this one).")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
Reason = Annotated[str, typer.Option(help="Only rows whose reason holds this text, in any case.")]


def register(app: typer.Typer, group: str) -> None:
    """Add the command group."""
    app.add_typer(quarantine, name="quarantine", rich_help_panel=group)


@quarantine.command("list")
def list_rows(
    target: Target = None,
    reason: Reason = "",
    source: Annotated[str, typer.Option(help="Only rows of this source: intake, imports/orders.yaml.")] = "",
    limit: Annotated[int, typer.Option(min=0, help="Show at most so many rows; 0 shows the counts alone.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List what was refused, counted by reason. Example: tailorbird quarantine list examples/wren --reason price"""
    from dataclasses import asdict

    from tailorbird import bootstrap
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json

    project, _ = read_target(target)
    rows = choose(bootstrap.open_quarantine(project).rows(source), reason)
    counts = count_by_reason(rows)
    if as_json:
        shown = [{**asdict(row), "at": row.at.isoformat()} for row in rows[:limit]]
        print_json({"rows": len(rows), "by_reason": counts, "shown": shown})
        return
    _print(rows, counts, limit)


@quarantine.command()
def replay(
    target: Target = None,
    row_id: Annotated[str, typer.Option("--id", help="The row with this id.")] = "",
    reason: Reason = "",
    everything: Annotated[bool, typer.Option("--all", help="Every row.")] = False,
    as_json: AsJson = False,
) -> None:
    """Judge rows again by the present rules. Example: tailorbird quarantine replay examples/wren --all

    What passes enters the event log, once, and leaves the quarantine; the rest stays with its present reason. Rows of
    an imported file are judged together. A damaged event can be sent again, and a file imported again.
    """
    from dataclasses import asdict

    from tailorbird import bootstrap
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json, printable
    from tailorbird.pipeline.replay import Replay
    from tailorbird.pipeline.screening import Screening
    from tailorbird.stages.events.plan_checks import PlanChecks
    from tailorbird.stages.events.wire_rules import OUR_EVENTS
    from tailorbird.types.errors import TailorbirdError

    if not (row_id or reason or everything):
        raise TailorbirdError("say which rows: --id ID, --reason TEXT, or --all")
    project, _ = read_target(target)
    log = bootstrap.open_log(project)
    screening = Screening(PlanChecks(project.plan, OUR_EVENTS) if project.plan else None)
    try:
        done = Replay(
            project.mappings, screening, bootstrap.open_quarantine(project), log,
            bootstrap.open_warehouse(project), project.state_dir, bootstrap.open_clock().now(),
            project.settings.consent.signals,
        ).run(lambda row: row_id in ("", row.id) and reason.casefold() in row.reason.casefold())  # fmt: skip
    finally:
        log.close()
    if row_id and not done.chosen:
        raise TailorbirdError(f"no row with the id {row_id!r} waits; tailorbird quarantine list shows the ids")
    withdrawn = bootstrap.empty_queue(project)
    if as_json:
        print_json({**asdict(done), "withdrawn": withdrawn})
        return
    print(f"{done.chosen:,} rows judged again: {done.passed:,} passed, {done.events:,} new events")
    for why, count in done.by_reason.items():
        print(f"  {count:>9,}  stay: {printable(why, _REASON_CHARS_MAX)}")
    if withdrawn:
        print(f"{withdrawn:,} queued messages are withdrawn: their people said no")


def choose(rows: "Iterable[Quarantined]", reason: str) -> "list[Quarantined]":
    """The rows whose reason holds a text, newest first."""
    chosen = [row for row in rows if reason.casefold() in row.reason.casefold()]
    return sorted(chosen, key=lambda row: row.at, reverse=True)


def count_by_reason(rows: "Iterable[Quarantined]") -> dict[str, int]:
    """{reason: rows}, the commonest first. What differs from row to row counts as one."""
    from tailorbird.types.quarantined import kind_of_reason

    return dict(Counter(kind_of_reason(row.reason) for row in rows).most_common())


def _print(rows: "Sequence[Quarantined]", counts: dict[str, int], limit: int) -> None:
    from tailorbird.cli.terminal import printable

    print(f"{len(rows):,} rows are in quarantine" if rows else "nothing is in quarantine")
    for reason, count in counts.items():
        print(f"  {count:>9,}  {printable(reason, _REASON_CHARS_MAX)}")
    for row in rows[:limit]:
        print(f"\n{row.id}  {row.at:%Y-%m-%d %H:%M} UTC  {printable(row.source)}  {printable(row.place)}")
        print(f"  {printable(row.reason, _REASON_CHARS_MAX)}")
        print(f"  {printable(row.body, _BODY_CHARS_MAX)}")
    if 0 < limit < len(rows):
        print(f"\n{len(rows) - limit:,} more: see --limit, --reason and --source")
