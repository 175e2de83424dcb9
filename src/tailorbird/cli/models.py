"""tailorbird models: the local models, by manifest."""

from typing import Annotated

import typer

models = typer.Typer(help="Local models: list, pull.", no_args_is_help=True, rich_markup_mode=None)
DEFAULT = "qwen2.5-coder-1.5b"


def register(app: typer.Typer, group: str) -> None:
    """Add the command group."""
    app.add_typer(models, name="models", rich_help_panel=group)


@models.command("list")
def list_models(as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False) -> None:
    """List the models there are manifests for, and which are here. Example: tailorbird models list"""
    from tailorbird.adapters.models.manifest import load_manifest, manifest_names, model_path
    from tailorbird.bootstrap import cache_dir
    from tailorbird.cli.terminal import print_json

    rows = []
    for name in manifest_names():
        manifest = load_manifest(name)
        path = model_path(name, cache_dir())
        row = {"name": name, "licence": manifest.licence, "bytes": manifest.size, "sha256": manifest.sha256}
        rows.append({**row, "path": str(path) if path.exists() else None})
    if as_json:
        print_json({"models": rows})
        return
    for row in rows:
        here = row["path"] or "not here; 'tailorbird models pull' fetches it"
        print(f"{row['name']}  {row['licence']}  {int(str(row['bytes'])) / 1e6:,.0f} MB  {here}")


@models.command()
def pull(
    name: Annotated[str, typer.Argument(help="The model's name.")] = DEFAULT,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Fetch a model and verify its SHA-256. Example: tailorbird models pull --yes"""
    from tailorbird.adapters.models.pull import pull_model
    from tailorbird.bootstrap import cache_dir
    from tailorbird.cli.terminal import Terminal, confirm_download

    print(pull_model(name, cache_dir(), Terminal(), confirm_download(yes)))
