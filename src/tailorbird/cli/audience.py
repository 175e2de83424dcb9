"""tailorbird audience: how large audiences are, who is in them and why, and how they could be split."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from datetime import datetime

    from tailorbird.pipeline.audiences import Members
    from tailorbird.project.project import Project
    from tailorbird.types.split import Split

audience = typer.Typer(
    help="Audiences: size, overlap, members, why a person is in or out, and proposals of splits.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Target = Annotated[list[str] | None, typer.Argument(help="The project folder (default: this one).")]
Names = Annotated[list[str] | None, typer.Argument(help="Audiences (default: all), and the project folder.")]
AsOf = Annotated[str | None, typer.Option(help="The moment (default: now).")]
Ids = Annotated[bool, typer.Option("--ids", help="Real ids, for systems that act on people.")]
Pseudonyms = Annotated[
    str, typer.Option("--pseudonyms", help="Pseudonyms for this purpose: other purposes have others.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


def register(app: typer.Typer, group: str) -> None:
    """Add the command group."""
    app.add_typer(audience, name="audience", rich_help_panel=group)


@audience.command()
def explain(name: str, person: str, target: Target = None, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """Explain one person. Example: tailorbird audience explain lapsed c00290 examples/wren --as-of 2026-06-01"""
    from dataclasses import asdict

    from tailorbird import bootstrap
    from tailorbird.cli.target import read_target, zoned
    from tailorbird.cli.terminal import print_json
    from tailorbird.pipeline.explain import explain_person

    project, _ = read_target(target)
    moment = zoned(as_of, project, bootstrap.open_clock().now())
    membership = explain_person(project, name, person, moment, bootstrap.open_events(project))
    if as_json:
        print_json({**asdict(membership), "description": project.audiences[name].description})
        return
    where = "in" if membership.included else "not in"
    print(f"{person} is {where} {name} at {moment:%Y-%m-%d %H:%M} UTC: {membership.reason}")
    if project.audiences[name].description:
        print(f"  {name}: {project.audiences[name].description}")
    meanings = {feature.name: feature.description for feature in project.features}
    for condition in membership.conditions:
        mark = "yes" if condition["held"] else "no"
        value = condition["value"]
        if condition["group"] == "sql":
            test, seen = condition["test"], ", ".join(f"{key} is {_seen(each)}" for key, each in value.items())
        else:
            test, seen = f"{condition['group']}: {condition['feature']} {condition['test']}", f"it is {_seen(value)}"
        if condition["withheld"]:
            seen = f"it is withheld ({condition['withheld']})"
        print(f"  {mark:<3}  {test}; {seen}")
        for feature in condition["feature"].split(", "):
            if meanings.get(feature):
                print(f"       {meanings[feature]}")


@audience.command()
def size(names: Names = None, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """Count members. Example: tailorbird audience size examples/wren --as-of 2026-06-01"""
    from dataclasses import asdict

    from tailorbird.cli.terminal import print_json

    members = _members(names, as_of)[1]
    sizes = members.sizes()
    if as_json:
        print_json([asdict(one) for one in sizes])
        return
    width = max(map(len, members.rules), default=0)
    for one in sizes:
        share = one.size / one.known if one.known else 0.0
        barred = f"; {one.withheld:,} cannot be judged for want of consent" if one.withheld else ""
        print(f"{one.name:<{width}}  {one.size:>9,} of {one.known:,} people ({share:.1%}){barred}")


@audience.command()
def overlap(names: Names = None, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """Count people in two audiences at once. Example: tailorbird audience overlap lapsed basket examples/wren"""
    from dataclasses import asdict

    from tailorbird.cli.terminal import print_json

    members = _members(names, as_of)[1]
    pairs = members.overlaps()
    if as_json:
        print_json([asdict(pair) for pair in pairs])
        return
    if not pairs:
        print("there is one audience only; name two, or none for all")
    sizes = {one.name: one.size for one in members.sizes()}
    for pair in pairs:
        told = "one of them is empty" if pair.lift is None else f"{pair.lift:.2f} times what chance would give"
        print(
            f"{pair.first} ({sizes[pair.first]:,}) and {pair.second} ({sizes[pair.second]:,}): "
            f"{pair.both:,} in both, {pair.either:,} in either; {told}"
        )


@audience.command()
def sample(
    name: str,
    target: Target = None,
    as_of: AsOf = None,
    limit: Annotated[int, typer.Option(min=1, help="How many people.")] = 10,
    seed: Annotated[int, typer.Option(help="Another number, other people.")] = 0,
    ids: Ids = False,
    pseudonyms: Pseudonyms = "analysis",
    as_json: AsJson = False,
) -> None:
    """Show some members and the values asked for. Example: tailorbird audience sample lapsed examples/wren

    They stand under pseudonyms; with --ids under the ids that other commands take.
    """
    from tailorbird import bootstrap
    from tailorbird.cli.terminal import print_json
    from tailorbird.stages.audiences.rules import features_asked

    project, members = _members([name, *(target or [])], as_of)
    asked = sorted(features_asked(members.rules[name], members.table.columns))
    rows = {person: row for row, person in enumerate(members.table.person_ids)}
    chosen = members.sample(name, limit, seed)
    rename = str if ids else bootstrap.open_pseudonyms(project, pseudonyms)
    bootstrap.open_recorder(project).record(
        "audience sampled", "a look at some members", name, people_shown=len(chosen), values=asked
    )
    shown = [
        {"person_id": rename(person), **{each: members.table.columns[each][rows[person]] for each in asked}}
        for person in chosen
    ]
    if not ids:
        shown.sort(key=lambda one: str(one["person_id"]))  # the order of the draw is the same for every purpose
    if as_json:
        print_json(shown)
        return
    if not shown:
        print(f"nobody is in {name} at {members.table.as_of:%Y-%m-%d %H:%M} UTC")
    for one in shown:
        print("  ".join(f"{key}={value}" if key != "person_id" else str(value) for key, value in one.items()))


def _seen(value: object) -> str:
    return "missing" if value is None else str(value)


@audience.command()
def build(
    names: Names = None,
    as_of: AsOf = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The folder (default: in .tailorbird).")] = None,
    ids: Ids = False,
    pseudonyms: Pseudonyms = "analysis",
    as_json: AsJson = False,
) -> None:
    """Write the members to Parquet, for other systems. Example: tailorbird audience build lapsed examples/wren

    Campaigns need no list: they judge everybody anew, and consent once more when they send.
    Members stand under pseudonyms; with --ids under their ids. Either is audited.
    """
    from tailorbird import bootstrap
    from tailorbird.cli.terminal import print_json
    from tailorbird.pipeline.audiences import write_members

    project, members = _members(names, as_of)
    folder = output or project.state_dir / "audiences"
    rename = None if ids else bootstrap.open_pseudonyms(project, pseudonyms)
    written = write_members(members, folder, bootstrap.open_warehouse(project), rename)
    for _, path, rows in written:
        bootstrap.record_export(project, "audience", path, rows, None if ids else pseudonyms)
    if as_json:
        print_json([{"name": name, "file": str(path), "rows": rows} for name, path, rows in written])
        return
    for name, path, rows in written:
        print(f"{name}: {rows:,} people in {path}")


@audience.command()
def propose(
    target: Annotated[list[str] | None, typer.Argument(help="A campaign, and the project folder.")] = None,
    until: Annotated[str | None, typer.Option(help="Outcomes up to this moment (default: now).")] = None,
    depth: Annotated[int, typer.Option(min=1, max=4, help="At most so many conditions one after another.")] = 3,
    seed: Annotated[int, typer.Option(help="Which people grow the tree, and which estimate it.")] = 0,
    write: Annotated[bool, typer.Option("--write", help="Write each leaf to audiences/ as an audience.")] = False,
    as_json: AsJson = False,
) -> None:
    """Propose splits by predicted response, from a campaign's past. Example: tailorbird audience propose examples/wren

    Half of the people grow the tree; the other half, which had no say in it, tells each leaf's response and its
    interval. No split is proposed where chance could have made it.
    """
    from dataclasses import asdict

    from tailorbird import bootstrap
    from tailorbird.cli.target import read_campaign, zoned
    from tailorbird.cli.terminal import print_json
    from tailorbird.pipeline.propose_splits import propose_for_campaign, write_leaves

    project, campaign = read_campaign(target)
    warehouse = bootstrap.open_events(project)
    decisions = bootstrap.open_state(project).decisions
    moment = zoned(until, project, _now(project))
    tree = propose_for_campaign(project, campaign, decisions, warehouse, moment, seed, depth)
    written = write_leaves(project, campaign, tree) if write else []
    if as_json:
        print_json({"campaign": campaign.name, "tree": asdict(tree), "written": [str(path) for path in written]})
        return
    left = f"; {tree.left_out:,} are left out, who did not allow what it asks" if tree.left_out else ""
    print(f"{campaign.name}: {tree.treated:,} treated and {tree.held:,} held-out people{left}")
    print(f"response: {campaign.metric.event} within {campaign.metric.window_days} days")
    _print_split(tree.root, "everybody", "")
    if tree.root.condition is None:
        print("no condition parts them by more than chance: keep the audience whole")
    for path in written:
        print(f"wrote {path}")


def _print_split(split: "Split", said: str, indent: str) -> None:
    rate = split.response
    line = f"{indent}{said}: {split.people:,} people, {rate.share:.1%} [{rate.low:.1%}, {rate.high:.1%}] responded"
    if split.lift is not None:
        line += f"; against the holdout {split.lift[0]:+.1%} [{split.lift[1]:+.1%}, {split.lift[2]:+.1%}]"
    print(line)
    if split.condition is not None and split.yes is not None and split.no is not None:
        from tailorbird.types.split import words_of

        _print_split(split.yes, words_of(split.condition), indent + "  ")
        _print_split(split.no, words_of(split.condition, False), indent + "  ")


def _members(words: list[str] | None, as_of: str | None) -> tuple["Project", "Members"]:
    """The project that the words name, and the members of the audiences that they name."""
    from tailorbird import bootstrap
    from tailorbird.cli.target import read_target, zoned
    from tailorbird.pipeline.audiences import find_members, named_audience

    folders = [word for word in words or [] if Path(word).is_dir()]
    names = [word for word in words or [] if word not in folders]
    project, _ = read_target(folders)
    for name in names:
        named_audience(project, name)  # a wrong name is told before everybody is judged
    moment = zoned(as_of, project, bootstrap.open_clock().now())
    return project, find_members(project, names, moment, bootstrap.open_events(project))


def _now(project: "Project") -> "datetime":
    """Now; simulated customers live in their own time, whose end is far ahead."""
    from datetime import UTC, datetime

    from tailorbird import bootstrap

    return datetime(9999, 1, 1, tzinfo=UTC) if project.settings.simulated else bootstrap.open_clock().now()
