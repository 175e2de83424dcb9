"""tailorbird redteam: attacks on a project through its own pipeline, and what got through."""

import json
import shutil
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from tailorbird.pipeline.redteam.attack import Attempt, Target
    from tailorbird.ports.progress import Progress
    from tailorbird.project.project import Project
    from tailorbird.stages.redteam.mutations import AttackCase

CASES = 200


def register(app: typer.Typer, group: str) -> None:
    """Add the command."""
    app.command("redteam", rich_help_panel=group)(redteam)


def redteam(
    target: Annotated[list[str] | None, typer.Argument(help="The project folder and the campaign's name.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the attacks.")] = 7,
    cases: Annotated[int, typer.Option(min=1, max=100_000, help="How many attacks.")] = CASES,
    model: Annotated[
        bool, typer.Option("--model", help="Attack the project's model; else one that obeys every attacker.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Download the model without asking.")] = False,
    payloads: Annotated[
        Path | None, typer.Option(help="A folder of payloads: text (one a line), JSON lists, CSV, also gzipped.")
    ] = None,
    keep: Annotated[Path | None, typer.Option(help="Add the cases to this file of golden cases (JSON lines).")] = None,
    export: Annotated[Path | None, typer.Option(help="Write chats for training a model (JSON lines).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Attack a project: poisoned items, reviews, names and prompts. Example: tailorbird redteam examples/wren win_back

    Nothing is sent or kept; a project that has imported nothing is copied, and its imports run in the copy. Exit code
    1: something got through.
    """
    from tailorbird.bootstrap.models import open_model
    from tailorbird.bootstrap.redteam import open_target
    from tailorbird.cli.target import read_campaigns
    from tailorbird.cli.terminal import confirm_download, print_json, progress_for
    from tailorbird.pipeline.catalog import current_catalog
    from tailorbird.pipeline.redteam.attack import places_of
    from tailorbird.pipeline.redteam.payloads import read_payloads
    from tailorbird.pipeline.redteam.report import as_document, golden_cases, lines, training_examples
    from tailorbird.stages.redteam.mutations import make_cases

    project, campaigns = read_campaigns(target)
    campaign, progress = campaigns[0], progress_for(as_json)
    scratch = ExitStack()
    if current_catalog(project.state_dir) is None and project.settings.imports:
        project = _imported(project, Path(scratch.enter_context(TemporaryDirectory())))
    others = read_payloads(payloads) if payloads is not None else []
    generator = open_model(project, progress, confirm_download(yes)) if model else None
    try:
        attacked = open_target(project, campaign, generator)
        names = sorted({item.name for item in attacked.items.values()})
        made = make_cases(seed, cases, places_of(project, campaign), names, others)
        progress.stage("attack", len(made))
        attempts = [_attack(attacked, case, progress) for case in made]
    finally:
        if generator is not None:
            generator.close()
        scratch.close()
    if keep is not None:
        _add(keep, golden_cases(attempts))
    if export is not None:
        _write(export, training_examples(attempts, project.settings.default_locale[:2]))
    through = sum(bool(one.effects) for one in attempts)
    if as_json:
        print_json({"campaign": campaign.name, "seed": seed, "model": model, **as_document(attempts)})
    else:
        print("\n".join(lines(attempts)))
        print(f"{len(attempts):,} attacks on campaign {campaign.name}: {through:,} got through")
    raise typer.Exit(1 if through else 0)


def _attack(target: "Target", case: "AttackCase", progress: "Progress") -> "Attempt":
    progress.advance(1)
    return target.attack(case)


def _imported(project: "Project", scratch: Path) -> "Project":
    """A copy of a project that has imported nothing yet, with what its own imports bring."""
    from tailorbird.cli.import_files import import_all
    from tailorbird.cli.terminal import Quiet
    from tailorbird.project.project import load_project

    shutil.copytree(project.root, scratch / "project", ignore=shutil.ignore_patterns(".tailorbird", ".git"))
    copy = load_project(scratch / "project")
    import_all(copy, list(copy.settings.imports), None, Quiet())
    return copy


def _add(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Add the rows whose id the file does not have."""
    known = set()
    if path.exists():
        known = {json.loads(line)["id"] for line in path.read_text(encoding="utf-8").splitlines() if line.strip()}
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows if row["id"] not in known)


def _write(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
