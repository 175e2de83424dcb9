"""The message: one person's stitched message, ready for a sender; and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

MessageState = Literal["queued", "sending", "sent", "failed", "unknown", "suppressed", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Message:
    """A built message. `raw` is the RFC 5322 bytes for e-mail; `rungs` says where each block came from.

    `lines` is {block: creative_id} of the lines that the message really shows: a block that fell to the template's
    line or the brand's name is absent, whatever was decided for it.
    `purpose` is the consent purpose it is sent under: what an unsubscription by its link withdraws.
    `idempotency_key` is unique per campaign, step, person and channel, for ever.
    """

    message_id: str
    decision_id: str
    campaign: str
    step: str
    person_id: str
    purpose: str
    channel: str
    address: str
    subject: str
    raw: bytes
    idempotency_key: str
    rungs: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that a sender may take now. `interrupted`: an earlier process may have handed it over already.

    `attempts` is how often the channel has refused it for the moment.
    """

    message: Message
    interrupted: bool
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class MessageRecord:
    """What is kept of a message for ever: all but its bytes, and what became of it (`at`: ISO 8601, '' if unsent)."""

    message_id: str
    decision_id: str
    campaign: str
    step: str
    person_id: str
    purpose: str
    channel: str
    address: str
    subject: str
    idempotency_key: str
    rungs: Mapping[str, str]
    lines: Mapping[str, str]
    state: MessageState
    at: str = ""
    provider_id: str = ""
    detail: str = ""
