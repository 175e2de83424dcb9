"""tailorbird audit packs: which rules a project's texts are under, and where each comes from."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from tailorbird.types.policy_pack import PolicyPack, PolicyRule


def register(app: typer.Typer, group: str) -> None:
    """Add the command to the group `audit`, which is there already."""
    from tailorbird.cli.audit import audit

    audit.command("packs")(audit_packs)


def audit_packs(
    target: Annotated[list[str] | None, typer.Argument(help="The project folder (default: this one).")] = None,
    built_in: Annotated[bool, typer.Option("--built-in", help="All packs that come with Tailorbird.")] = False,
    pack: Annotated[str | None, typer.Option("--pack", help="The rules of this pack.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """List policy packs and their rules. Example: tailorbird audit packs examples/wren --pack claims

    Without a project, or with --built-in, the packs that come with Tailorbird; else those that the project uses, as it
    changed them.
    """
    from pathlib import Path

    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json
    from tailorbird.pipeline.check_policies import check_policies
    from tailorbird.project.pack_files import built_in_packs, read_built_in
    from tailorbird.project.source import nearest
    from tailorbird.types.errors import TailorbirdError

    off: dict[str, str] = {}
    if built_in or (not target and not Path("tailorbird.yaml").exists()):
        packs = tuple(read_built_in(name) for name in built_in_packs())
    else:
        policies = read_target(target)[0].policies
        check_policies(policies)
        packs = policies.packs
        off = {name: change.reason for name, change in policies.file.rules.items() if change.off}
    if pack is not None and pack not in [one.name for one in packs]:
        raise TailorbirdError(f"no pack {pack!r} here{nearest(pack, [one.name for one in packs])}")
    shown = [one for one in packs if pack in (None, one.name)]
    if as_json:
        print_json({"packs": [_told(one) for one in shown], "off": off})
        return
    for one in shown:
        _show(one, rules=pack is not None)
    for name, reason in off.items():
        if pack is None or name.startswith(f"{pack}/"):
            print(f"off: {name} ({reason})")
    if pack is None:
        print("the rules of one: tailorbird audit packs --pack NAME")


def _show(pack: "PolicyPack", rules: bool) -> None:
    languages = ", ".join(pack.languages) or "every language"
    checked = f"{pack.checked} {pack.checked_on}" if pack.checked_on else pack.checked
    print(f"{pack.name:<20} {pack.version:<8} {len(pack.rules):>3} rules  {languages:<14} {checked:<20} {pack.summary}")
    for rule in pack.rules if rules else ():
        print(f"  {rule.id:<26} {rule.severity:<8} {_scope(rule):<24} {rule.reason}")
        print(f"  {'':<26} {'':<8} {rule.source or pack.source}")
        if rule.changed:
            print(f"  {'':<26} {'':<8} changed: {rule.changed}")


def _scope(rule: "PolicyRule") -> str:
    parts = [",".join(names) for names in (rule.channels, rule.countries, rule.blocks, rule.flags) if names]
    return " ".join(parts) or "everywhere"


def _told(pack: "PolicyPack") -> dict[str, Any]:
    from dataclasses import asdict

    told = asdict(pack)
    told["checked_on"] = pack.checked_on.isoformat() if pack.checked_on else None
    for rule in told["rules"]:
        rule["checked_on"] = rule["checked_on"].isoformat() if rule["checked_on"] else told["checked_on"]
        rule["source"], rule["checked"] = rule["source"] or pack.source, rule["checked"] or pack.checked
    return told
