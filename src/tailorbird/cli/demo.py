"""tailorbird demo: the Wren shop's win-back campaign, from import to learned policy."""

import json
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from tailorbird.project.project import Project
    from tailorbird.types.campaign import Campaign

CAMPAIGN = "win_back"
SHOWN = 10


def register(app: typer.Typer, group: str) -> None:
    """Add the command."""
    app.command("demo", rich_help_panel=group)(demo)


def demo(
    folder: Annotated[Path, typer.Option("--into", help="Where the demo project is put.")] = Path("tailorbird-demo"),
    no_model: Annotated[
        bool, typer.Option("--no-model", help="Use approved lines only; nothing is downloaded.")
    ] = False,
    world: Annotated[str, typer.Option(help="planted: messages have an effect; null: they have none.")] = "planted",
    people: Annotated[int, typer.Option(help="How many simulated customers.")] = 5000,
    seed: Annotated[int, typer.Option(help="Seed of the simulated world.")] = 7,
) -> None:
    """Run the whole pipeline on the example shop with simulated customers. Example: tailorbird demo --no-model

    Ctrl-C at any point, then the same command: it goes on, and nothing is sent twice.
    """
    from tailorbird.cli.import_files import import_all
    from tailorbird.cli.run import run_steps
    from tailorbird.cli.simulate import answer_messages, make_people, moment_of, send_history, truth_line
    from tailorbird.cli.terminal import Terminal
    from tailorbird.types.errors import TailorbirdError

    if world not in ("planted", "null"):
        raise TailorbirdError("--world is planted or null")
    began, progress = time.monotonic(), Terminal()
    options = {"no_model": no_model, "world": world, "people": people, "seed": seed}
    project = _open(folder, options, progress)
    campaign = project.campaign(CAMPAIGN)
    progress.say(f"The Wren shop is in {folder}. Every customer in it is simulated: nothing here is evidence.")
    if no_model:
        progress.say("No model: approved lines only.")
    else:
        _pull(project, progress)
    import_all(project, list(project.settings.imports), None, progress)
    made = make_people(project, people, seed)
    sent = send_history(project, campaign, made, progress)
    progress.say(f"history   {sent:,} events of {people:,} simulated customers, over HTTP")
    details = run_steps(project, campaign, moment_of(campaign).isoformat(), progress, no_model, True, 0)
    gallery = _gallery(project, campaign, progress)
    truth = answer_messages(project, campaign, made, "planted" if world == "planted" else "null", progress)
    progress.say(truth_line(truth))
    _finish(project, campaign, details, gallery, progress)
    (project.state_dir / "demo-finished").write_text(json.dumps(options))
    progress.say(f"done in {time.monotonic() - began:.0f} s")


def _open(folder: Path, options: dict[str, Any], progress: Any) -> "Project":
    """The demo project: resumed if it was interrupted with the same options, else made afresh."""
    from tailorbird.cli.init import copy_example
    from tailorbird.project.project import load_project
    from tailorbird.types.errors import TailorbirdError

    state, begun = folder / ".tailorbird", folder / ".tailorbird" / "demo.json"
    if (state / "demo-finished").exists():
        progress.say(f"the demo in {folder} was finished: starting it afresh")
    if folder.exists() and any(folder.iterdir()) and not begun.exists():
        raise TailorbirdError(f"{folder} is no demo folder of ours; choose another with --into")
    same = begun.exists() and begun.read_text() == json.dumps(options)
    if same and not (state / "demo-finished").exists():
        progress.say("resuming the demo that was interrupted")
        return load_project(folder)
    # Built beside and renamed, so that an interruption leaves no half-copied project behind.
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    copy_example(fresh)
    if folder.exists() and _is_changed(folder, fresh):
        kept = next(path for n in range(1, 1000) if not (path := folder.with_name(f"{folder.name}-kept-{n}")).exists())
        folder.rename(kept)
        progress.say(f"files of {folder} were changed: that project is kept in {kept}")
    elif folder.exists():
        shutil.rmtree(folder)
    (fresh / ".tailorbird").mkdir()
    (fresh / ".tailorbird" / begun.name).write_text(json.dumps(options))
    fresh.rename(folder)
    return load_project(folder)


def _is_changed(folder: Path, example: Path) -> bool:
    """Whether somebody has edited or added a file of the demo project; what is derived does not count."""

    def files(root: Path) -> dict[Path, bytes]:
        found = (path for path in root.rglob("*") if path.is_file())
        return {p.relative_to(root): p.read_bytes() for p in found if p.relative_to(root).parts[0] != ".tailorbird"}

    return files(folder) != files(example)


