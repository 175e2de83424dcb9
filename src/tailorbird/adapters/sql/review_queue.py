"""The review queue and its record, beside the creatives: one transaction for whatever one act changes."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

import sqlalchemy as sa

from tailorbird.adapters.sql.database import reading, upsert
from tailorbird.adapters.sql.tables import creatives, review_acts, review_queue, reviews
from tailorbird.ports.review_queue import ReviewConflictError
from tailorbird.types.creative import Creative
from tailorbird.types.review import (
    Origin,
    QueuedLine,
    QueueFilter,
    QueuePage,
    ReviewAct,
    ReviewChange,
    ReviewEntry,
    UnqueuedLine,
)

_ENTRY = tuple(field.name for field in fields(ReviewEntry))
_LINE = tuple(field.name for field in fields(Creative))
_LISTS = ("reasons", "needs")
_C, _Q = creatives.c, review_queue.c


class SqlReviewQueue:
    """`ReviewQueue` and `ReviewRecord` in the state database."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def put(self, entries: Sequence[ReviewEntry]) -> None:
        """Insert entries, or replace those of the same lines."""
        with self._engine.begin() as connection:
            _put(connection, entries)

    def find(self, wanted: QueueFilter, limit: int, after: str = "") -> QueuePage:
        """Lines that wait, or are to be looked at, in the order in which they are due."""
        here = [*_standing(wanted.state), *_asked(wanted)]
        joined = review_queue.join(creatives, _Q.creative_id == _C.creative_id)
        total = sa.select(sa.func.count()).select_from(joined).where(*here)
        query = sa.select(*_columns()).select_from(joined).where(*here).order_by(_Q.due_at, _Q.creative_id)
        if after:
            due, _, name = after.rpartition("~")
            if not due:
                raise ValueError(f"{after[:80]!r} begins no page: give what the page before called 'after'")
            query = query.where(sa.tuple_(_Q.due_at, _Q.creative_id) > (due, name))
        with reading(self._engine) as connection:
            lines = [_line(row) for row in connection.execute(query.limit(limit + 1)).mappings()]
            count = connection.execute(total).scalar_one()
        last = lines[limit - 1].entry if len(lines) > limit else None
        return QueuePage(tuple(lines[:limit]), count, f"{last.due_at}~{last.creative_id}" if last else "")

    def get(self, creative_id: str) -> QueuedLine | None:
        """A line with its entry."""
        joined = review_queue.join(creatives, _Q.creative_id == _C.creative_id)
        query = sa.select(*_columns()).select_from(joined).where(_Q.creative_id == creative_id)
        with reading(self._engine) as connection:
            row = connection.execute(query).mappings().one_or_none()
        return _line(row) if row is not None else None

    def record(
        self, act: ReviewAct, change: ReviewChange | None = None, new: tuple[Creative, Mapping[str, Any]] | None = None
    ) -> None:
        """Keep an act with what it changes."""
        with self._engine.begin() as connection:
            query = sa.select(_C.text, _C.content_hash).where(_C.creative_id == act.creative_id).with_for_update()
            line = connection.execute(query).one_or_none()
            if line is None:
                raise KeyError(act.creative_id)
            if line.content_hash != act.content_hash:
                raise ReviewConflictError(
                    f"the text is not the one that was read ({act.content_hash[:12]}); it is now: {line.text} "
                    f"({line.content_hash[:12]})"
                )
            if change is not None:
                _change(connection, act, change)
            if new is not None:
                made, notes = new
                row = {**asdict(made), "tags": dict(made.tags), "notes": dict(notes)}
                connection.execute(sa.insert(creatives).values(**row))
            connection.execute(sa.insert(review_acts).values(**asdict(act)))

    def unqueued(self, limit: int) -> list[UnqueuedLine]:
        """Lines that wait for a person and have no entry for their present text."""
        voided = (_C.approval == "approved") & (_C.approved_hash != _C.content_hash)
        waits = _C.approval.in_(("pending", "outdated", "rolled_back")) | voided
        # Joined by the key alone: what a database without statistics thinks of the rest would make this quadratic.
        joined = creatives.outerjoin(review_queue, _Q.creative_id == _C.creative_id)
        absent = _Q.creative_id.is_(None) | (_Q.content_hash != _C.content_hash) | (_Q.state != "waiting")
        without = sa.select(_C.creative_id).select_from(joined).where(waits, absent)
        without = without.order_by(_C.creative_id).limit(limit)
        earlier = sa.func.coalesce(_Q.content_hash, "").label("earlier")
        with reading(self._engine) as connection:
            names = list(connection.execute(without).scalars())
            if not names:
                return []
            query = sa.select(creatives, earlier).select_from(joined).where(_C.creative_id.in_(names))
            rows = connection.execute(query.order_by(_C.creative_id)).mappings()
            return [UnqueuedLine(Creative(**{n: r[n] for n in _LINE}), r["notes"], r["earlier"]) for r in rows]

    def acts(self, creative_id: str | None = None, kind: str | None = None) -> list[ReviewAct]:
        """What people did, oldest first."""
        query = sa.select(*(review_acts.c[field.name] for field in fields(ReviewAct))).order_by(review_acts.c.act_id)
        if creative_id is not None:
            query = query.where(review_acts.c.creative_id == creative_id)
        if kind is not None:
            query = query.where(review_acts.c.act == kind)
        with reading(self._engine) as connection:
            return [ReviewAct(**row) for row in connection.execute(query).mappings()]

    def approved_by_people(self) -> Mapping[Origin, int]:
        """How many lines of each origin people approved."""
        key = (_Q.prompt, _Q.model, _Q.locale)
        query = sa.select(*key, sa.func.count()).where(_Q.outcome == "approve", _Q.prompt != "").group_by(*key)
        with reading(self._engine) as connection:
            return {Origin(row[0], row[1], row[2]): row[3] for row in connection.execute(query)}

    def sampled_since(self, at: str) -> int:
        """How many lines were put aside to be looked at."""
        query = sa.select(sa.func.count()).where(_Q.reasons.contains(",sampled,"), _Q.opened_at >= at)
        with reading(self._engine) as connection:
            return int(connection.execute(query.select_from(review_queue)).scalar_one())


