"""tailorbird audience: who is in an audience, and why one person is or is not."""

from typing import Annotated

import typer

audience = typer.Typer(
    help="Audiences: size, and why a person is in or out.", no_args_is_help=True, rich_markup_mode=None
)
Target = Annotated[list[str] | None, typer.Argument(help="The project folder (default: this one).")]
AsOf = Annotated[str | None, typer.Option(help="The moment (default: now).")]
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
        value = f"withheld ({condition['withheld']})" if condition["withheld"] else condition["value"]
        print(f"  {mark:<3}  {condition['group']}: {condition['feature']} {condition['test']}; it is {value}")
        if meanings.get(condition["feature"]):
            print(f"       {meanings[condition['feature']]}")
