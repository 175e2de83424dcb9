"""tailorbird init: a project folder to begin with."""

import shutil
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer, group: str) -> None:
    """Add the command."""
    app.command("init", rich_help_panel=group)(init)


def init(folder: Annotated[Path, typer.Argument(help="The new folder.")]) -> None:
    """Make a new project from the example shop. Example: tailorbird init my-shop"""
    from tailorbird.project.project import load_project
    from tailorbird.types.errors import TailorbirdError

    if folder.exists() and any(folder.iterdir()):
        raise TailorbirdError(f"{folder} is there already and not empty; choose another folder")
    copy_example(folder)
    (folder / ".gitignore").write_text("# derived state, and the keys\n.tailorbird/\n")
    load_project(folder)
    print(f"{folder}: the Wren example, yours to change. Next: tailorbird check {folder}")


def copy_example(folder: Path) -> None:
    """Copy the example project: from the package, or from a source checkout."""
    from tailorbird.types.errors import TailorbirdError

    here = Path(__file__).resolve().parent.parent
    candidates = (here / "examples" / "wren", here.parent.parent / "examples" / "wren")
    source = next((path for path in candidates if (path / "tailorbird.yaml").exists()), None)
    if source is None:
        raise TailorbirdError("the example project is not in this installation; install tailorbird again")
    ignored = shutil.ignore_patterns(".tailorbird", "__pycache__", "art")
    shutil.copytree(source, folder, ignore=ignored, dirs_exist_ok=True)
