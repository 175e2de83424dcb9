"""Delivery: every queued message goes out once, or not at all if its person said no meanwhile."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from tailorbird.ports.clock import Clock
from tailorbird.ports.event_log import EventLog
from tailorbird.ports.outbox import Outbox
from tailorbird.ports.progress import Progress
from tailorbird.ports.sender import Sender, SenderError
from tailorbird.ports.suppressions import Suppressions
from tailorbird.types.campaign import Campaign
from tailorbird.types.event import Event
from tailorbird.types.message import Claimed, Message
from tailorbird.types.receipt import Receipt

CHUNK = 100
CHUNK_UNREPEATABLE = 1
"""Where a channel cannot say what went out, a crash leaves what was claimed in doubt: so only one is claimed."""

REFUSALS_MAX = 20


def deliver(
    campaign: Campaign,
    outbox: Outbox,
    suppressions: Suppressions,
    withdrawn: Callable[[Sequence[str]], frozenset[str]],
    freshen: Callable[[Sequence[Message]], Mapping[str, Message | str]],
    sender: Sender,
    log: EventLog,
    clock: Clock,
    progress: Progress,
    replayed_at: datetime | None = None,
) -> dict[str, Any]:
    """Send what is queued, chunk by chunk; returns counts of this campaign step's messages by state.

    Consent is checked again right before each chunk: the suppression list, and `withdrawn(person_ids)`; `freshen`
    gives the messages that had to be built again, or why they must not go out. A message that the relay refuses for
    the moment stays queued for the next run; at every REFUSALS_MAX such refusals sending stops. A message
    that a crash left in 'sending' is looked up first; where the channel cannot tell whether it went out, it is
    'unknown' and never sent again. Raises SenderError when sending must stop; the rest stays queued. In a replay of
    another moment, `replayed_at` is the time that the sent events carry, so that what follows them comes after.
    """
    began, times = time.perf_counter(), []
    waiting = outbox.counts(campaign.name, campaign.step)
    progress.stage("deliver", waiting.get("queued", 0) + waiting.get("sending", 0))
    size = CHUNK if sender.repeatable else CHUNK_UNREPEATABLE
    refused: list[str] = []
    while claimed := outbox.claim(campaign.name, campaign.step, size, refused):
        people = [one.message.person_id for one in claimed]
        blocked = suppressions.among(people, campaign.channel) | withdrawn(people)
        fresh = freshen([one.message for one in claimed if one.message.person_id not in blocked])
        receipts: list[Receipt] = []
        try:
            for one in claimed:
                start = time.perf_counter()
                receipts.append(_send(one, blocked, fresh, sender, clock))
                times.append((time.perf_counter() - start) * 1000)
        except SenderError:
            _put_back(claimed[len(receipts) :], outbox, clock)
            raise
        finally:
            # Also when sending stops midway: what went out is recorded, or it would count as unknown.
            sender.sync()
            _record(campaign, claimed, receipts, outbox, log, replayed_at)
        refused = _count_refusals(refused, receipts)
        progress.advance(len(claimed))
    return _detail(outbox.counts(campaign.name, campaign.step), time.perf_counter() - began, sorted(times))


def _count_refusals(refused: list[str], receipts: Sequence[Receipt]) -> list[str]:
    """The keys that wait for another run; SenderError if the relay has taken nothing for a while."""
    grown = [*refused, *(r.idempotency_key for r in receipts if r.status == "queued")]
    if receipts and receipts[-1].status == "queued" and len(grown) % REFUSALS_MAX == 0:
        raise SenderError(f"the relay refuses for the moment: {receipts[-1].detail}; run the same command again later")
    return grown


def _detail(counts: Mapping[str, int], seconds: float, times: Sequence[float]) -> dict[str, Any]:
    states = ("sent", "failed", "unknown", "suppressed")
    detail: dict[str, Any] = {state: counts.get(state, 0) for state in states}
    detail["handled_now"], detail["waiting"] = len(times), counts.get("queued", 0)
    detail["seconds"] = round(seconds, 3)
    if times:
        middle, high = times[len(times) // 2], times[int(len(times) * 0.95)]
        detail["latency_ms"] = {"p50": round(middle, 3), "p95": round(high, 3)}
    return detail


def _put_back(claimed: Sequence[Claimed], outbox: Outbox, clock: Clock) -> None:
    """Queue again what the sender never took; what an earlier crash left in doubt stays in doubt."""
    untouched = [one.message.idempotency_key for one in claimed if not one.interrupted]
    outbox.settle([Receipt(key, "queued", clock.now()) for key in untouched])


def _send(
    claimed: Claimed,
    blocked: frozenset[str],
    fresh: Mapping[str, Message | str],
    sender: Sender,
    clock: Clock,
) -> Receipt:
    message = claimed.message
    if claimed.interrupted:
        found = sender.look_up(message.idempotency_key)
        if found is not None:
            return found
        if not sender.repeatable:
            return Receipt(message.idempotency_key, "unknown", clock.now(), detail="interrupted while sending")
    if message.person_id in blocked:
        return Receipt(message.idempotency_key, "suppressed", clock.now(), detail="consent withdrawn before sending")
    rebuilt = fresh.get(message.idempotency_key, message)
    if isinstance(rebuilt, str):
        return Receipt(message.idempotency_key, "suppressed", clock.now(), detail=rebuilt)
    return sender.send(rebuilt)


def _record(
    campaign: Campaign,
    claimed: Sequence[Claimed],
    receipts: Sequence[Receipt],
    outbox: Outbox,
    log: EventLog,
    replayed_at: datetime | None,
) -> None:
    by_key = {one.message.idempotency_key: one.message for one in claimed}
    sent = [(by_key[r.idempotency_key], r) for r in receipts if r.status == "sent"]
    # The event's id comes from the key: an event written before a crash is dropped as a duplicate afterwards.
    log.append([_sent_event(campaign, message, receipt, replayed_at or receipt.at) for message, receipt in sent])
    outbox.settle(receipts)


def _sent_event(campaign: Campaign, message: Message, receipt: Receipt, at: datetime) -> Event:
    return Event(
        type="track",
        event="Email Sent",
        message_id=f"sent:{message.idempotency_key}",
        timestamp=at,
        received_at=receipt.at,
        user_id=message.person_id,
        properties={
            "message_id": message.message_id,
            "decision_id": message.decision_id,
            "campaign": campaign.name,
            "step": campaign.step,
            "person_id": message.person_id,
            "lines": dict(message.lines),
        },
    )
