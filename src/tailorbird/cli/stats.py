"""tailorbird stats: what came in, exactly."""

from typing import Annotated, Any

import typer


def register(app: typer.Typer, group: str) -> None:
    """Add the command."""
    app.command("stats", rich_help_panel=group)(stats)


def stats(
    target: Annotated[list[str] | None, typer.Argument(help="The project folder (default: this one).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Count events by type, name and client, exactly, also while a server runs. Example: tailorbird stats --json"""
    from tailorbird import bootstrap
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json
    from tailorbird.pipeline.stats import count_events

    project, _ = read_target(target)
    log = bootstrap.open_log(project)
    try:
        duplicates, conflicts = bootstrap.read_duplicates(project)
        found = count_events(
            log, bootstrap.open_quarantine(project), bootstrap.open_warehouse(project), duplicates, conflicts
        )
    finally:
        log.close()
    if as_json:
        print_json(found)
    else:
        _print(found)


def _print(found: dict[str, Any]) -> None:
    if found["accepted"]:
        print(f"{found['accepted']:,} events accepted from {found['first_received']} to {found['last_received']}")
    else:
        print("no events accepted yet")
    print(f"{found['duplicates']:,} came again, {found['conflicts']:,} of them with another body")
    print(f"{found['quarantined']:,} in quarantine; see: tailorbird quarantine list")
    if found["accepted"]:
        late = ", ".join(f"{name} {_span(seconds)}" for name, seconds in found["late_seconds"].items())
        print(f"from happening to arriving: {late}")
        print(f"{found['tests']:,} tests and {found['machines']:,} marked as a machine's count nowhere")
    for name in ("types", "events", "clients"):
        if found[name]:
            print(name)
            for value, count in found[name].items():
                print(f"  {count:>12,}  {value}")


def _span(seconds: float) -> str:
    """A span in the largest unit of which there are two or more: '0.4 s', '3.5 h', '231 days'."""
    for unit, size in (("days", 86_400), ("h", 3_600), ("min", 60)):
        if abs(seconds) >= 2 * size:
            return f"{seconds / size:,.{0 if size == 86_400 else 1}f} {unit}"
    return f"{seconds:,.1f} s"