def _pull(project: "Project", progress: Any) -> None:
    from tailorbird.bootstrap import fetch_model
    from tailorbird.cli.terminal import confirm_download

    if project.settings.generator.adapter == "llama_cpp":
        fetch_model(project.settings.generator.model, progress, confirm_download(True))


def _gallery(project: "Project", campaign: "Campaign", progress: Any) -> Path:
    """Write the gallery of ten finished messages and show their subjects; its path."""
    from tailorbird.bootstrap import open_state
    from tailorbird.cli.gallery import write_gallery

    path, subjects = write_gallery(project, campaign, open_state(project), SHOWN)
    progress.say(f"{len(subjects)} of the finished messages:")
    for message_id, subject, rung in subjects:
        progress.say(f"  {message_id}  {subject}  [{rung}]")
    return path


def _finish(project: "Project", campaign: "Campaign", details: dict[str, Any], gallery: Path, progress: Any) -> None:
    from tailorbird.cli.report import counts_line, read, write_report
    from tailorbird.cli.teach import teach

    generated, stitched = details.get("generate", {}), details.get("stitch", {})
    rejected = generated.get("rejected_examples", [])[:3]
    if rejected:
        progress.say("three drafts that were rejected:" if len(rejected) == 3 else "drafts that were rejected:")
        for example in rejected:
            progress.say(f"  {example['text']!r}: {example['finding']}")
    progress.stage("report")
    readout = read(project, campaign, None)
    learned = teach(project, campaign, readout)
    path = write_report(project, readout)
    messages = stitched.get("messages", 0)
    calls, cached = generated.get("model_calls", 0), generated.get("cached", 0)
    progress.say(
        f"cost: {calls} model calls and {cached} answers from the cache for {messages:,} messages "
        f"({(calls + cached) / max(messages, 1):.4f} per message), "
        f"{generated.get('cost_micros', 0) / 1e6:.4f} {project.settings.currency}"
    )
    progress.say(f"result (simulated): {readout.sentence}")
    progress.say(f"  {counts_line(readout)}")
    _say_shift(project, campaign, learned, readout.verdict, progress)
    shown = _relative(project)
    progress.say(f"report    {path}")
    progress.say(f"gallery   {gallery}")
    progress.say(f"outbox    {project.state_dir / 'outbox'}")
    progress.say(f"lineage   tailorbird trace MESSAGE_ID {shown}")


def _say_shift(project: "Project", campaign: "Campaign", learned: dict[str, Any], verdict: str, progress: Any) -> None:
    """How the choice of a subject line shifts from this run to the next, for the lines that everybody may get."""
    from collections import Counter

    from tailorbird.bootstrap import open_state
    from tailorbird.pipeline.policies import read_learned
    from tailorbird.stages.decisions.slate import arm_seed, leading_arms

    state, locale = open_state(project), project.settings.default_locale
    for_some = {line.text for line in project.brand.approved if line.families or "person." in line.text}
    lines = [
        c
        for c in state.creatives.find(campaign.name, "approved")
        if c.block == "subject" and c.locale == locale and c.rung == "approved" and c.text not in for_some
    ]
    policy, lessons = read_learned(campaign, state).policy(campaign.policy)
    if not learned["changed"] or len(lines) < 2:
        return
    seed = arm_seed(campaign.name, policy.version, "subject", "", locale)
    after = leading_arms(lines, policy, lessons, campaign.policy.arms_max, seed)
    ids = {line.creative_id for line in lines}
    shown = Counter(p.creative_id for d in state.decisions.find(campaign.name) for p in d.slate if p.creative_id in ids)
    total = max(sum(shown.values()), 1)
    texts = {line.creative_id: line.text for line in lines}
    gains = sorted(texts, key=lambda key: after.get(key, 0.0) - shown[key] / total)
    progress.say(
        f"next run  policy {policy.version}, learned from {learned['arms']} lines, shifts the approved subjects:"
    )
    if verdict != "better":
        progress.say("  (no effect is shown, so this shift may be noise)")
    for word, key in (("more", gains[-1]), ("less", gains[0])):
        progress.say(f"  {word}:   {shown[key] / total:.0%} → {after.get(key, 0.0):.0%}  {texts[key]}")


def _relative(project: "Project") -> str:
    try:
        return str(project.root.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(project.root)
