"""The message: one person's stitched message, ready for a sender."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Message:
    """A built message. `raw` is the RFC 5322 bytes for e-mail; `rungs` says where each block came from.

    `idempotency_key` is unique per campaign, step, person and channel, for ever.
    """

    message_id: str
    decision_id: str
    person_id: str
    channel: str
    address: str
    subject: str
    raw: bytes
    idempotency_key: str
    rungs: Mapping[str, str] = field(default_factory=dict)
    send_after: datetime | None = None
