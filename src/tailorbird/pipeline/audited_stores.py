"""Stores that write down what they are about to do: decisions, what became of messages, approvals, suppressions.

The audit log comes first, and knows each thing once: a crash between the two leaves an entry whose act is done again,
never an act without an entry. They stand in front of the real stores in the composition root, so that no step of any
pipeline, command or page can forget to.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Protocol

from tailorbird.ports.audit_log import AuditLog
from tailorbird.ports.creative_store import CreativeStore
from tailorbird.ports.decision_store import DecisionStore
from tailorbird.ports.message_index import MessageIndex
from tailorbird.ports.outbox import Outbox
from tailorbird.ports.suppressions import Suppressions
from tailorbird.ports.waiting_messages import WaitingMessages
from tailorbird.types.audit import AuditEntry
from tailorbird.types.creative import Creative
from tailorbird.types.decision import Decision
from tailorbird.types.message import Claimed, Message, MessageRecord, MessageState
from tailorbird.types.receipt import Receipt

CHUNK = 5000


class AuditedDecisions:
    """`DecisionStore` whose decisions are audited, each with its slate and its hashes."""

    def __init__(self, inner: DecisionStore, audit: AuditLog) -> None:
        self._inner, self._audit = inner, audit

    def save(self, decisions: Sequence[Decision]) -> None:
        """Audit, then insert."""
        for start in range(0, len(decisions), CHUNK):
            self._audit.append([_decided(decision) for decision in decisions[start : start + CHUNK]])
        self._inner.save(decisions)

    def find(self, campaign: str, step: str | None = None) -> list[Decision]:
        """The decisions of a campaign (and step)."""
        return self._inner.find(campaign, step)

    def get(self, decision_id: str) -> Decision | None:
        """One decision."""
        return self._inner.get(decision_id)

    def recent(self, since: datetime) -> Iterator[tuple[str, datetime]]:
        """(person_id, decided_at) of treated decisions since a moment."""
        return self._inner.recent(since)


def _decided(decision: Decision) -> AuditEntry:
    detail = {**asdict(decision), "decided_at": decision.decided_at.isoformat()}
    return AuditEntry("decision", decision.decision_id, decision.decided_at, detail, decision.person_id)


class OutboxAndIndex(Outbox, MessageIndex, WaitingMessages, Protocol):
    """What the real outbox is: all three of the ports."""


class AuditedOutbox:
    """The outbox whose ends are audited: sent, failed, unknown, suppressed, withdrawn."""

    def __init__(self, inner: OutboxAndIndex, audit: AuditLog) -> None:
        self._inner, self._audit = inner, audit
        self._claimed: dict[str, Message] = {}

    def queue(self, messages: Sequence[Message]) -> int:
        """Insert messages whose key is new."""
        return self._inner.queue(messages)

    def replace(self, messages: Sequence[Message]) -> int:
        """Put messages that were built again in the place of those not sent yet."""
        return self._inner.replace(messages)

    def claim(self, campaign: str, step: str, limit: int, refused_at: datetime | None = None) -> list[Claimed]:
        """Messages to send; they are remembered until they are settled."""
        claimed = self._inner.claim(campaign, step, limit, refused_at)
        self._claimed.update((one.message.idempotency_key, one.message) for one in claimed)
        return claimed

    def settle(self, receipts: Sequence[Receipt]) -> None:
        """Audit what has come to an end, then record it."""
        ended = [receipt for receipt in receipts if receipt.status not in ("queued", "refused")]
        self._audit.append(
            [
                _ended(self._claimed[r.idempotency_key], r.status, r.at, r.detail)
                for r in ended
                if r.idempotency_key in self._claimed
            ]
        )
        self._inner.settle(receipts)
        for receipt in receipts:
            self._claimed.pop(receipt.idempotency_key, None)

    def counts(self, campaign: str, step: str | None = None) -> Mapping[str, int]:
        """Messages by state."""
        return self._inner.counts(campaign, step)

    def find(self, message_id: str) -> MessageRecord | None:
        """One message without its bytes."""
        return self._inner.find(message_id)

    def untold(self, campaign: str, step: str) -> list[MessageRecord]:
        """What is sent without the event log's knowing."""
        return self._inner.untold(campaign, step)

    def mark_told(self, message_ids: Sequence[str]) -> None:
        """The event log knows of these now."""
        self._inner.mark_told(message_ids)

    def requeue(self, campaign: str, step: str, state: MessageState) -> int:
        """Queue the failed or unknown messages of a step again."""
        return self._inner.requeue(campaign, step, state)

    def people(self, limit: int | None = None) -> list[str]:
        """Everybody for whom something is queued."""
        return self._inner.people(limit)

    def waiting(self, person_ids: Sequence[str]) -> list[MessageRecord]:
        """What is queued for these people."""
        return self._inner.waiting(person_ids)

    def withdraw(self, records: Sequence[MessageRecord], at: datetime, reason: str) -> int:
        """Audit, then withdraw."""
        self._audit.append([_ended(record, "withdrawn", at, reason) for record in records])
        return self._inner.withdraw(records, at, reason)


