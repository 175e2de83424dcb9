"""State ports in memory: for tests, and for trying a stage without a database."""

import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from tailorbird.types.message import Message
from tailorbird.types.receipt import Receipt


class FixedClock:
    """A clock that stands still until it is set; `now` is aware, in UTC."""

    def __init__(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)

    def now(self) -> datetime:
        """The moment that it was set to."""
        return self._now

    def set(self, now: datetime) -> None:
        """Move to another moment."""
        self._now = now.astimezone(UTC)


class MemorySuppressions:
    """A suppression list that is forgotten with the process; safe to share between threads."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], tuple[str, str]] = {}
        self._lock = threading.Lock()

    def add(self, person_id: str, channel: str, reason: str, at: str) -> bool:
        """Suppress a person; False if that was so already (the first reason stays)."""
        with self._lock:
            if (person_id, channel) in self._rows:
                return False
            self._rows[person_id, channel] = (reason, at)
            return True

    def all(self, channel: str) -> frozenset[str]:
        """Every suppressed person of a channel."""
        with self._lock:
            return frozenset(person for person, listed in self._rows if listed == channel)

    def among(self, person_ids: Sequence[str], channel: str) -> frozenset[str]:
        """Which of these are suppressed now."""
        with self._lock:
            return frozenset(person for person in person_ids if (person, channel) in self._rows)


class MemoryOutbox:
    """An outbox that is forgotten with the process; states as in the port, first message per key wins.

    A message's campaign and step are the first two parts of its idempotency key, separated by '/', ':' or '|'.
    """

    def __init__(self, messages: Iterable[Message] = ()) -> None:
        self._messages: dict[str, Message] = {}
        self._states: dict[str, str] = {}
        self._receipts: dict[str, Receipt] = {}
        self._lock = threading.Lock()
        self.queue(list(messages))

    def queue(self, messages: Sequence[Message], rebuilt: bool = False) -> int:
        """Insert messages whose key is new, or replace those not sent yet; how many those were."""
        with self._lock:
            if rebuilt:
                known = [m for m in messages if self._states.get(m.idempotency_key) in ("queued", "sending")]
                self._messages.update((message.idempotency_key, message) for message in known)
                return len(known)
            before = len(self._messages)
            for message in messages:
                self._messages.setdefault(message.idempotency_key, message)
                self._states.setdefault(message.idempotency_key, "queued")
            return len(self._messages) - before

    def claim(self, campaign: str, step: str, limit: int, skip: Collection[str] = ()) -> list[tuple[Message, str]]:
        """Up to `limit` messages that are queued (marked sending) or were left in sending, with the state they had."""
        with self._lock:
            claimed = [
                (message, self._states[key])
                for key, message in self._messages.items()
                if self._states[key] in ("queued", "sending")
                and _campaign_step(key) == (campaign, step)
                and key not in skip
            ][:limit]
            self._states.update((message.idempotency_key, "sending") for message, _ in claimed)
            return claimed

    def settle(self, receipts: Sequence[Receipt]) -> None:
        """Record receipts by key; KeyError for a key that was never queued."""
        with self._lock:
            for receipt in receipts:
                if receipt.idempotency_key not in self._messages:
                    raise KeyError(receipt.idempotency_key)
                self._states[receipt.idempotency_key] = receipt.status
                self._receipts[receipt.idempotency_key] = receipt

    def counts(self, campaign: str, step: str | None = None) -> Mapping[str, int]:
        """Messages by state."""
        totals: dict[str, int] = {}
        with self._lock:
            for key, state in self._states.items():
                found_campaign, found_step = _campaign_step(key)
                if found_campaign == campaign and step in (None, found_step):
                    totals[state] = totals.get(state, 0) + 1
        return totals

    def find(self, message_id: str) -> Mapping[str, Any] | None:
        """One message's row without the raw bytes: the message's fields, campaign, step, state, and its receipt's."""
        with self._lock:
            for key, message in self._messages.items():
                if message.message_id == message_id:
                    campaign, step = _campaign_step(key)
                    fields = {name: getattr(message, name) for name in Message.__slots__ if name != "raw"}
                    receipt = self._receipts.get(key)
                    settled = {"at": receipt.at, "detail": receipt.detail} if receipt else {}
                    return {**fields, "campaign": campaign, "step": step, "state": self._states[key], **settled}
        return None


def _campaign_step(key: str) -> tuple[str, str]:
    parts = key.replace(":", "/").replace("|", "/").split("/")
    return parts[0], parts[1] if len(parts) > 1 else ""
