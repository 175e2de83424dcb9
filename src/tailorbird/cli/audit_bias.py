"""tailorbird audit bias: do a person's attributes change what the person gets?"""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tailorbird.types.errors import TailorbirdError

if TYPE_CHECKING:
    from tailorbird.ports.progress import Progress
    from tailorbird.project.project import Project
    from tailorbird.stages.fairness.audit_result import BiasAudit
    from tailorbird.types.campaign import Campaign

CONTEXTS, CONTEXTS_MAX = 200, 2_000


class BiasReportError(TailorbirdError):
    """A report that cannot be written; the message names the file and the mend."""


def register(app: typer.Typer, group: str) -> None:
    """Add the command to the group `audit`, which is there already."""
    from tailorbird.cli.audit import audit

    audit.command("bias")(bias)


def bias(
    target: Annotated[list[str] | None, typer.Argument(help="The project folder and the campaign's name.")] = None,
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
    from tailorbird.cli.target import read_campaign
    from tailorbird.cli.terminal import print_json, progress_for

    project, campaign = read_campaign(target, step)
    audited = run_audit(project, campaign, contexts, seed, personas, names, as_of, progress_for(as_json))
    path = write_bias_report(project, audited, out)
    if as_json:
        print_json({**audit_json(audited), "report": str(path)})
    else:
        say(audited)
        print(f"report: {path}")
    if fail and not audited.clean:
        raise typer.Exit(1)


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
    """Write the HTML page; its path. BiasReportError: it cannot be written there."""
    from tailorbird.web.bias.page import render_bias

    path = out or project.state_dir / "reports" / f"{audited.campaign}-bias.html"
    page = render_bias(audited)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        reason = error.strerror or str(error)
        raise BiasReportError(
            f"the report cannot be written to {path}: {reason}; name another file with --out"
        ) from None
    return path


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


def say(audited: "BiasAudit") -> None:
    """The audit on the terminal: the verdict, a line for each attribute, and every finding."""
    from tailorbird.web.bias.sentences import attribute_sentence, finding_sentence, verdict_sentence

    print(f"(simulated) {verdict_sentence(audited)}" if audited.simulated else verdict_sentence(audited))
    for attribute in audited.attributes:
        print(f"  {attribute.attribute.name}: {attribute_sentence(attribute)}")
    for finding in audited.findings:
        print(f"  look at: {finding_sentence(finding, audited.currency)}")
    for note in audited.notes:
        print(f"  note: {note}")