def _ended(message: Message | MessageRecord, status: str, at: datetime, reason: str) -> AuditEntry:
    detail = {
        "message_id": message.message_id,
        "decision_id": message.decision_id,
        "campaign": message.campaign,
        "step": message.step,
        "purpose": message.purpose,
        "channel": message.channel,
        "status": status,
        "reason": reason,
        "lines": dict(message.lines),
    }
    ref = f"{message.idempotency_key}|{status}"
    return AuditEntry("message", ref, at, detail, message.person_id)


class AuditedCreatives:
    """`CreativeStore` whose reviews are audited. Lines are about nobody, so that these entries are open to read."""

    def __init__(self, inner: CreativeStore, audit: AuditLog) -> None:
        self._inner, self._audit = inner, audit

    def save(self, creatives: Sequence[Creative], notes: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        """Insert or update by creative_id."""
        self._inner.save(creatives, notes)

    def find(self, campaign: str | None = None, approval: str | None = None) -> list[Creative]:
        """Creatives, filtered, in id order."""
        return self._inner.find(campaign, approval)

    def get(self, creative_id: str) -> tuple[Creative, Mapping[str, Any]] | None:
        """One creative and its notes."""
        return self._inner.get(creative_id)

    def review(self, creative_id: str, approval: str, by: str, reason: str, at: str) -> Creative:
        """Audit a review, then record it."""
        found = self._inner.get(creative_id)
        if found is not None:
            reviewed = {"text": found[0].text, "content_hash": found[0].content_hash}
            detail = {"creative_id": creative_id, "approval": approval, "by": by, "reason": reason, **reviewed}
            ref = f"{creative_id}|{approval}|{at}"
            self._audit.append([AuditEntry("review", ref, datetime.fromisoformat(at), detail)])
        return self._inner.review(creative_id, approval, by, reason, at)

    def reviews(self, creative_id: str) -> list[Mapping[str, Any]]:
        """The review history of one creative, oldest first."""
        return self._inner.reviews(creative_id)


class AuditedSuppressions:
    """`Suppressions` whose changes are audited, with whose process made them. A mailbox's hash stands for a person, and
    is under that key."""

    def __init__(self, inner: Suppressions, audit: AuditLog, actor: str = "") -> None:
        self._inner, self._audit, self._actor = inner, audit, actor

    def add(self, person_id: str, channel: str, reason: str, at: str) -> bool:
        """Audit, then suppress."""
        moment, detail = datetime.fromisoformat(at), {"actor": self._actor, "channel": channel, "reason": reason}
        self._audit.append([AuditEntry("suppression", f"{channel}|{reason}|{at}", moment, detail, person_id)])
        return self._inner.add(person_id, channel, reason, at)

    def remove(self, person_id: str, channel: str, reason: str, at: str) -> bool:
        """Audit, then lift."""
        moment, detail = datetime.fromisoformat(at), {"actor": self._actor, "channel": channel, "reason": reason}
        self._audit.append([AuditEntry("suppression lifted", f"{channel}|{reason}|{at}", moment, detail, person_id)])
        return self._inner.remove(person_id, channel, reason, at)

    def all(self, channel: str) -> frozenset[str]:
        """Every suppressed person of a channel."""
        return self._inner.all(channel)

    def among(self, person_ids: Sequence[str], channel: str) -> frozenset[str]:
        """Which of these are suppressed now."""
        return self._inner.among(person_ids, channel)

    def erase(self, names: Sequence[str]) -> None:
        """Suppress these by keyed hash. The erasure writes its own entry, which names nobody."""
        self._inner.erase(names)
