"""Where a line goes: to a person, and to whom; or by policy, and then perhaps to a look afterwards."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tailorbird.stages.review.categories import categories_of
from tailorbird.stages.review.policy import approves_itself, review_mode, risk_of
from tailorbird.types.campaign import Campaign
from tailorbird.types.creative import Creative
from tailorbird.types.review import REVIEWER, Origin, Why
from tailorbird.types.review_policy import ReviewPolicy
from tailorbird.types.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Route:
    """Where one line goes. Without `reasons` policy approves it, for what `detail` says."""

    reasons: tuple[Why, ...]
    needs: tuple[str, ...] = (REVIEWER,)
    detail: str = ""


def origin_of(creative: Creative, notes: Mapping[str, Any]) -> Origin:
    """Which prompt and model wrote a line, by what was kept beside it. A person's words are of neither."""
    if creative.rung != "model" or creative.version > 1:
        return Origin("", "", creative.locale)
    model = notes.get("model") or {}
    told = [str(model.get(key) or "") for key in ("provider", "name", "endpoint", "digest")]
    digest = hashlib.sha256("|".join(told).encode()).hexdigest() if any(told) else ""
    return Origin(str(notes.get("prompt_hash") or ""), str(model.get("digest") or digest)[:64], creative.locale)


def route_line(
    creative: Creative,
    notes: Mapping[str, Any],
    campaign: Campaign,
    policy: ReviewPolicy | None,
    approved: Mapping[Origin, int],
) -> Route:
    """Where a line goes that nobody has approved. `approved` counts what people approved as it was written.

    Without a policy file the campaign decides: `review: auto` approves lines of low risk.
    """
    kept = notes.get("verdict") or {}
    verdict = Verdict(kept.get("status") or "review")
    by_itself, why = approves_itself(creative, verdict, review_mode(campaign))
    reasons, told = list[Why](), list[str]()
    if creative.version > 1:
        reasons.append("edited")
    elif creative.rung != "model":
        reasons.append("written")
    if creative.approval in ("outdated", "rolled_back"):
        reasons.append("outdated" if creative.approval == "outdated" else "rolled_back")
    if campaign.review == "queue":
        reasons.append("queue")
    if verdict.status != "pass":
        reasons.append("finding")
    risky = risk_of(creative, Verdict("pass"))[0] == "high" or campaign.tags.get("risk", "low") != "low"
    if risky:
        reasons.append("high_risk")
    needs = [REVIEWER]
    if policy is not None:
        tags = {**campaign.tags, **creative.tags}
        found = categories_of(creative.text, creative.locale, tags, kept.get("findings") or (), policy.legal_words)
        if legal := [category for category in found if category in policy.legal]:
            reasons.append("legal")
            needs.append("legal")
            told.append("for the lawyer: " + ", ".join(legal))
        if creative.version == 1 and creative.rung == "model":
            reasons += _novelty(origin_of(creative, notes), policy, approved)
    if not reasons and not by_itself:
        reasons.append("high_risk")
    return Route(tuple(reasons), tuple(needs), "; ".join([*told, *([why] if not told or not reasons else [])]))


def _novelty(origin: Origin, policy: ReviewPolicy, approved: Mapping[Origin, int]) -> list[Why]:
    if policy.first == "all":
        return ["new_pair"]
    if approved.get(origin, 0) >= policy.first:
        return []
    prompt = sum(n for o, n in approved.items() if (o.prompt, o.locale) == (origin.prompt, origin.locale))
    model = sum(n for o, n in approved.items() if (o.model, o.locale) == (origin.model, origin.locale))
    new: list[Why] = ["new_prompt"] if prompt < policy.first else []
    new += ["new_model"] if model < policy.first else []
    return new or ["new_pair"]


def choose_sample(
    creatives: Iterable[Creative], share: float, minimum: int, already: int, kept: Collection[str] = ()
) -> set[str]:
    """The ids of lines that are looked at after policy approved them.

    Each line has a number by the hash of its id and text: those below `share` are chosen, then the lowest others until
    `already` (the day's earlier ones) and these make `minimum`. The same lines give the same choice. `kept` were chosen
    before and are counted already.
    """
    ranked = sorted((_number(c), c.creative_id) for c in creatives if c.creative_id not in kept)
    chosen = {name for number, name in ranked if number < share}
    for _, name in ranked:
        if already + len(chosen) >= minimum:
            break
        chosen.add(name)
    return chosen | set(kept)


def _number(creative: Creative) -> float:
    content = f"{creative.creative_id}\x1f{creative.content_hash}".encode()
    return int.from_bytes(hashlib.sha256(content).digest()[:8], "big") / 2**64


def authors_of(
    creative: Creative, notes: Mapping[str, Any], owners: Sequence[str], policy: ReviewPolicy | None
) -> tuple[str, ...]:
    """Who had a hand in a line, as far as it is known: the author of a brand's line, the editors of a prompt and of the
    text, and with a policy that says so the owners of the campaign for which a model wrote it."""
    named = [str(notes.get("author") or ""), *notes.get("prompt_authors", ()), *notes.get("editors", ())]
    named.append(str(notes.get("edited_by") or ""))
    if policy is not None and policy.owners_are_authors and creative.rung == "model":
        named += owners
    return tuple(dict.fromkeys(name.strip() for name in named if name.strip()))
