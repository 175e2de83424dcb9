"""State ports in memory: for tests, and for trying a stage without a database."""

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from tailorbird.types.exposure import Exposure
from tailorbird.types.message import Claimed, Message, MessageRecord, MessageState
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


class MemoryWatermarks:
    """Watermarks that are forgotten with the process."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}

    def get(self, source: str) -> str | None:
        """The watermark of a source; None if it was never read."""
        return self._values.get(source)

    def put(self, source: str, value: str, at: str) -> None:
        """Set the watermark of a source."""
        self._values[source] = value


class MemorySuppressions:
    """`Suppressions` and `SuppressionReasons`, forgotten with the process; safe to share between threads."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], tuple[str, str]] = {}
        self._erased: set[str] = set()
        self._lock = threading.Lock()

    def add(self, person_id: str, channel: str, reason: str, at: str) -> bool:
        """Suppress a person; False if that was so already (the first reason stays)."""
        with self._lock:
            if (person_id, channel) in self._rows:
                return False
            self._rows[person_id, channel] = (reason, at)
            return True

    def remove(self, person_id: str, channel: str, reason: str, at: str) -> bool:
        """Lift a suppression; False if there was none."""
        with self._lock:
            return self._rows.pop((person_id, channel), None) is not None

    def all(self, channel: str) -> frozenset[str]:
        """Every suppressed person of a channel."""
        with self._lock:
            return frozenset(person for person, listed in self._rows if listed == channel)

    def among(self, person_ids: Sequence[str], channel: str) -> frozenset[str]:
        """Which of these are suppressed now."""
        with self._lock:
            listed = frozenset(person for person in person_ids if (person, channel) in self._rows)
            return listed | (frozenset(person_ids) & self._erased)

    def reasons(self, names: Sequence[str], channel: str) -> dict[str, str]:
        """Why each of these is suppressed; who is not, is not there."""
        with self._lock:
            return {name: self._rows[name, channel][0] for name in names if (name, channel) in self._rows}

    def erase(self, names: Sequence[str]) -> None:
        """Suppress these on every channel."""
        with self._lock:
            self._erased.update(names)


