"""Feedback: what came back about one message that was sent, and what a campaign's messages met in sum."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

FeedbackKind = Literal["complaint", "bounce", "unsubscribe", "policy_hit"]


@dataclass(frozen=True, slots=True)
class Feedback:
    """One thing about one message, kept once for each kind. `at` is when we learned of it, ISO 8601 in UTC."""

    message_id: str
    kind: FeedbackKind
    campaign: str
    at: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """What happened to the messages of one campaign, or of one of its variants, since a moment.

    `sent` were handed over, `failed` were refused for good; `heard` counts messages by kind of feedback.
    """

    sent: int = 0
    failed: int = 0
    heard: Mapping[str, int] = field(default_factory=dict)
