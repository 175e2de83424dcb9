"""tailorbird audit: verify the audit log, read it, prove what it says; and audits of what goes out."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from tailorbird.types.audit import AuditRow, TreeHead

audit = typer.Typer(
    help="Audits: of a text, of bias; and the audit log: verify, list, prove, check a proof.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Target = Annotated[list[str] | None, typer.Argument(help="The project folder (default: this one).")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
Head = Annotated[Path | None, typer.Option("--head", help="A file of heads that was kept elsewhere.")]
_SHOWN = 100


def register(app: typer.Typer, group: str) -> None:
    """Add the command group."""
    app.add_typer(audit, name="audit", rich_help_panel=group)


@audit.command()
def verify(target: Target = None, head: Head = None, as_json: AsJson = False) -> None:
    """Recompute everything and say what was changed. Example: tailorbird audit verify --head heads.jsonl

    Exit code 1 if an entry was altered, removed, put in or moved, or if a head does not fit.
    """
    from dataclasses import asdict

    from tailorbird import bootstrap
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json
    from tailorbird.pipeline.verify_audit import verify_audit

    project, _ = read_target(target)
    witness = bootstrap.open_witness(project)
    trusted = _heads(head) if head else []
    report = verify_audit(bootstrap.open_audit(project), witness.leaves(), witness.heads(), trusted)
    if as_json:
        print_json({"sound": report.sound, **asdict(report)})
    else:
        for finding in report.findings:
            print(f"{finding.problem:<9} {finding.detail}")
        state = "sound" if report.sound else "NOT SOUND"
        print(f"{state}: {report.entries:,} entries, {report.heads:,} heads, root {report.root}")
        if report.witnessed is None and report.entries:
            print("there is no second record here: entries that are gone with their heads would not be missed")
    if not report.sound:
        raise typer.Exit(1)


@audit.command("list")
def list_entries(
    target: Target = None,
    person: Annotated[str | None, typer.Option("--person", help="Only what is about this person.")] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="Only entries of this kind.")] = None,
    as_json: AsJson = False,
) -> None:
    """List entries, the newest last. Example: tailorbird audit list --person c00290"""
    from itertools import islice

    from tailorbird import bootstrap
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json

    log = bootstrap.open_audit(read_target(target)[0])
    rows = (row for row in log.rows(person) if kind in (None, row.kind))
    if as_json:
        print_json({"entries": [_told(row, log.read(row)) for row in rows]})
        return
    for row in islice(rows, _SHOWN):
        print(f"{row.position:>8}  {row.at}  {row.kind:<12}  {_shown(row, log.read(row))}")
    if next(rows, None) is not None:
        print(f"the first {_SHOWN}; --json gives all")


def _told(row: "AuditRow", detail: Any) -> dict[str, Any]:
    readable = {"position": row.position, "at": row.at, "kind": row.kind, "entry": row.entry_id, "leaf": row.leaf.hex()}
    return {**readable, "detail": detail, "erased": detail is None}


def _shown(row: "AuditRow", detail: Any) -> str:
    if detail is None:
        return "(erased: the person's key was destroyed)"
    words = [f"{name} {value}" for name, value in detail.items() if isinstance(value, str) and value]
    return "; ".join(words)[:160]


@audit.command()
def head(target: Target = None, as_json: AsJson = False) -> None:
    """Print the newest head, to be kept elsewhere. Example: tailorbird audit head --json >> /mnt/vault/heads.jsonl"""
    import json
    from dataclasses import asdict

    from tailorbird import bootstrap
    from tailorbird.cli.target import read_target
    from tailorbird.types.errors import TailorbirdError

    heads = bootstrap.open_audit(read_target(target)[0]).heads()
    if not heads:
        raise TailorbirdError("the audit log is empty: nothing was decided, sent or reviewed yet")
    newest = heads[-1]
    print(json.dumps(asdict(newest)) if as_json else f"{newest.size:,} entries at {newest.at}: {newest.root}")


@audit.command()
def prove(
    target: Annotated[
        list[str] | None, typer.Argument(help="The entry's position, as `audit list` shows it, and the project folder.")
    ] = None,
    since: Annotated[int | None, typer.Option("--since", help="Prove that the log only grew since this size.")] = None,
) -> None:
    """Prove that an entry is in the log, or that the log only grew. Example: tailorbird audit prove 17 > proof.json"""
    from tailorbird import bootstrap
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json
    from tailorbird.stages.audit.entries import row_leaf
    from tailorbird.stages.audit.proofs import ProofError, prove_entry, prove_growth

    project, entry = read_target(target)
    if (entry is None) == (since is None):
        raise ProofError("name an entry's position, or --since SIZE")
    rows = list(bootstrap.open_audit(project).rows())
    leaves, at = [row_leaf(row) for row in rows], rows[-1].at if rows else ""
    if since is not None:
        print_json(prove_growth(since, leaves, at))
        return
    row = next((row for row in rows if str(row.position) == entry), None)
    if row is None:
        raise ProofError(f"there is no entry {entry}; the log has {len(rows):,}, from 0")
    print_json(prove_entry(row, leaves, at))


@audit.command("check-proof")
def check_proof(file: Path, head: Head = None) -> None:
    """Check a proof without the log. Example: tailorbird audit check-proof proof.json --head heads.jsonl"""
    import json

    from tailorbird.stages.audit import proofs

    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise proofs.ProofError(f"{file}: this is no JSON: {error}") from None
    heads = _heads(head) if head else []
    fitting = [known for known in heads if known.size == _size_of(document)]
    if heads and not fitting:
        raise proofs.ProofError(f"{head} knows no head of {_size_of(document)} entries")
    print(proofs.check_proof(document, fitting[-1] if fitting else None))


def _size_of(document: Any) -> Any:
    head = document.get("head") if isinstance(document, dict) else None
    return head.get("size") if isinstance(head, dict) else None


def _heads(path: Path) -> "list[TreeHead]":
    from tailorbird.adapters.sql.audit_witness import read_heads
    from tailorbird.types.errors import TailorbirdError

    try:
        return read_heads(path)
    except ValueError as error:
        raise TailorbirdError(str(error)) from None
