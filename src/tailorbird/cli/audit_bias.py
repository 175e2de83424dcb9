"""tailorbird audit bias: do a person's attributes change what the person gets?"""

import json
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tailorbird.cli.report_page import ReportError, write_page
from tailorbird.types.errors import TailorbirdError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tailorbird.ports.progress import Progress
    from tailorbird.project.project import Project
    from tailorbird.stages.fairness.audit_result import BiasAudit
    from tailorbird.types.campaign import Campaign

CONTEXTS, CONTEXTS_MAX = 200, 2_000
SIMULATED = 2_000
"""Customers that are made up for a simulated project that has none yet."""


def register(app: typer.Typer, group: str) -> None:
    """Add the command to the group `audit`, which is there already."""
    from tailorbird.cli.audit import audit

    audit.command("bias")(bias)


def bias(
    target: Annotated[
        list[str] | None, typer.Argument(help="The project folder, and a campaign (default: all).")
    ] = None,
    contexts: Annotated[
        int, typer.Option(min=1, max=CONTEXTS_MAX, help="How many people's situations each persona is put into.")
    ] = CONTEXTS,
    seed: Annotated[int, typer.Option(help="Seed of the contexts, the values and the tests.")] = 0,
    personas: Annotated[
        Path | None, typer.Option(help="Attributes and groups of your own (default: policies/bias.yaml).")
    ] = None,
    names: Annotated[
        Path | None, typer.Option(help="A file of names (name, ethnicity, gender …) or of descriptors (JSON).")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(help="The moment of the run, where the step is not decided yet (default: as in run).")
    ] = None,
    step: Annotated[str | None, typer.Option(help="The step to audit.")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Where to write the HTML.")] = None,
    fail: Annotated[bool, typer.Option("--fail", help="Exit with 1 if there is anything to look at.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Swap names, descriptors and proxies, and compare what comes out. Example: tailorbird audit bias examples/wren

    Real people's situations go through the real pipeline, with one attribute changed at a time; what was delivered is
    compared by group as well. Writes one HTML file that a lawyer can read; changes nothing else in the project.
    """
    from tailorbird.cli.target import read_campaigns
    from tailorbird.cli.terminal import print_json, progress_for

    project, campaigns = read_campaigns(target, step)
    if out is not None and len(campaigns) > 1:
        raise ReportError("--out is for the report of one campaign; name the campaign, or leave --out out")
    progress = progress_for(as_json)
    with _with_customers(project, campaigns, seed, progress) as audited_project:
        asked = (contexts, seed, personas, names, as_of, progress)
        audits, unheld = _audit_all(audited_project, campaigns, *asked)
    paths = [write_bias_report(project, audited, out) for audited in audits]
    if as_json:
        told = [{**audit_json(audited), "report": str(path)} for audited, path in zip(audits, paths, strict=True)]
        print_json(told[0] if len(campaigns) == 1 else {"campaigns": told, "not_audited": unheld})
    else:
        for audited, path in zip(audits, paths, strict=True):
            say(audited, len(campaigns) > 1)
            print(f"report: {path}")
        for campaign, reason in unheld.items():
            print(f"{campaign}: not audited: {reason}")
    if fail and not all(audited.clean for audited in audits):
        raise typer.Exit(1)


def _audit_all(
    project: "Project", campaigns: "Sequence[Campaign]", *asked: Any
) -> "tuple[list[BiasAudit], dict[str, str]]":
    """The audits, and why campaigns were not audited: of several, one without an audience does not stop the others."""
    from tailorbird.pipeline.select_people import EmptyAudienceError

    audits, unheld = [], {}
    for campaign in campaigns:
        try:
            audits.append(run_audit(project, campaign, *asked))
        except EmptyAudienceError as error:
            if len(campaigns) == 1:
                raise
            unheld[campaign.name] = str(error)
    if not audits:
        raise TailorbirdError("; ".join(f"{name}: {reason}" for name, reason in unheld.items()))
    return audits, unheld


@contextmanager
def _with_customers(
    project: "Project", campaigns: "Sequence[Campaign]", seed: int, progress: "Progress"
) -> "Iterator[Project]":
    """The project; in place of a simulated one without events a copy with simulated customers, for a while."""
    import shutil
    import tempfile

    from tailorbird import bootstrap
    from tailorbird.cli.import_files import import_all
    from tailorbird.cli.simulate import make_people, moment_of
    from tailorbird.project.project import load_project
    from tailorbird.stages.events.segment_wire import read_event
    from tailorbird.testing.simulator.history import history_events

    log = bootstrap.open_log(project)
    try:
        empty = not log.seal()
    finally:
        log.close()
    if not (empty and project.settings.simulated and campaigns[0].as_of):
        yield project
        return
    progress.say(f"there are no events yet: {SIMULATED:,} simulated customers stand in, for this audit alone")
    with tempfile.TemporaryDirectory(prefix="tailorbird-") as folder:
        root = Path(folder) / "project"
        shutil.copytree(project.root, root, ignore=shutil.ignore_patterns(".tailorbird"))
        copy = load_project(root)
        import_all(copy, list(copy.settings.imports), None, progress)
        wire = history_events(make_people(copy, SIMULATED, seed))
        received = moment_of(campaigns[0])
        log = bootstrap.open_log(copy)
        log.append_lines([read_event(e["type"], json.dumps(e).encode(), received).events for e in wire])
        log.close()
        yield copy


def run_audit(
    project: "Project",
    campaign: "Campaign",
    contexts: int,
    seed: int,
    personas: Path | None,
    names: Path | None,
    as_of: str | None,
    progress: "Progress",
) -> "BiasAudit":
    """Open everything, audit, and close what was opened."""
    from tailorbird import bootstrap
    from tailorbird.cli.target import read_moment
    from tailorbird.pipeline.fairness.audit_bias import audit_bias
    from tailorbird.pipeline.fairness.names_file import read_names
    from tailorbird.project.bias_file import BIAS_FILE, read_bias

    if personas is not None and not personas.exists():
        raise TailorbirdError(f"there is no file {personas}; check the path, or leave --personas out")
    policy = read_bias(personas or project.root / BIAS_FILE, project.features)
    warehouse, few = bootstrap.open_warehouse(project), bootstrap.open_warehouse(project)
    given = read_names(names, few) if names is not None else []
    moment = read_moment(as_of, project, campaign, bootstrap.open_clock().now())
    state, log = bootstrap.open_state(project), bootstrap.open_log(project)
    try:
        return audit_bias(
            project, campaign, moment, policy, given, state, log, warehouse, few, bootstrap.open_keys(project),
            progress, contexts, seed,
        )  # fmt: skip
    finally:
        log.close()


def write_bias_report(project: "Project", audited: "BiasAudit", out: Path | None = None) -> Path:
    """Write the HTML page; its path. ReportError: it cannot be written there."""
    from tailorbird.web.bias.page import render_bias

    path = out or project.state_dir / "reports" / f"{audited.campaign}-bias.html"
    return write_page(path, render_bias(audited), "--out")


def audit_json(audited: "BiasAudit") -> dict[str, Any]:
    """The audit as one JSON object: the verdict first, then everything behind it."""
    from tailorbird.web.bias.sentences import verdict_sentence

    found = asdict(audited)
    for of, attribute in zip(found["attributes"], audited.attributes, strict=True):
        of["findings"] = len(attribute.findings)
        of["differing"], of["pairs"] = attribute.passage.differing, attribute.passage.pairs
    verdict = {"clean": audited.clean, "sentence": verdict_sentence(audited), "findings": len(audited.findings)}
    whole: dict[str, Any] = _without_odd({**verdict, "leaks": audited.leaks, **found})
    return whole


def _without_odd(node: Any) -> Any:
    """The same without numbers that JSON does not have: an infinite or unknown one is null."""
    if isinstance(node, dict):
        return {key: _without_odd(value) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [_without_odd(value) for value in node]
    return None if isinstance(node, float) and node - node != 0 else node


def say(audited: "BiasAudit", named: bool = False) -> None:
    """The audit on the terminal: the verdict, a line for each attribute, and every finding."""
    from tailorbird.web.bias.sentences import attribute_sentence, finding_sentence, verdict_sentence

    whose = f"{audited.campaign}: " if named else ""
    print(f"{whose}{'(simulated) ' if audited.simulated else ''}{verdict_sentence(audited)}")
    for attribute in audited.attributes:
        print(f"  {attribute.attribute.name}: {attribute_sentence(attribute)}")
    for finding in audited.findings:
        print(f"  look at: {finding_sentence(finding, audited.currency)}")
    for note in audited.notes:
        print(f"  note: {note}")
