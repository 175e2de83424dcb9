"""Approval: what the policy approves by itself, and what people decide."""

from typing import Any

from tailorbird.ports.clock import Clock
from tailorbird.ports.creative_store import CreativeStore
from tailorbird.stages.review.policy import approves_itself, edit
from tailorbird.types.campaign import Campaign
from tailorbird.types.creative import Creative
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.verdict import Verdict


class ReviewError(TailorbirdError):
    """A review that cannot be recorded; the message says why."""


def approve_by_policy(campaign: Campaign, creatives: CreativeStore, clock: Clock) -> dict[str, Any]:
    """Approve the pending lines that the campaign's policy calls low risk; the others stay in the queue."""
    approved = pending = 0
    for creative in creatives.find(campaign.name, "pending"):
        notes = (creatives.get(creative.creative_id) or (creative, {}))[1]
        status = (notes.get("verdict") or {}).get("status", "review")
        ok, reason = approves_itself(creative, Verdict(status), campaign.review)
        if ok and creative.version == 1:  # an edited line was put into the queue by a person, and waits for one
            creatives.review(creative.creative_id, "approved", "policy:auto", reason, clock.now().isoformat())
            approved += 1
        else:
            pending += 1
    return {"approved": approved, "pending": pending}


def record_review(
    creatives: CreativeStore, creative_id: str, approval: str, by: str, reason: str, clock: Clock
) -> Creative:
    """A person approves or rejects a line."""
    if not by.strip():
        raise ReviewError("say who reviews: --by NAME")
    try:
        return creatives.review(creative_id, approval, by, reason, clock.now().isoformat())
    except KeyError:
        raise ReviewError(f"no creative {creative_id!r}; 'tailorbird review list' shows them") from None


def edit_creative(creatives: CreativeStore, creative_id: str, text: str) -> Creative:
    """A person rewrites a line: it becomes a new version, and its approval is void."""
    found = creatives.get(creative_id)
    if found is None:
        raise ReviewError(f"no creative {creative_id!r}; 'tailorbird review list' shows them")
    try:
        edited = edit(found[0], text)
    except ValueError as error:
        raise ReviewError(str(error)) from None
    creatives.save([edited])
    return edited
