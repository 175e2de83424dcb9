"""What a model wrote, judged: slot form, the gate for drafts, the validator; and mended where that makes it good."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tailorbird.pipeline.validation.copy_check import CopyCheck
from tailorbird.stages.generation.prompt import budget_facts
from tailorbird.stages.generation.slotify import slotify
from tailorbird.stages.privacy.masking import PLACEHOLDER
from tailorbird.stages.validation.draft import judge_draft
from tailorbird.stages.validation.repair import repair
from tailorbird.types.brand import Brand
from tailorbird.types.brief import Brief
from tailorbird.types.completion import Sample
from tailorbird.types.draft import Step
from tailorbird.types.policy import Policy
from tailorbird.types.slot_text import SlotText
from tailorbird.types.verdict import Finding, Status, Verdict


@dataclass(frozen=True, slots=True)
class Judging:
    """What the drafts of one brief are judged with.

    `foreign` are values of the examples' items, `samples` awkward values of each slot, `source` where the campaign's
    items come from. `check` holds the line, filled in with the items `shown`, against what is true of them.
    """

    brand: Brand
    foreign: frozenset[str]
    samples: Mapping[str, tuple[str, ...]]
    source: str
    check: CopyCheck
    shown: Sequence[str]
    policy: Policy


def judge_sample(
    sample: Sample, brief: Brief, draw: int, judging: Judging, step: Literal["draft", "regenerate"] = "draft"
) -> tuple[str, Verdict, tuple[Step, ...]]:
    """(slot-form text, verdict, steps) of one answer. What was cut off, or repeats a mask, is not mended.

    A mended text is judged as if the model had written it: filled in with the item's facts and read again.
    """
    spoilt = _spoilt(sample)
    if spoilt is not None:
        verdict = Verdict("block", (spoilt,), sample.text)
        return sample.text, verdict, (Step(step, sample.text, "block", (spoilt,)),)
    facts = {**budget_facts(brief, draw), **(brief.facts or {})}
    result = slotify(sample.text, facts, judging.foreign)
    text = str(result.text)
    if any(found.type == "braces" for found in result.findings):
        return text, Verdict("block", result.findings, text), (Step(step, text, "block", result.findings),)
    mended = repair(text, lambda written: judge_line(written, brief, facts, judging), facts)
    if not mended.mends:
        return text, mended.verdict, (Step(step, text, mended.verdict.status, mended.verdict.findings),)
    before = judge_line(text, brief, facts, judging)
    steps = [Step(step, text, before.status, before.findings)]
    for mend in mended.mends:
        after = judge_line(mend.text, brief, facts, judging)
        steps.append(Step("repair", mend.text, after.status, after.findings))
    return mended.text, mended.verdict, tuple(steps)


def judge_line(text: str, brief: Brief, facts: Mapping[str, str], judging: Judging) -> Verdict:
    """The verdict on a line in slot form, which may hold literals still: all that slotify, gate and validator find."""
    line = SlotText.parse(text)
    if any(slot not in facts for slot in line.slots):
        missing = next(slot for slot in line.slots if slot not in facts)
        return Verdict("block", (_error("slots", text, "unknown_slot", f"no fact for {missing}"),), text)
    read = slotify(line.stitch(facts), facts, judging.foreign)
    if str(read.text) != text:
        return Verdict("block", (_error("slotify", text, "ambiguous_literal", "reads as other facts"),), text)
    gate = judge_draft(
        line,
        brief.block,
        brief.limits,
        brief.slots,
        judging.samples,
        facts,
        judging.brand,
        brief.locale,
        brief.reason,
        strict=True,
        campaign=brief.campaign,
        source=judging.source,
    )
    seen = {found.span for found in read.findings}
    findings = [*read.findings, *(found for found in gate.findings if found.span not in seen)]
    held = judging.check.judge(line, facts, judging.shown, brief.locale, judging.policy, brief.reason)
    seen = {found.span for found in findings}
    findings += [found for found in held.findings if found.severity != "info" and found.span not in seen]
    return Verdict(_status(findings), tuple(findings), text)


def _status(findings: Sequence[Finding]) -> Status:
    severities = {found.severity for found in findings}
    return "block" if "error" in severities else "review" if "warning" in severities else "pass"


def _spoilt(sample: Sample) -> Finding | None:
    if left := PLACEHOLDER.search(sample.text):
        reason = "repeats what was masked in its prompt"
        return Finding("generation", "error", left.span(), "masked", reason, left[0])
    if not sample.finished or not sample.text:
        return _error("generation", sample.text, "cut_off", "did not come to an end")
    return None


def _error(check: str, text: str, kind: str, reason: str) -> Finding:
    return Finding(check, "error", (0, len(text)), kind, reason, text)
