"""tailorbird review: look at lines, approve, reject, edit."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from tailorbird.ports.creative_store import CreativeStore

review = typer.Typer(help="Look at lines, approve, reject, edit.", no_args_is_help=True, rich_markup_mode=None)
Project = Annotated[list[str] | None, typer.Argument(help="The project folder (default: this one).")]
Listed = Annotated[list[str] | None, typer.Argument(help="The project folder, and a campaign to list only its lines.")]
CreativeId = Annotated[str, typer.Argument(help="The line's id, or the beginning of it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


def register(app: typer.Typer, group: str) -> None:
    """Add the command group."""
    app.add_typer(review, name="review", rich_help_panel=group)


@review.command("list")
def list_lines(
    target: Listed = None,
    approval: Annotated[
        Literal["pending", "approved", "rejected", "outdated", "all"], typer.Option(help="Which lines.")
    ] = "pending",
    as_json: AsJson = False,
) -> None:
    """List lines by their approval. Example: tailorbird review list examples/wren"""
    from dataclasses import asdict

    from tailorbird.bootstrap import open_state
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json

    project, name = read_target(target)
    campaign = project.campaign(name).name if name else None
    store = open_state(project).creatives
    found = store.find(campaign, None if approval == "all" else approval)
    if approval == "pending":
        found += store.find(campaign, "outdated")
    why = {c.creative_id: str(store.reviews(c.creative_id)[-1]["reason"]) for c in found if c.approval == "outdated"}
    if as_json:
        print_json({"creatives": [{**asdict(c), "outdated": why.get(c.creative_id, "")} for c in found]})
        return
    for creative in found:
        print(
            f"{creative.creative_id}  {creative.campaign}/{creative.block}/{creative.locale}  "
            f"{creative.rung}  {creative.text}"
        )
        if creative.creative_id in why:
            print(f"    outdated: {why[creative.creative_id]}")
    print(f"{len(found)} {approval if approval != 'all' else ''} lines".replace("  ", " "))


@review.command()
def show(creative_id: CreativeId, target: Project = None, as_json: AsJson = False) -> None:
    """Show one line with its verdict and history. Example: tailorbird review show c_12ab"""
    from dataclasses import asdict

    from tailorbird.bootstrap import open_state
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json

    store = open_state(read_target(target)[0]).creatives
    creative_id = _whole_id(store, creative_id)
    found = store.get(creative_id)
    assert found is not None
    creative, notes = found
    content = {**asdict(creative), "usable": creative.usable, "notes": notes, "reviews": store.reviews(creative_id)}
    if as_json:
        print_json(content)
        return
    print(f"{creative.text}\n  {creative.campaign}/{creative.block}/{creative.locale}, rung {creative.rung}, "
          f"version {creative.version}, hash {creative.content_hash[:12]}: "
          f"{creative.approval}{'' if creative.usable else ' (not usable)'}")  # fmt: skip
    for finding in (notes.get("verdict") or {}).get("findings", []):
        print(f"  {finding['severity']}: {finding['check']} at {finding['span']}: {finding['reason']}")
    for entry in store.reviews(creative_id):
        print(f"  {entry['at'][:16]} {entry['approval']} by {entry['by']}: {entry['reason']}")


def _whole_id(creatives: "CreativeStore", beginning: str) -> str:
    """The one id that begins so. ReviewError: none does, or several do."""
    from tailorbird.pipeline.approve import ReviewError

    if creatives.get(beginning) is not None:
        return beginning
    found = [one.creative_id for one in creatives.find() if one.creative_id.startswith(beginning)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise ReviewError(f"no creative {beginning!r}; 'tailorbird review list' shows them")
    raise ReviewError(f"{len(found)} creatives begin with {beginning!r}: {', '.join(found[:3])}…; write more of the id")


def _record(creative_id: str, approval: str, by: str, reason: str, target: list[str] | None, seen: str = "") -> None:
    from tailorbird.bootstrap import open_clock, open_state
    from tailorbird.cli.target import read_target
    from tailorbird.pipeline.approve import record_review, template_lines

    project = read_target(target)[0]
    creatives, last_resorts = open_state(project).creatives, template_lines(project)
    creative_id = _whole_id(creatives, creative_id)
    creative = record_review(creatives, creative_id, approval, by, reason, open_clock(), last_resorts, seen)
    print(f"{creative_id} {creative.approval}: {creative.text}")


@review.command()
def approve(
    creative_id: CreativeId,
    target: Project = None,
    by: Annotated[str, typer.Option(help="Who approves.")] = "",
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    seen: Annotated[
        str, typer.Option("--hash", help="The hash that 'show' printed: refused if the text changed.")
    ] = "",
) -> None:
    """Approve a line. Example: tailorbird review approve c_12ab --by ana"""
    _record(creative_id, "approved", by, reason, target, seen)


@review.command()
def reject(
    creative_id: CreativeId,
    target: Project = None,
    by: Annotated[str, typer.Option(help="Who rejects.")] = "",
    reason: Annotated[str, typer.Option(help="Why.")] = "",
) -> None:
    """Reject a line. Example: tailorbird review reject c_12ab --by ana --reason 'too dry'"""
    _record(creative_id, "rejected", by, reason, target)


@review.command()
def edit(
    creative_id: CreativeId,
    text: Annotated[str, typer.Argument(help="The line as it should read, with its slots.")],
    target: Project = None,
    by: Annotated[str, typer.Option(help="Who edits.")] = "",
) -> None:
    """Rewrite a model's line: the new one waits. Example: tailorbird review edit c_12ab '{{ item.name }} is back'"""
    from tailorbird.bootstrap import open_clock, open_state, open_warehouse
    from tailorbird.cli.target import read_target
    from tailorbird.pipeline.approve import edit_creative, judge_of
    from tailorbird.pipeline.facts import Facts

    project, _ = read_target(target)
    judge = judge_of(project, Facts(project, open_warehouse(project)).items(open_clock().now()))
    creatives = open_state(project).creatives
    creative_id = _whole_id(creatives, creative_id)
    creative = edit_creative(creatives, creative_id, text, judge, by, open_clock())
    print(f"{creative.creative_id} is version {creative.version} and waits for approval: {creative.text}")
    print(f"{creative_id} is rejected: edited into {creative.creative_id}")
