"""A line under review on the terminal: as it reads, with carets below what was found, and what people said of it."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from tailorbird.pipeline.state import State
    from tailorbird.project.project import Project
    from tailorbird.types.review import Mark, QueuedLine, Rendering, ReviewAct

_BOLD_RED, _PLAIN = "\x1b[1;31m", "\x1b[0m"
_INDENT = 2


def marked(rendering: "Rendering", live: bool | None = None) -> Iterator[str]:
    """The rendered line and message as lines of text; `live` colours what was found (default: where a terminal is)."""
    live = sys.stdout.isatty() if live is None else live
    for line in rendering.lines:
        yield f"as it reads, {line.values}:"
        yield from _text(line.text, line.marks, live)
    message = rendering.message
    if message.problem:
        yield f"no whole message: {message.problem}"
        return
    yield f"in a whole message about {message.item_id}, to {message.person or 'a reader'}:"
    for fault in message.faults:
        yield f"  replaced: {fault}"
    if message.line is not None:
        yield from _text(message.line.text, message.line.marks, live)
    yield f"  | Subject: {_plain(message.subject)}"
    yield "  |"
    for row in message.text.splitlines():
        yield f"  | {_plain(row)}".rstrip()


def _text(text: str, marks: "Sequence[Mark]", live: bool) -> Iterator[str]:
    from tailorbird.stages.review.marks import underline

    shown, carets = _plain(text), underline(text, marks)
    if live and carets:
        pieces = [
            f"{_BOLD_RED}{c}{_PLAIN}" if mark == "^" else c
            for c, mark in zip(shown, carets.ljust(len(shown)), strict=False)
        ]
        yield " " * _INDENT + "".join(pieces)
    else:
        yield " " * _INDENT + shown
        if carets:
            yield " " * _INDENT + carets
    for mark in marks:
        where = f"at {mark.start}–{mark.end}" if mark.end > mark.start else "as a whole"
        told = f"{mark.severity}: {mark.type or mark.check} {where}: {mark.reason}"
        told += f" ({mark.evidence})" if mark.evidence and mark.evidence not in mark.reason else ""
        yield " " * _INDENT + _plain(told + (f"; write {mark.repair!r}" if mark.repair is not None else ""))


def _plain(text: str) -> str:
    """One character for each, so that carets stay below theirs, and none on which a terminal would act."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def history(acts: "Sequence[ReviewAct]", reviews: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Everything that became of a line, oldest first: what people did, and what policy and the catalog did."""
    told = {(act.at, act.by) for act in acts}
    rows = [(act.at, f"{act.act}{f' ({act.role})' if act.role else ''} by {act.by}: {act.text}") for act in acts]
    for entry in reviews:
        if (entry["at"], entry["by"]) not in told:
            rows.append((str(entry["at"]), f"{entry['approval']} by {entry['by']}: {entry['reason']}"))
    for at, text in sorted(rows):
        yield f"  {at[:16]} {_plain(text)}".rstrip(": ")


def summary(line: "QueuedLine") -> str:
    """A line of the queue in two lines: what it says, and why it is there."""
    from tailorbird.cli.terminal import printable

    creative, entry = line.creative, line.entry
    where = f"{creative.campaign}/{creative.block}/{creative.locale}"
    needs = f"needs {', '.join(entry.needs)}" if entry.state == "waiting" else "in use, to look at afterwards"
    told = f"; {entry.detail}" if entry.detail else ""
    asked = f"; asked: {entry.assigned}" if entry.assigned else ""
    return (
        f"{creative.creative_id}  {where}  {creative.rung}  {printable(creative.text)}\n"
        f"    {', '.join(entry.reasons)}: {needs}{asked}; due {entry.due_at[:16]}{told}"
    )


def tell_line(
    project: "Project", state: "State", creative_id: str, html: "Path | None" = None, as_json: bool = False
) -> None:
    """Print one line: its text, why it is in the queue, how it reads, and what people said."""
    from dataclasses import asdict

    from tailorbird.bootstrap import open_desk, open_renderer
    from tailorbird.cli.terminal import print_json, printable

    line = open_desk(project, state).line(creative_id)
    creative, entry = line.creative, line.entry
    notes = (state.creatives.get(creative_id) or (creative, {}))[1]
    acts, reviews = state.review_record.acts(creative_id), state.creatives.reviews(creative_id)
    rendering = open_renderer(project, state).render(creative)
    if html is not None:
        _write_html(project, rendering, html)
    if as_json:
        shown: dict[str, Any] = asdict(rendering)
        shown["message"].pop("raw")
        print_json(
            {**asdict(creative), "usable": creative.usable, "notes": notes, "reviews": reviews, "queue": asdict(entry),
             "acts": [asdict(act) for act in acts], "rendering": shown}
        )  # fmt: skip
        return
    where = f"{creative.campaign}/{creative.block}/{creative.locale}"
    told = f"{creative.approval}{'' if creative.usable else ' (not usable)'}"
    print(f"{printable(creative.text)}\n  {where}, rung {creative.rung}, version {creative.version}, "
          f"hash {creative.content_hash[:12]}: {told}")  # fmt: skip
    if entry.state != "done":
        print("  " + summary(line).split("\n")[1].strip())
    if creative.rung == "model" and notes.get("prompt"):
        print(f"  prompt {notes['prompt']}, model {(notes.get('model') or {}).get('name', '')}")
    for text in (*marked(rendering), *history(acts, reviews)):
        print(text)


def _write_html(project: "Project", rendering: "Rendering", path: "Path") -> None:
    """The whole message as a page on which nothing runs, loads or can be clicked."""
    from tailorbird.pipeline.review.judge import ReviewError
    from tailorbird.web.gallery.page import render_gallery

    if rendering.message.problem:
        raise ReviewError(f"there is no message to write: {rendering.message.problem}")
    images = project.root / project.settings.catalog.images
    page = render_gallery([rendering.message.raw], f"{project.brand.name}: review", images)
    path.write_text(page, encoding="utf-8")
