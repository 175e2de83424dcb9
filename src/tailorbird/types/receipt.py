"""The receipt: what the sender, or the provider behind it, said of one message."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

ReceiptStatus = Literal["sent", "failed", "unknown", "suppressed", "queued", "refused"]


@dataclass(frozen=True, slots=True)
class Receipt:
    """`unknown` means that the outcome cannot be learned; such a message is never sent again blindly.

    `refused`: not now, by the channel's word; the message goes to the back of the queue. `queued`: never handed over.
    `bad_mailbox`: the channel says that there is no such mailbox. `told` is False where the event log could not be
    told of it yet.
    """

    idempotency_key: str
    status: ReceiptStatus
    at: datetime
    provider_id: str = ""
    detail: str = ""
    told: bool = True
    bad_mailbox: bool = False
