"""tailorbird review approve, reject, edit, comment, escalate and next: what a person does with a line."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from tailorbird.pipeline.review.desk import ReviewDesk
    from tailorbird.pipeline.review.person import Person
    from tailorbird.ports.creative_store import CreativeStore
    from tailorbird.types.review import QueuedLine

Project = Annotated[list[str] | None, typer.Argument(help="The project folder (default: this one).")]
CreativeId = Annotated[str, typer.Argument(help="The line's id, or the beginning of it.")]
By = Annotated[str, typer.Option(help="Who does it.")]
Seen = Annotated[str, typer.Option("--hash", help="The hash that 'show' printed: refused if the text changed.")]
Again = Annotated[bool, typer.Option(help="Though somebody rejected it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


def register(review: typer.Typer) -> None:
    """Add the commands."""
    for command in (approve, reject, edit, comment, escalate):
        review.command()(command)
    review.command("next")(next_line)


def approve(
    creative_id: CreativeId,
    target: Project = None,
    by: By = "",
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    seen: Seen = "",
    again: Again = False,
    as_json: AsJson = False,
) -> None:
    """Approve a line. Example: tailorbird review approve c_12ab --by ana --hash 3f7a90b1c2d4"""
    _act(creative_id, target, by, as_json, lambda desk, name, who: desk.approve(name, who, seen, reason, again))


def reject(
    creative_id: CreativeId,
    target: Project = None,
    by: By = "",
    reason: Annotated[str, typer.Option(help="Why: it must be said.")] = "",
    seen: Seen = "",
    as_json: AsJson = False,
) -> None:
    """Reject a line, at once. Example: tailorbird review reject c_12ab --by ana --reason 'too dry'"""
    _act(creative_id, target, by, as_json, lambda desk, name, who: desk.reject(name, who, reason, seen))


def edit(
    creative_id: CreativeId,
    text: Annotated[str, typer.Argument(help="The line as it should read, with its slots.")],
    target: Project = None,
    by: By = "",
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    seen: Seen = "",
    again: Again = False,
    as_json: AsJson = False,
) -> None:
    """Rewrite a model's line: the new one waits. Example: tailorbird review edit c_12ab 'It is back' --by ana"""
    _act(creative_id, target, by, as_json, lambda desk, name, who: desk.edit(name, who, text, seen, reason, again))


def comment(
    creative_id: CreativeId,
    text: Annotated[str, typer.Argument(help="The remark; it is kept for ever.")],
    target: Project = None,
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Remark on a line. Example: tailorbird review comment c_12ab 'is that so?' --by ana"""
    _act(creative_id, target, by, as_json, lambda desk, name, who: desk.comment(name, who, text))


def escalate(
    creative_id: CreativeId,
    role: Annotated[
        Literal["creative", "data", "legal", "ops", "admin"], typer.Option("--to", help="The role that is asked.")
    ],
    target: Project = None,
    by: By = "",
    reason: Annotated[str, typer.Option(help="Why: it must be said.")] = "",
    as_json: AsJson = False,
) -> None:
    """Ask a role about a line. Example: tailorbird review escalate c_12ab --to legal --by ana --reason 'a claim?'"""
    _act(creative_id, target, by, as_json, lambda desk, name, who: desk.escalate(name, who, role, reason))


def next_line(
    target: Annotated[list[str] | None, typer.Argument(help="The project folder, and a campaign.")] = None,
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Show the next line that this person can approve. Example: tailorbird review next examples/wren --by ana"""
    from tailorbird.bootstrap import open_desk, open_state
    from tailorbird.cli.review_text import tell_line
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json
    from tailorbird.types.review import QueueFilter

    project, name = read_target(target)
    state = open_state(project)
    wanted = QueueFilter(project.campaign(name).name if name else "")
    line = open_desk(project, state).next_for(by, wanted)
    if line is not None:
        tell_line(project, state, line.creative.creative_id, None, as_json)
    elif as_json:
        print_json({"creative_id": None})
    else:
        print(f"nothing waits for {by}")


def whole_id(creatives: "CreativeStore", beginning: str) -> str:
    """The one id that begins so. ReviewError: none does, or several do."""
    from tailorbird.pipeline.review.judge import ReviewError

    if creatives.get(beginning) is not None:
        return beginning
    found = [one.creative_id for one in creatives.find() if one.creative_id.startswith(beginning)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise ReviewError(f"no creative {beginning!r}; 'tailorbird review list' shows them")
    raise ReviewError(f"{len(found)} creatives begin with {beginning!r}: {', '.join(found[:3])}…; write more of the id")


def _act(
    creative_id: str,
    target: list[str] | None,
    by: str,
    as_json: bool,
    act: "Callable[[ReviewDesk, str, Person], QueuedLine]",
) -> None:
    """Do it, and say what the line is now."""
    from dataclasses import asdict

    from tailorbird.bootstrap import open_desk, open_state
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json, printable

    project = read_target(target)[0]
    state = open_state(project)
    name = whole_id(state.creatives, creative_id)
    desk = open_desk(project, state)
    line = act(desk, name, desk.person(by))
    creative, entry = line.creative, line.entry
    if as_json:
        print_json({**asdict(creative), "usable": creative.usable, "queue": asdict(entry)})
        return
    if creative.creative_id != name:
        print(
            f"{creative.creative_id} is version {creative.version} and waits for approval: {printable(creative.text)}"
        )
        print(f"{name} is rejected: edited into {creative.creative_id}")
        return
    print(f"{creative.creative_id} {creative.approval}: {printable(creative.text)}")
    if entry.state == "waiting":
        print(f"it waits for the approval of: {', '.join(entry.needs)}")
