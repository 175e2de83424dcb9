"""The outbox: one row per idempotency key, for ever."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from tailorbird.adapters.sql.database import insert_new, reading
from tailorbird.adapters.sql.tables import outbox
from tailorbird.types.message import Claimed, Message, MessageRecord
from tailorbird.types.receipt import Receipt


class SqlOutbox:
    """`Outbox` and `MessageIndex` in the state database."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def queue(self, messages: Sequence[Message]) -> int:
        """Insert messages whose key is new, in one transaction; how many were new."""
        with self._engine.begin() as connection:
            return insert_new(connection, outbox, [_row(message) for message in messages])

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

    def claim(self, campaign: str, step: str, limit: int, skip: Collection[str] = ()) -> list[Claimed]:
        """Up to `limit` messages queued (now marked sending) or left in sending by a crash, those first."""
        with self._engine.begin() as connection:
            mine = sa.and_(
                outbox.c.campaign == campaign, outbox.c.step == step, outbox.c.idempotency_key.not_in(list(skip))
            )
            query = (
                sa.select(outbox)
                .where(mine, outbox.c.state.in_(["sending", "queued"]))
                .order_by(outbox.c.state.desc(), outbox.c.idempotency_key)
                .limit(limit)
            )
            rows = connection.execute(query).mappings().all()
            keys = [row["idempotency_key"] for row in rows if row["state"] == "queued"]
            if keys:
                marked = sa.update(outbox).where(outbox.c.idempotency_key.in_(keys)).values(state="sending")
                connection.execute(marked)
        return [Claimed(_message(row), row["state"] == "sending") for row in rows]

    def settle(self, receipts: Sequence[Receipt]) -> None:
        """Record receipts by key. The bytes are dropped (the sender has them now) unless a message is put back."""
        back = [r.idempotency_key for r in receipts if r.status == "queued"]
        if back:
            with self._engine.begin() as connection:
                here = outbox.c.idempotency_key.in_(back)
                connection.execute(sa.update(outbox).where(here).values(state="queued"))
        receipts = [r for r in receipts if r.status != "queued"]
        if not receipts:
            return
        statement = (
            sa.update(outbox)
            .where(outbox.c.idempotency_key == sa.bindparam("key"), outbox.c.state == "sending")
            .values(
                state=sa.bindparam("status"),
                at=sa.bindparam("moment"),
                provider_id=sa.bindparam("provider"),
                detail=sa.bindparam("why"),
                raw=b"",
            )
        )
        rows = [
            {
                "key": r.idempotency_key,
                "status": r.status,
                "moment": r.at.isoformat(),
                "provider": r.provider_id,
                "why": r.detail,
            }
            for r in receipts
        ]
        with self._engine.begin() as connection:
            connection.execute(statement, rows)

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
        columns = [outbox.c[name] for name in MessageRecord.__dataclass_fields__]
        with reading(self._engine) as connection:
            query = sa.select(*columns).where(outbox.c.message_id == message_id)
            row = connection.execute(query).mappings().one_or_none()
        return MessageRecord(**row) if row is not None else None


def _row(message: Message) -> dict[str, Any]:
    fields = {name: getattr(message, name) for name in Message.__dataclass_fields__}
    shown = {"rungs": dict(message.rungs), "lines": dict(message.lines)}
    return {**fields, **shown, "state": "queued", "at": "", "provider_id": "", "detail": ""}


def _message(row: sa.RowMapping) -> Message:
    return Message(**{name: row[name] for name in Message.__dataclass_fields__})
