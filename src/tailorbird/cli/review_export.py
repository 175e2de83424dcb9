"""tailorbird review pairs, key and keys: edits as training pairs, and keys of the review API."""

from pathlib import Path
from typing import Annotated

import typer

Project = Annotated[list[str] | None, typer.Argument(help="The project folder (default: this one).")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


def register(review: typer.Typer) -> None:
    """Add the commands."""
    for command in (pairs, key, keys):
        review.command()(command)


def pairs(
    out: Annotated[Path, typer.Option(help="The JSON Lines file to write.")],
    target: Project = None,
    names: Annotated[bool, typer.Option(help="Reviewers by name, not by pseudonym.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write edits and rejections as training pairs. Example: tailorbird review pairs examples/wren --out pairs.jsonl"""
    import json
    import os

    from tailorbird.bootstrap import open_masker, open_recorder, open_state
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json
    from tailorbird.pipeline.review.pairs import training_rows
    from tailorbird.types.errors import TailorbirdError

    project = read_target(target)[0]
    state = open_state(project)
    rows = list(training_rows(project, state.creatives, state.review_record, open_masker(project), names))
    counts = {kind: sum(row["kind"] == kind for row in rows) for kind in ("edit", "reject")}
    temporary = out.with_name(f".{out.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        os.replace(temporary, out)
    except OSError as error:
        raise TailorbirdError(f"{out}: cannot be written: {error.strerror}") from None
    open_recorder(project).record("training pairs exported", "training", str(out), rows=len(rows))
    if as_json:
        print_json({"file": str(out), "rows": len(rows), **counts})
    else:
        print(f"{out}: {len(rows):,} rows, {counts['edit']:,} of edits and {counts['reject']:,} of rejections")


def key(
    name: Annotated[str, typer.Argument(help="The person that the key stands for.")],
    target: Project = None,
    role: Annotated[
        list[str] | None, typer.Option(help="A role that the key gives, one of the person's; may be given again.")
    ] = None,
    revoke: Annotated[bool, typer.Option(help="End all keys of the person instead.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make a reviewer's key for the HTTP API; it is told once. Example: tailorbird review key ana --role legal"""
    from tailorbird.bootstrap import open_clock, open_recorder, open_reviewer_keys
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json
    from tailorbird.pipeline.review.keys import make_key, revoke_keys

    project = read_target(target)[0]
    store, recorder, now = open_reviewer_keys(project), open_recorder(project), open_clock().now()
    if revoke:
        ended = revoke_keys(store, recorder, name, now)
        if as_json:
            print_json({"name": name, "revoked": ended})
        else:
            print(f"{ended} keys of {name} hold no longer")
        return
    made, kept = make_key(project, store, recorder, name, role or (), now)
    if as_json:
        print_json({"name": kept.name, "roles": list(kept.roles), "key": made})
        return
    print(made)
    typer.echo(
        f"this is the only time that it is shown: {kept.name} sends it as 'Authorization: Bearer …' to /v1/review, as "
        f"{', '.join(kept.roles) or 'reviewer'}",
        err=True,
    )


def keys(target: Project = None, as_json: AsJson = False) -> None:
    """List whose keys there are. Example: tailorbird review keys examples/wren"""
    from dataclasses import asdict

    from tailorbird.bootstrap import open_reviewer_keys
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json

    found = open_reviewer_keys(read_target(target)[0]).every()
    if as_json:
        print_json({"keys": [{**asdict(one), "digest": one.digest[:16]} for one in found]})
        return
    for one in found:
        ended = f"  revoked {one.revoked_at[:16]}" if one.revoked_at else ""
        print(f"{one.digest[:16]}  {one.name}  {', '.join(one.roles) or 'reviewer'}  made {one.made_at[:16]}{ended}")
    print(f"{sum(not one.revoked_at for one in found)} keys hold")
