"""Delivery: every queued message goes out once, or not at all if its person said no meanwhile."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from tailorbird.ports.clock import Clock
from tailorbird.ports.event_log import EventLog
from tailorbird.ports.message_index import MessageIndex
from tailorbird.ports.outbox import Outbox
from tailorbird.ports.progress import Progress
from tailorbird.ports.sender import RefusalError, Sender, SenderError
from tailorbird.types.campaign import Campaign
from tailorbird.types.event import Event
from tailorbird.types.message import Claimed, Message, MessageRecord
from tailorbird.types.receipt import Receipt
from tailorbird.types.reserved import SENT_PREFIX

CHUNK = 100
CHUNK_UNREPEATABLE = 1
"""Where a channel cannot say what went out, a crash leaves what was claimed in doubt: so only one is claimed."""

REFUSALS_MAX = 20
UNKNOWN_MAX = 3
ATTEMPTS_MAX = 10
"""Refusals in a row, and unknown outcomes in a row, that stop a run; refusals of one message that end as 'failed'."""

REASONS_MAX = 20
CHECK_SECONDS = 1.0
"""Within a chunk the checks are asked again after this time: a no then acts on a slow channel too."""

Halted = Callable[[Sequence[float]], str]
"""Why nothing may leave any more, '' while it may; it is given the milliseconds that each message took so far."""

Check = Callable[[Sequence[Message]], Mapping[str, Message | str]]
"""{idempotency key: the message built again, or why it must not go out}, without the messages that may go as they
are."""


def deliver(
    campaign: Campaign,
    outbox: Outbox,
    messages: MessageIndex,
    check: Check,
    sender: Sender,
    log: EventLog,
    clock: Clock,
    progress: Progress,
    replayed_at: datetime | None = None,
    moved: Callable[[], bool] = lambda: False,
    halted: Halted = lambda times_ms: "",
) -> dict[str, Any]:
    """Send what is queued, chunk by chunk; returns counts of this campaign step's messages by state.

    `check` is asked right before each chunk, again while a slow one is sent, and as soon as `moved` says that facts
    changed since it was asked: no message leaves with the price of before. A message that the relay refuses for
    the moment goes to the back of the queue and waits for the next run; ATTEMPTS_MAX such refusals end as 'failed'. At
    REFUSALS_MAX of them in a row, or UNKNOWN_MAX unknown outcomes in a row, sending stops. A message that a crash left
    in 'sending' is looked up first; where the channel cannot tell whether it went out, it is 'unknown' and not sent
    again. Raises SenderError when sending must stop; the rest stays queued, whatever error it was. In a replay of
    another moment, `replayed_at` is the time that the sent events carry, so that what follows them comes after.
    `halted` is asked before each chunk, and every second while a slow one is sent: what it says ends the sending, the
    rest stays queued, and the counts have the reason as `halted`.
    """
    began, started = clock.now(), time.perf_counter()
    _tell_what_was_missed(campaign, messages, log, replayed_at)
    waiting = outbox.counts(campaign.name, campaign.step)
    progress.stage("deliver", waiting.get("queued", 0) + waiting.get("sending", 0))
    size = CHUNK if sender.repeatable else CHUNK_UNREPEATABLE
    sending = _Sending(check, moved, sender, clock, began, halted)
    why = halted(())
    while not why and (claimed := outbox.claim(campaign.name, campaign.step, size, began)):
        receipts: dict[str, Receipt] = {}
        try:
            sending.send(claimed, receipts)
        except _StopSending as stop:
            why = str(stop)
        finally:
            # Also when sending stops midway: what went out is recorded, or it would count as unknown.
            _close_chunk(campaign, claimed, receipts, sending, sender, outbox, log, clock, replayed_at)
        progress.advance(len(claimed))
        why = why or halted(sending.times)
    counts = outbox.counts(campaign.name, campaign.step)
    detail = _detail(counts, time.perf_counter() - started, sorted(sending.times), sending.reasons)
    return {**detail, "halted": why} if why else detail


class _StopSending(Exception):  # noqa: N818
    """Nothing may leave any more; what was claimed goes back."""


class _Sending:
    """Hands chunks over, and knows when to stop: it counts what goes wrong in a row.

    `handed` are the chunk's messages as they were handed over, by key; `in_doubt` is the key that an unexpected error
    interrupted, so that nobody knows whether it left.
    """

    def __init__(
        self,
        check: Check,
        moved: Callable[[], bool],
        sender: Sender,
        clock: Clock,
        began: datetime,
        halted: Halted,
    ) -> None:
        self._check, self._moved, self._sender, self._clock, self._began = check, moved, sender, clock, began
        self._halted = halted
        self._refused = self._unknown = 0
        self.in_doubt = ""
        self.handed: dict[str, Message] = {}
        self.times: list[float] = []
        self.reasons: Counter[str] = Counter()

    def send(self, claimed: Sequence[Claimed], receipts: dict[str, Receipt]) -> None:
        """Send a chunk, adding to `receipts` by key. SenderError: stop."""
        self.handed = {}
        waiting = [one for one in claimed if not self._found(one, receipts)]
        rulings, asked = dict(self._check([one.message for one in waiting])), time.monotonic()
        for position, one in enumerate(waiting):
            if time.monotonic() - asked >= CHECK_SECONDS or self._moved():
                if why := self._halted(self.times):
                    raise _StopSending(why)
                rulings.update(self._check([later.message for later in waiting[position:]]))
                asked = time.monotonic()
            start = time.perf_counter()
            key = one.message.idempotency_key
            ruling = rulings.get(key, one.message)
            if isinstance(ruling, str):
                receipts[key] = Receipt(key, "suppressed", self._clock.now(), detail=ruling)
            else:
                self._hand_over(one, ruling, receipts)
            self.times.append((time.perf_counter() - start) * 1000)
            self._note(receipts[key])

    def _note(self, receipt: Receipt) -> None:
        """Remember why what did not arrive did not."""
        if receipt.status not in ("sent", "queued") and receipt.detail:
            self.reasons[f"{receipt.status}: {receipt.detail}"] += 1

    def _found(self, one: Claimed, receipts: dict[str, Receipt]) -> bool:
        """Whether it is known, or can never be known, what became of an interrupted message."""
        if not one.interrupted:
            return False
        key = one.message.idempotency_key
        found = self._sender.look_up(key)
        if found is None and not self._sender.repeatable:
            found = Receipt(key, "unknown", self._clock.now(), detail="interrupted while sending")
        if found is not None:
            receipts[key] = found
            self.times.append(0.0)
        return found is not None

    def _hand_over(self, one: Claimed, message: Message, receipts: dict[str, Receipt]) -> None:
        key = one.message.idempotency_key
        self.handed[key] = message
        try:
            receipt = self._sender.send(message)
        except RefusalError as error:  # it may be this message alone, so that the others come first next time
            receipts[key] = self._refusal(one, str(error))
            raise
        except SenderError:
            raise
        except BaseException:
            self.in_doubt = key
            raise
        receipts[key] = self._refusal(one, receipt.detail) if receipt.status in ("queued", "refused") else receipt
        self._count(receipt)

    def _refusal(self, one: Claimed, why: str) -> Receipt:
        """One moment for all refusals of a run: by it the outbox knows what waits for another run."""
        key = one.message.idempotency_key
        if one.attempts + 1 >= ATTEMPTS_MAX:
            return Receipt(key, "failed", self._clock.now(), detail=f"given up after {ATTEMPTS_MAX} refusals: {why}")
        return Receipt(key, "refused", self._began, detail=why)

    def _count(self, receipt: Receipt) -> None:
        refused, unknown = receipt.status in ("queued", "refused"), receipt.status == "unknown"
        self._refused = 0 if receipt.status == "sent" else self._refused + refused
        self._unknown = self._unknown + 1 if unknown else 0
        if self._refused >= REFUSALS_MAX:
            raise SenderError(f"the relay refuses for the moment: {receipt.detail}; run the same command again later")
        if self._unknown >= UNKNOWN_MAX:
            raise SenderError(
                f"{UNKNOWN_MAX} messages in a row may or may not have left: {receipt.detail}; see to the relay first"
            )


def _close_chunk(
    campaign: Campaign,
    claimed: Sequence[Claimed],
    receipts: Mapping[str, Receipt],
    sending: _Sending,
    sender: Sender,
    outbox: Outbox,
    log: EventLog,
    clock: Clock,
    replayed_at: datetime | None,
) -> None:
    """Record what is known of a chunk, and queue again what was never handed over.

    What an earlier crash left in doubt stays in doubt. If the channel cannot make its messages durable, but can say
    later which are there, they stay claimed and are looked up by the next run: their bytes are still needed.
    """
    untouched = [one.message.idempotency_key for one in claimed if not one.interrupted]
    back = [key for key in untouched if key not in receipts and key != sending.in_doubt]
    outbox.settle([Receipt(key, "queued", clock.now()) for key in back])
    by_key = {**{one.message.idempotency_key: one.message for one in claimed}, **sending.handed}
    kept = list(receipts.values())
    try:
        sender.sync()
    except BaseException:
        if sender.repeatable:
            kept = [receipt for receipt in kept if receipt.status != "sent"]
        raise
    finally:
        _record(campaign, by_key, kept, outbox, log, replayed_at)


def _record(
    campaign: Campaign,
    by_key: Mapping[str, Message],
    receipts: Sequence[Receipt],
    outbox: Outbox,
    log: EventLog,
    replayed_at: datetime | None,
) -> None:
    sent = [(by_key[r.idempotency_key], r) for r in receipts if r.status == "sent"]
    try:
        # The event's id comes from the key: an event written before a crash is dropped as a duplicate afterwards.
        log.append([_sent_event(campaign, message, replayed_at or r.at, r.at) for message, r in sent])
    except BaseException:
        # The message has left all the same; the next run tells it.
        outbox.settle([replace(receipt, told=receipt.status != "sent") for receipt in receipts])
        raise
    outbox.settle(receipts)


def _tell_what_was_missed(
    campaign: Campaign, messages: MessageIndex, log: EventLog, replayed_at: datetime | None
) -> None:
    if missed := messages.untold(campaign.name, campaign.step):
        moments = [datetime.fromisoformat(record.at) for record in missed]
        log.append([_sent_event(campaign, m, replayed_at or at, at) for m, at in zip(missed, moments, strict=True)])
        messages.mark_told([record.message_id for record in missed])


def _detail(counts: Mapping[str, int], seconds: float, times: Sequence[float], reasons: Counter[str]) -> dict[str, Any]:
    states = ("sent", "failed", "unknown", "suppressed", "withdrawn")
    detail: dict[str, Any] = {state: counts.get(state, 0) for state in states}
    detail["handled_now"], detail["waiting"] = len(times), counts.get("queued", 0)
    detail["seconds"] = round(seconds, 3)
    detail["reasons"] = dict(reasons.most_common(REASONS_MAX))
    if times:
        middle, high = times[len(times) // 2], times[int(len(times) * 0.95)]
        detail["latency_ms"] = {"p50": round(middle, 3), "p95": round(high, 3)}
    return detail


def _sent_event(campaign: Campaign, message: Message | MessageRecord, at: datetime, received_at: datetime) -> Event:
    return Event(
        type="track",
        event="Email Sent",
        message_id=SENT_PREFIX + message.idempotency_key,
        timestamp=at,
        received_at=received_at,
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
