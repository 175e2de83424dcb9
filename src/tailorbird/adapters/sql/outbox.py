"""The outbox: one row per idempotency key, for ever."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tailorbird.adapters.sql.database import insert_new, reading
from tailorbird.adapters.sql.erased import Erased, writable
from tailorbird.adapters.sql.tables import outbox
from tailorbird.types.message import Claimed, Message, MessageRecord, MessageState
from tailorbird.types.receipt import Receipt

IDS_AT_ONCE = 500
"""A statement takes so many parameters and not many more, on SQLite of old."""


class SqlOutbox:
    """`Outbox`, `MessageIndex` and `WaitingMessages` in the state database. Erased people get none."""

    def __init__(self, engine: sa.Engine, erased: Erased | None = None) -> None:
        self._engine, self._erased = engine, erased

    def queue(self, messages: Sequence[Message]) -> int:
        """Insert messages whose key is new, in one transaction; how many were new."""
        with self._engine.begin() as connection:
            rows = writable(self._erased, connection, [_row(message) for message in messages])
            return insert_new(connection, outbox, rows)

    def replace(self, messages: Sequence[Message]) -> int:
        """Put messages that were built again in the place of those not sent yet; how many those were."""
        replaced = 0
        with self._engine.begin() as connection:
            for message in messages:
                here = outbox.c.idempotency_key == message.idempotency_key
                new = {"address": message.address, "subject": message.subject, "raw": message.raw}
                unsent = outbox.c.state.in_(["queued", "sending"])
                shown = {"rungs": dict(message.rungs), "lines": dict(message.lines)}
                change = sa.update(outbox).where(here, unsent).values(**new, **shown)
                replaced += connection.execute(change).rowcount
        return replaced

    def claim(self, campaign: str, step: str, limit: int, refused_at: datetime | None = None) -> list[Claimed]:
        """Up to `limit` messages left in sending by a crash, or queued (now marked sending), the least refused first.

        Two queries, so that each walks the index in its order; rows that another claim holds are skipped.
        """
        with self._engine.begin() as connection:
            mine = sa.select(outbox).where(outbox.c.campaign == campaign, outbox.c.step == step)
            mine = mine.order_by(outbox.c.attempts, outbox.c.idempotency_key).with_for_update(skip_locked=True)
            left = connection.execute(mine.where(outbox.c.state == "sending").limit(limit)).mappings().all()
            queued = mine.where(outbox.c.state == "queued").limit(limit - len(left))
            if refused_at is not None:
                queued = queued.where(outbox.c.at != refused_at.isoformat())
            rows = connection.execute(queued).mappings().all() if len(left) < limit else []
            if rows:
                keys = [row["idempotency_key"] for row in rows]
                marked = sa.update(outbox).where(outbox.c.idempotency_key.in_(keys)).values(state="sending")
                connection.execute(marked)
        found = [(row, True) for row in left] + [(row, False) for row in rows]
        return [Claimed(_message(row), interrupted, row["attempts"]) for row, interrupted in found]

    def settle(self, receipts: Sequence[Receipt]) -> None:
        """Record receipts by key. The bytes are dropped (the sender has them now) unless a message is put back."""
        if not receipts:
            return
        back = [r.idempotency_key for r in receipts if r.status == "queued"]
        refused = [r for r in receipts if r.status == "refused"]
        final = [r for r in receipts if r.status not in ("queued", "refused")]
        claimed = sa.update(outbox).where(outbox.c.state == "sending")
        one = claimed.where(outbox.c.idempotency_key == sa.bindparam("key"))
        told: dict[str, Any] = {
            "at": sa.bindparam("moment"),
            "provider_id": sa.bindparam("provider"),
            "detail": sa.bindparam("why"),
        }
        again = one.values(state="queued", attempts=outbox.c.attempts + 1, **told)
        done = one.values(state=sa.bindparam("status"), told=sa.bindparam("known"), raw=b"", **told)
        with self._engine.begin() as connection:
            if back:
                connection.execute(claimed.where(outbox.c.idempotency_key.in_(back)).values(state="queued"))
            if refused:
                connection.execute(again, [_told(receipt) for receipt in refused])
            if final:
                rows = [{**_told(receipt), "status": receipt.status, "known": receipt.told} for receipt in final]
                connection.execute(done, rows)

    def counts(self, campaign: str, step: str | None = None) -> Mapping[str, int]:
        """Messages by state."""
        query = (
            sa.select(outbox.c.state, sa.func.count().label("messages"))
            .where(outbox.c.campaign == campaign)
            .group_by(outbox.c.state)
        )
        if step is not None:
            query = query.where(outbox.c.step == step)
        with reading(self._engine) as connection:
            return {row.state: row.messages for row in connection.execute(query)}

    def find(self, message_id: str) -> MessageRecord | None:
        """One message without its bytes, by message id."""
        found = self._records(outbox.c.message_id == message_id)
        return found[0] if found else None

    def untold(self, campaign: str, step: str) -> list[MessageRecord]:
        """What is sent without the event log's knowing."""
        sent = outbox.c.state == "sent"
        return self._records(sa.and_(outbox.c.campaign == campaign, outbox.c.step == step, sent, ~outbox.c.told))

    def mark_told(self, message_ids: Sequence[str]) -> None:
        """The event log knows of these now."""
        here = outbox.c.message_id == sa.bindparam("sent_id")
        with self._engine.begin() as connection:
            if message_ids:
                rows = [{"sent_id": message_id} for message_id in message_ids]
                connection.execute(sa.update(outbox).where(here).values(told=True), rows)

    def requeue(self, campaign: str, step: str, state: MessageState) -> int:
        """Queue a step's messages in `state` again; how many."""
        mine = sa.and_(outbox.c.campaign == campaign, outbox.c.step == step, outbox.c.state == state)
        again = {"state": "queued", "attempts": 0, "at": "", "provider_id": "", "detail": ""}
        with self._engine.begin() as connection:
            return connection.execute(sa.update(outbox).where(mine).values(**again)).rowcount

    def people(self, limit: int | None = None) -> list[str]:
        """Everybody for whom something is queued."""
        # The state as it stands in the index's condition: as a parameter, SQLite could not use the index.
        queued = sa.select(outbox.c.person_id).where(outbox.c.state == sa.literal_column("'queued'"))
        with reading(self._engine) as connection:
            return list(connection.execute(queued.distinct().limit(limit)).scalars())

    def waiting(self, person_ids: Sequence[str]) -> list[MessageRecord]:
        """What is queued for these people."""
        parts = (person_ids[start : start + IDS_AT_ONCE] for start in range(0, len(person_ids), IDS_AT_ONCE))
        return [
            record
            for part in parts
            for record in self._records(sa.and_(outbox.c.person_id.in_(part), outbox.c.state == "queued"))
        ]

    def withdraw(self, records: Sequence[MessageRecord], at: datetime, reason: str) -> int:
        """Those still queued become withdrawn, without bytes and address; how many."""
        keys = [record.idempotency_key for record in records]
        emptied = {"raw": b"", "address": "", "state": "withdrawn", "at": at.isoformat(), "detail": reason}
        gone = 0
        with self._engine.begin() as connection:
            for start in range(0, len(keys), IDS_AT_ONCE):
                named = outbox.c.idempotency_key.in_(keys[start : start + IDS_AT_ONCE])
                change = sa.update(outbox).where(named, outbox.c.state == "queued").values(**emptied)
                gone += connection.execute(change).rowcount
        return gone

    def _records(self, which: sa.ColumnElement[bool]) -> list[MessageRecord]:
        columns = [outbox.c[name] for name in MessageRecord.__dataclass_fields__]
        with reading(self._engine) as connection:
            rows = connection.execute(sa.select(*columns).where(which).order_by(outbox.c.idempotency_key))
            return [MessageRecord(**row) for row in rows.mappings()]


def _told(receipt: Receipt) -> dict[str, Any]:
    return {
        "key": receipt.idempotency_key,
        "moment": receipt.at.isoformat(),
        "provider": receipt.provider_id,
        "why": receipt.detail,
    }


def _row(message: Message) -> dict[str, Any]:
    fields = {name: getattr(message, name) for name in Message.__dataclass_fields__}
    shown = {"rungs": dict(message.rungs), "lines": dict(message.lines)}
    new = {"state": "queued", "at": "", "provider_id": "", "detail": "", "attempts": 0, "told": True}
    return {**fields, **shown, **new}


def _message(row: sa.RowMapping) -> Message:
    return Message(**{name: row[name] for name in Message.__dataclass_fields__})