class MemoryOutbox:
    """`Outbox`, `MessageIndex` and `WaitingMessages`, forgotten with the process; safe to share between threads."""

    def __init__(self, messages: Sequence[Message] = ()) -> None:
        self._messages: dict[str, Message] = {}
        self._states: dict[str, MessageState] = {}
        self._receipts: dict[str, Receipt] = {}
        self._withdrawn: dict[str, tuple[str, str, str]] = {}
        self._attempts: Counter[str] = Counter()
        self._lock = threading.Lock()
        self.queue(messages)

    def queue(self, messages: Sequence[Message]) -> int:
        """Insert messages whose key is new; how many were new."""
        with self._lock:
            before = len(self._messages)
            for message in messages:
                self._messages.setdefault(message.idempotency_key, message)
                self._states.setdefault(message.idempotency_key, "queued")
            return len(self._messages) - before

    def replace(self, messages: Sequence[Message]) -> int:
        """Put messages that were built again in the place of those not sent yet; how many those were."""
        with self._lock:
            unsent = [m for m in messages if self._states.get(m.idempotency_key) in ("queued", "sending")]
            self._messages.update((message.idempotency_key, message) for message in unsent)
            return len(unsent)

    def claim(self, campaign: str, step: str, limit: int, refused_at: datetime | None = None) -> list[Claimed]:
        """Up to `limit` messages left in sending, or queued (now marked sending), the least refused first."""
        with self._lock:
            found = []
            for key, message in self._messages.items():
                state, receipt = self._states[key], self._receipts.get(key)
                if state not in ("queued", "sending") or (message.campaign, message.step) != (campaign, step):
                    continue
                if state == "sending" or receipt is None or receipt.at != refused_at:
                    found.append(Claimed(message, state == "sending", self._attempts[key]))
            claimed = sorted(found, key=lambda one: (not one.interrupted, one.attempts))[:limit]
            self._states.update((one.message.idempotency_key, "sending") for one in claimed)
            return claimed

    def settle(self, receipts: Sequence[Receipt]) -> None:
        """Record receipts of claimed messages by key; any other key is left alone."""
        with self._lock:
            for receipt in receipts:
                key = receipt.idempotency_key
                if self._states.get(key) != "sending":
                    continue
                if receipt.status == "queued" or receipt.status == "refused":
                    self._states[key] = "queued"
                    self._attempts[key] += receipt.status == "refused"
                else:
                    self._states[key] = receipt.status
                    self._messages[key] = replace(self._messages[key], raw=b"")
                if receipt.status != "queued":
                    self._receipts[key] = receipt

    def counts(self, campaign: str, step: str | None = None) -> Mapping[str, int]:
        """Messages by state."""
        with self._lock:
            mine = [m for m in self._messages.values() if m.campaign == campaign and step in (None, m.step)]
            return Counter(self._states[message.idempotency_key] for message in mine)

    def find(self, message_id: str) -> MessageRecord | None:
        """One message without its bytes, by message id."""
        with self._lock:
            return next((self._record(m) for m in self._messages.values() if m.message_id == message_id), None)

    def untold(self, campaign: str, step: str) -> list[MessageRecord]:
        """What is sent without the event log's knowing."""
        with self._lock:
            mine = [m for m in self._messages.values() if (m.campaign, m.step) == (campaign, step)]
            unknown = {key for key, receipt in self._receipts.items() if not receipt.told}
            return [self._record(m) for m in mine if m.idempotency_key in unknown]

    def mark_told(self, message_ids: Sequence[str]) -> None:
        """The event log knows of these now."""
        with self._lock:
            for key, message in self._messages.items():
                if message.message_id in message_ids and key in self._receipts:
                    self._receipts[key] = replace(self._receipts[key], told=True)

    def requeue(self, campaign: str, step: str, state: MessageState) -> int:
        """Queue a step's messages in `state` again; how many."""
        with self._lock:
            mine = [k for k, m in self._messages.items() if (m.campaign, m.step) == (campaign, step)]
            again = [key for key in mine if self._states[key] == state]
            for key in again:
                self._states[key], self._attempts[key] = "queued", 0
                del self._receipts[key]
            return len(again)

    def people(self, limit: int | None = None) -> list[str]:
        """Everybody for whom something is queued."""
        with self._lock:
            queued = (m for m in self._messages.values() if self._states[m.idempotency_key] == "queued")
            return list(dict.fromkeys(message.person_id for message in queued))[:limit]

    def waiting(self, person_ids: Sequence[str]) -> list[MessageRecord]:
        """What is queued for these people."""
        with self._lock:
            mine = [m for m in self._messages.values() if m.person_id in person_ids]
            return [self._record(m) for m in mine if self._states[m.idempotency_key] == "queued"]

    def withdraw(self, records: Sequence[MessageRecord], at: datetime, reason: str) -> int:
        """Those still queued become withdrawn, without bytes and address; how many."""
        with self._lock:
            keys = [r.idempotency_key for r in records if self._states.get(r.idempotency_key) == "queued"]
            for key in keys:
                self._states[key], self._withdrawn[key] = "withdrawn", (at.isoformat(), "", reason)
                self._messages[key] = replace(self._messages[key], raw=b"", address="")
            return len(keys)

    def _record(self, message: Message) -> MessageRecord:
        kept = {name: getattr(message, name) for name in Message.__dataclass_fields__ if name != "raw"}
        receipt = self._receipts.get(message.idempotency_key)
        told = (receipt.at.isoformat(), receipt.provider_id, receipt.detail) if receipt else ("", "", "")
        told = self._withdrawn.get(message.idempotency_key, told)
        return MessageRecord(
            **kept, state=self._states[message.idempotency_key], at=told[0], provider_id=told[1], detail=told[2]
        )


class MemoryExposures:
    """`Exposures` in memory."""

    def __init__(self) -> None:
        self._rows: dict[str, Exposure] = {}

    def begin(self, exposure: Exposure) -> None:
        """Keep a record."""
        self._rows[exposure.exposure_id] = exposure

    def end(self, exposure: Exposure) -> None:
        """Keep how it ended; nothing else of it changes."""
        self._rows[exposure.exposure_id] = replace(
            self._rows[exposure.exposure_id],
            state=exposure.state,
            ended_at=exposure.ended_at,
            requests=exposure.requests,
            prompt_tokens=exposure.prompt_tokens,
            completion_tokens=exposure.completion_tokens,
            reason=exposure.reason,
        )

    def find(self, model: str | None = None, since: datetime | None = None) -> list[Exposure]:
        """The records, oldest first."""
        rows = sorted(self._rows.values(), key=lambda one: (one.at, one.exposure_id))
        return [one for one in rows if model in (None, one.model) and (since is None or one.at >= since)]
