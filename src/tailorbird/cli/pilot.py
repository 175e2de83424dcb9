"""tailorbird pilot: the checklist of a campaign's beginning, its checkpoints, and who signs them."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from tailorbird.pipeline.pilots.gate import PilotGate

pilot = typer.Typer(help="Pilots: begin small, check, sign, go on.", no_args_is_help=True, rich_markup_mode=None)
Name = Annotated[str, typer.Argument(help="The pilot's name: pilots/NAME.yaml.")]
Project = Annotated[list[str] | None, typer.Argument(help="The project folder (default: this one).")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
OPEN = 3
"""Exit code of `check` where something does not hold."""


def register(app: typer.Typer, group: str) -> None:
    """Add the command group."""
    app.add_typer(pilot, name="pilot", rich_help_panel=group)


@pilot.command()
def new(
    name: Name,
    target: Annotated[list[str] | None, typer.Argument(help="The project folder and the campaign's name.")] = None,
    use: Annotated[
        Literal["low_risk", "standard", "high_risk"], typer.Option(help="How much is at stake.")
    ] = "low_risk",
) -> None:
    """Write a pilot's file of what the campaign says. Example: tailorbird pilot new winback_pilot my-shop win_back"""
    from tailorbird.bootstrap import open_clock
    from tailorbird.cli.target import read_campaign
    from tailorbird.pipeline.pilots.new_pilot import write_pilot
    from tailorbird.project.numbers import is_step
    from tailorbird.types.errors import TailorbirdError

    project, campaign = read_campaign(target)
    if not is_step(name):
        raise TailorbirdError(f"a pilot's name is letters, digits, hyphens and underscores, not {name[:80]!r}")
    text = write_pilot(project, name, campaign, use, open_clock().now().date())
    path = project.root / "pilots" / f"{name}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    print(f"written: {path}; finish it, then 'tailorbird pilot check {name}'")


@pilot.command()
def check(name: Name, target: Project = None, as_json: AsJson = False) -> None:
    """Go through a pilot's checklist. Example: tailorbird pilot check winback_pilot my-shop

    The exit code is 3 where an item does not hold; until all do, the campaign is held.
    """
    from dataclasses import asdict

    from tailorbird.cli.terminal import print_json

    found = _gate(target).checks(name)
    if as_json:
        print_json({"pilot": name, "held": all(one.held for one in found), "checks": [asdict(one) for one in found]})
    else:
        for one in found:
            print(f"{'ok     ' if one.held else 'MISSING'} {one.name}: {one.told}")
    if not all(one.held for one in found):
        raise typer.Exit(OPEN)


@pilot.command()
def sign(
    name: Name,
    checkpoint: Annotated[str, typer.Argument(help="The checkpoint's name.")],
    target: Project = None,
    by: Annotated[str, typer.Option(help="Who signs.")] = "",
    role: Annotated[str, typer.Option(help="In which role, where somebody has several.")] = "",
    note: Annotated[str, typer.Option(help="What they say.")] = "",
) -> None:
    """Sign a checkpoint that is due. Example: tailorbird pilot sign winback_pilot first_look my-shop --by ana"""
    from tailorbird.bootstrap import open_audit, open_clock
    from tailorbird.pipeline.pilots.gate import signed_entry
    from tailorbird.stages.pilots.progress import missing_roles

    gate = _gate(target)
    signature = gate.sign(name, checkpoint, by, open_clock().now(), role, note)
    open_audit(gate.project).append([signed_entry(signature)])
    chosen = next(one for one in gate.pilot(name).checkpoints if one.name == checkpoint)
    left = missing_roles(gate.pilot(name), chosen, gate.state.signatures.find(name))
    print(
        f"{by} signed {checkpoint} as {signature.role}; {', '.join(left) + ' is missing' if left else 'it is complete'}"
    )


@pilot.command()
def status(name: Annotated[str, typer.Argument(help="The pilot's name; none lists all.")] = "",
           target: Project = None, as_json: AsJson = False) -> None:  # fmt: skip
    """Show where pilots stand, and what holds them. Example: tailorbird pilot status winback_pilot my-shop"""
    from dataclasses import asdict
    from pathlib import Path

    from tailorbird.bootstrap import open_clock
    from tailorbird.cli.terminal import print_json

    if name and not target and (Path(name) / "tailorbird.yaml").exists():
        name, target = "", [name]
    gate, now = _gate(target), open_clock().now()
    told = []
    for each in [name] if name else sorted(gate.project.pilots):
        one = gate.pilot(each)
        force = gate.in_force(one.campaign) == each
        told.append({
            "pilot": each, "campaign": one.campaign, "use": one.use, "share": one.share, "in_force": force,
            "complete": not gate.open_items(each), "held": gate.why_held(one.campaign, now) if force else "",
            "open": gate.open_items(each), "signatures": [asdict(s) for s in gate.state.signatures.find(each)],
        })  # fmt: skip
    if as_json:
        print_json({"pilots": told})
        return
    for row in told:
        state = "complete" if row["complete"] else "HELD" if row["held"] else "running" if row["in_force"] else "later"
        print(f"{row['pilot']}: {row['campaign']}, {str(row['use']).replace('_', ' ')}, {row['share']:.0%}: {state}")
        for item in row["open"] if isinstance(row["open"], list) else ():
            print(f"  {item}")
    if not told:
        print("no pilots: 'tailorbird pilot new NAME' writes one")


def _gate(target: list[str] | None) -> "PilotGate":
    from tailorbird.bootstrap import open_state
    from tailorbird.cli.target import read_target
    from tailorbird.pipeline.pilots.gate import PilotGate

    project, _ = read_target(target)
    return PilotGate(project, open_state(project))
