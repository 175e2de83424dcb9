"""Lines that people wrote: the brand's approved lines and the template's own, judged and made ready to be chosen."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from tailorbird.ports.creative_store import CreativeStore
from tailorbird.stages.review.policy import content_hash
from tailorbird.stages.validation.draft import judge_draft
from tailorbird.types.brand import Brand
from tailorbird.types.brief import Limits, Slot
from tailorbird.types.campaign import BlockSpec
from tailorbird.types.creative import Creative
from tailorbird.types.draft import Rung
from tailorbird.types.slot_text import SlotText
from tailorbird.types.verdict import Finding, Verdict

# Who approved a line that stands in the project's files: whoever may change them.
BRAND_FILE = "brand file"
Samples = Callable[[Sequence[str], str], Mapping[str, tuple[str, ...]]]
Rows = Callable[[str], Sequence[Mapping[str, str]]]


def no_rows(locale: str) -> Sequence[Mapping[str, str]]:
    """No items are known: lengths are judged with the extremes of each slot."""
    return ()


def creative_id(campaign: str, brief_id: str, block: str, locale: str, text: str) -> str:
    """'c_' and 24 hex digits: the same line in the same place has the same id in every run."""
    content = "\x1f".join((campaign, brief_id, block, locale, text))
    return "c_" + hashlib.sha256(content.encode()).hexdigest()[:24]


def known_lines(
    campaign: str, brand: Brand, blocks: Mapping[str, BlockSpec], template_lines: Mapping[str, Mapping[str, str]]
) -> list[tuple[Rung, str, str, str, dict[str, str]]]:
    """(rung, block, locale, text, tags) of every line that this campaign may use and that a person wrote."""
    lines: list[tuple[Rung, str, str, str, dict[str, str]]] = [
        ("approved", line.block, line.locale, line.text, {**line.tags, "line": line.id})
        for line in brand.approved
        if line.block in blocks and (not line.campaigns or campaign in line.campaigns)
    ]
    for block in blocks:
        for locale, text in sorted(template_lines.get(block, {}).items()):
            lines.append(("template", block, locale, text, {}))
    return lines


def current_ids(
    campaign: str, brand: Brand, blocks: Mapping[str, BlockSpec], template_lines: Mapping[str, Mapping[str, str]]
) -> set[str]:
    """The ids of the lines that the project's files hold now: one that was deleted there must not be chosen again."""
    lines = known_lines(campaign, brand, blocks, template_lines)
    return {creative_id(campaign, "", block, locale, text) for _, block, locale, text, _ in lines}


def register_lines(
    campaign: str,
    brand: Brand,
    blocks: Mapping[str, BlockSpec],
    template_lines: Mapping[str, Mapping[str, str]],
    samples: Samples,
    creatives: CreativeStore,
    rows: Rows = no_rows,
) -> list[dict[str, Any]]:
    """Save each known line as an approved creative, and return those that break a hard limit: they are not used.

    `samples(slots, locale)` gives awkward values, `rows(locale)` the slot values of every item. A line that is in the
    store already keeps its state there: a person may have rejected it since. Lines that need a person's look are
    saved pending: one that holds a phrase which the brand only denies ('no hurry'), and one whose `id` a person has
    rejected, in whichever campaign and wording; where the file alone had approved such a line, it waits again.
    """
    refused: list[dict[str, Any]] = []
    authors = {line.id: line.author for line in brand.approved}
    disliked = {c.tags.get("line", "") for c in creatives.find(None, "rejected") if c.rung == "approved"} - {""}
    here = creatives.find(campaign)
    stored = {creative.creative_id for creative in here}
    doubted = [c for c in here if c.approved_by == BRAND_FILE and c.rung == "approved" and c.approval == "approved"]
    creatives.save([replace(c, approval="pending", approved_hash="", approved_by="")
                    for c in doubted if c.tags.get("line") in disliked])  # fmt: skip
    fresh: list[Creative] = []
    notes: dict[str, Mapping[str, Any]] = {}
    for rung, block, locale, text, tags in known_lines(campaign, brand, blocks, template_lines):
        verdict = judge_known(text, block, locale, blocks[block], brand, samples, rows)
        if verdict.status == "block":
            worst = next(found for found in verdict.findings if found.severity == "error")
            refused.append({"text": text, "block": block, "locale": locale, "line": tags.get("line", rung),
                            "finding": f"{worst.type}: {worst.reason}", "span": list(worst.span)})  # fmt: skip
            continue
        key = creative_id(campaign, "", block, locale, text)
        if key in stored:
            continue
        stored.add(key)
        digest = content_hash(text)
        line = Creative(key, "", campaign, block, locale, text, rung, digest, tags)
        if verdict.passed and tags.get("line") not in disliked:
            line = replace(line, approval="approved", approved_hash=digest, approved_by=BRAND_FILE)
        fresh.append(line)
        author = authors.get(tags.get("line", ""), "")
        notes[key] = {"verdict": asdict(verdict), **({"author": author} if author else {})}
    if fresh:
        creatives.save(fresh, notes)
    return refused


def judge_known(
    text: str, block: str, locale: str, spec: BlockSpec, brand: Brand, samples: Samples, rows: Rows = no_rows
) -> Verdict:
    """The verdict on a line that a person wrote: only what approval cannot mend stops it.

    It may use the slots that the block offers, and the brand's name.
    """
    try:
        parsed = SlotText.parse(text)
    except ValueError as problem:
        return _malformed(text, str(problem))
    names = tuple(dict.fromkeys((*spec.slots, "brand.name")))
    slots = [Slot(name, "text", name.split(".")[0]) for name in names]
    limits = Limits(max_chars=spec.max_chars)
    return judge_draft(
        parsed, block, limits, slots, samples(names, locale), {}, brand, locale, "", strict=False, rows=rows(locale)
    )


def _malformed(text: str, reason: str) -> Verdict:
    return Verdict("block", (Finding("slots", "error", (0, len(text)), "malformed", reason, text),), text)
