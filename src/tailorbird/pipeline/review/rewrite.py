"""Rewriting a line: a new, pending one beside the old, judged before anybody is asked to approve it."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from tailorbird.pipeline import known_lines
from tailorbird.pipeline.review.judge import Judge, ReviewError
from tailorbird.ports.creative_store import CreativeStore
from tailorbird.stages.generation.tags import guess_tags
from tailorbird.stages.review.policy import edit
from tailorbird.types.creative import Creative
from tailorbird.types.slot_text import SlotText


def rewrite_line(
    creatives: CreativeStore,
    old: Creative,
    notes: Mapping[str, Any],
    text: str,
    by: str,
    open_judge: Callable[[], Judge],
) -> tuple[Creative, dict[str, Any]]:
    """The new line and its notes, which name everybody who edited it. Nothing is stored.

    Lines of the project's files are changed there. The judge says what no approval can mend (length, unknown slots,
    phrases the brand never uses, what contradicts a fact): such a text is refused with the finding.
    ReviewError says which.
    """
    if old.rung != "model":
        where = "brand/approved.yaml" if old.rung == "approved" else "templates/…/lines.yaml"
        raise ReviewError(f"a person wrote this line into {where}: change it there")
    if not text.strip() or not text.isprintable():
        raise ReviewError("write the line as it should read: on one line, without invisible characters")
    key = known_lines.creative_id(old.campaign, old.brief_id, old.block, old.locale, text)
    if creatives.get(key) is not None:
        raise ReviewError(f"that text is there already: {key}")
    try:
        edited = edit(old, text, key, guess_tags(SlotText.parse(text)))
    except ValueError as error:
        raise ReviewError(str(error)) from None
    verdict = open_judge()(edited, notes)
    worst = next((found for found in verdict.findings if found.severity == "error"), None)
    if worst is not None:
        told = f"{worst.type} at {worst.span[0]}–{worst.span[1]}: {worst.reason}"
        raise ReviewError(f"{told}; the line stays as it was")
    editors = [*notes.get("editors", ()), by]
    about = {"verdict": asdict(verdict), "edited_from": old.creative_id, "edited_by": by, "editors": editors}
    return edited, {**notes, **about}