def _put(connection: sa.Connection, entries: Sequence[ReviewEntry]) -> None:
    kept: dict[str, int] = {}
    for start in range(0, len(entries), 500):
        ids = [entry.creative_id for entry in entries[start : start + 500]]
        query = sa.select(_Q.creative_id, _Q.revision).where(_Q.creative_id.in_(ids))
        kept |= {row.creative_id: row.revision for row in connection.execute(query)}
    upsert(connection, review_queue, [{**_row(e), "revision": kept.get(e.creative_id, 0) + 1} for e in entries])


def _change(connection: sa.Connection, act: ReviewAct, change: ReviewChange) -> None:
    query = sa.select(_Q.revision, _Q.outcome, _Q.closed_by).where(_Q.creative_id == act.creative_id)
    found = connection.execute(query.with_for_update()).one_or_none()
    if (found.revision if found is not None else 0) != change.revision:
        who = f"; {found.closed_by} came first: {found.outcome}" if found is not None and found.closed_by else ""
        raise ReviewConflictError(f"{act.creative_id} changed while it was read{who}: look at it again")
    _put(connection, [change.entry])
    if change.approval is not None:
        approved = change.approval == "approved"
        values = {"approved_hash": act.content_hash, "approved_by": act.by} if approved else {}
        values = values or {"approved_hash": "", "approved_by": ""}
        connection.execute(
            sa.update(creatives).where(_C.creative_id == act.creative_id).values(approval=change.approval, **values)
        )
        entry = {"creative_id": act.creative_id, "approval": change.approval, "by": act.by, "reason": act.text}
        connection.execute(sa.insert(reviews).values(**entry, at=act.at, content_hash=act.content_hash))


def _standing(state: str) -> list[sa.ColumnElement[bool]]:
    """Entries that count: of the line's present text, and in a state that is still true of the line."""
    waits = (_Q.state == "waiting") & ((_C.approval != "approved") | (_C.approved_hash != _C.content_hash))
    waits &= _C.approval != "rejected"
    look = (_Q.state == "look") & (_C.approval == "approved") & (_C.approved_hash == _C.content_hash)
    wanted = {"waiting": waits, "look": look}.get(state)
    return [_Q.content_hash == _C.content_hash, wanted if wanted is not None else waits | look]


def _asked(wanted: QueueFilter) -> list[sa.ColumnElement[bool]]:
    asked: list[sa.ColumnElement[bool]] = []
    for column, value in ((_Q.campaign, wanted.campaign), (_Q.block, wanted.block), (_Q.locale, wanted.locale)):
        if value:
            asked.append(column == value)
    if wanted.reason:
        asked.append(_Q.reasons.contains(f",{wanted.reason},", autoescape=True))
    if wanted.role:
        asked.append(_Q.needs.contains(f",{wanted.role},", autoescape=True) | (_Q.assigned == wanted.role))
    return asked


def _columns() -> list[sa.Label[Any]]:
    return [_Q[name].label(f"q_{name}") for name in _ENTRY] + [_C[name].label(f"c_{name}") for name in _LINE]


def _line(row: sa.RowMapping) -> QueuedLine:
    entry = {name: row[f"q_{name}"] for name in _ENTRY}
    entry |= {name: tuple(part for part in entry[name].split(",") if part) for name in _LISTS}
    return QueuedLine(ReviewEntry(**entry), Creative(**{name: row[f"c_{name}"] for name in _LINE}))


def _row(entry: ReviewEntry) -> dict[str, Any]:
    lists = {name: "," + "".join(f"{part}," for part in getattr(entry, name)) for name in _LISTS}
    return {**asdict(entry), **lists}
