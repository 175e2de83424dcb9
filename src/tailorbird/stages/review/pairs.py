"""Training pairs: what people changed and refused, as examples for tuning a model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tailorbird.types.creative import Creative


@dataclass(frozen=True, slots=True)
class Judged:
    """One text that a person turned down, and what stands in its place: `after` is None where nothing does.

    `who` is the reviewer, `why` what they said. `brief` are the facts that it was written from.
    """

    kind: Literal["edit", "reject"]
    before: Creative
    after: Creative | None
    brief: Mapping[str, Any]
    limits: Mapping[str, Any]
    verdict: Mapping[str, Any]
    who: str
    why: str
    at: str


def training_row(one: Judged) -> dict[str, Any]:
    """One line of the export: chat turns, the preferred answer and the refused one, and where they come from.

    `messages` (prompt and preferred answer) is there for fine-tuning where something is preferred; `prompt`, `chosen`
    and `rejected` are a preference pair (DPO); without `chosen` the row is a negative example alone.
    """
    prompt = [{"role": "user", "content": _ask(one)}]
    rejected = [{"role": "assistant", "content": one.before.text}]
    row: dict[str, Any] = {"kind": one.kind, "prompt": prompt}
    if one.after is not None:
        chosen = [{"role": "assistant", "content": one.after.text}]
        row |= {"messages": [*prompt, *chosen], "chosen": chosen}
    row["rejected"] = rejected
    row["label"] = one.after is not None
    row["about"] = {
        "before_id": one.before.creative_id,
        "after_id": one.after.creative_id if one.after is not None else "",
        "campaign": one.before.campaign,
        "block": one.before.block,
        "locale": one.before.locale,
        "brief": dict(one.brief),
        "verdict": {"status": one.verdict.get("status", ""), "findings": _findings(one.verdict)},
        "who": one.who,
        "why": one.why,
        "at": one.at,
    }
    return row


def _ask(one: Judged) -> str:
    """The brief in words: where the line stands, how long it may be, and which facts it may use."""
    lines = [f"Block: {one.before.block}", f"Locale: {one.before.locale}"]
    if one.limits.get("max_chars"):
        lines.append(f"At most {one.limits['max_chars']} characters")
    if one.limits.get("reason"):
        lines.append(f"Reason for writing: {one.limits['reason']}")
    facts: Mapping[str, Any] = one.brief.get("facts") or {}
    slots: Sequence[str] = one.brief.get("slots") or ()
    for slot in slots:
        value = facts.get(slot)
        lines.append(f"Slot: {{{{ {slot} }}}}" + (f", such as {value}" if value else ""))
    return "\n".join(lines)


def _findings(verdict: Mapping[str, Any]) -> list[dict[str, Any]]:
    kept = verdict.get("findings") or ()
    return [{key: finding.get(key) for key in ("check", "severity", "span", "type", "reason")} for finding in kept]
