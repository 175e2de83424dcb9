"""The campaign's own policy: what is of low risk, and what an edit does."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from tailorbird.types.campaign import Campaign
from tailorbird.types.creative import Creative
from tailorbird.types.slot_text import SlotText
from tailorbird.types.verdict import Verdict

# A line that carries one of these is looked at by a person whatever the campaign says.
_RISKY_TAGS = {"legal", "health", "finance", "minors", "claim"}
_KNOWN_SOURCES = {"item", "last_item", "person", "brand"}


def content_hash(text: str) -> str:
    """The SHA-256 of a line's slot text: what an approval is bound to."""
    return hashlib.sha256(text.encode()).hexdigest()


def risk_of(creative: Creative, verdict: Verdict) -> tuple[Literal["low", "high"], str]:
    """Whether a line is low risk, and why. Low: every check passed, no sensitive tag, only everyday facts."""
    if verdict.status != "pass":
        return "high", f"the verdict is {verdict.status}"
    tagged = sorted(_RISKY_TAGS & {*creative.tags, *creative.tags.values()})
    if tagged:
        return "high", f"tagged {tagged[0]}"
    unusual = [slot for slot in SlotText.parse(creative.text).slots if slot.split(".")[0] not in _KNOWN_SOURCES]
    if unusual:
        return "high", f"uses the fact {unusual[0]}"
    return "low", "every check passed and only everyday facts are used"


def review_mode(campaign: Campaign) -> Literal["auto", "queue"]:
    """How the campaign's new lines are approved: `review: auto` holds where `tags.risk` is low or absent."""
    return "auto" if campaign.review == "auto" and campaign.tags.get("risk", "low") == "low" else "queue"


def approves_itself(creative: Creative, verdict: Verdict, mode: Literal["auto", "queue"]) -> tuple[bool, str]:
    """Whether the campaign's policy approves the line now, and the reason that is recorded."""
    if mode == "queue":
        return False, "the campaign's policy sends every new line to review"
    risk, reason = risk_of(creative, verdict)
    return risk == "low", f"{risk} risk: {reason}"


def edit(creative: Creative, text: str, creative_id: str, tags: Mapping[str, str]) -> Creative:
    """Another line in place of `creative`, pending: what was shown and learned stays with the old text.

    Tags that nobody guesses (such as 'legal') are kept. Raises ValueError for bad slots.
    """
    SlotText.parse(text)
    kept = {name: value for name, value in creative.tags.items() if name not in tags}
    return replace(
        creative,
        creative_id=creative_id,
        text=text,
        tags={**kept, **tags},
        content_hash=content_hash(text),
        version=creative.version + 1,
        approval="pending",
        approved_hash="",
        approved_by="",
    )
