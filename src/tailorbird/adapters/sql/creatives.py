"""Creatives and their reviews."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

import sqlalchemy as sa

from tailorbird.adapters.sql.database import reading, upsert
from tailorbird.adapters.sql.tables import creatives, reviews
from tailorbird.types.creative import Creative

_FIELDS = tuple(field.name for field in fields(Creative))


class SqlCreativeStore:
    """`CreativeStore` in the state database."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def save(self, items: Sequence[Creative], notes: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        """Insert or update by creative_id. Notes that are not given again stay as they were."""
        notes = notes or {}
        with self._engine.begin() as connection:
            ids = [creative.creative_id for creative in items]
            kept = connection.execute(
                sa.select(creatives.c.creative_id, creatives.c.notes).where(creatives.c.creative_id.in_(ids))
            )
            old = {row.creative_id: row.notes for row in kept}
            rows = []
            for creative in items:
                note = notes.get(creative.creative_id, old.get(creative.creative_id, {}))
                rows.append({**asdict(creative), "tags": dict(creative.tags), "notes": dict(note)})
            upsert(connection, creatives, rows)

    def find(self, campaign: str | None = None, approval: str | None = None) -> list[Creative]:
        """Creatives, filtered, in id order."""
        query = sa.select(*(creatives.c[name] for name in _FIELDS)).order_by(creatives.c.creative_id)
        if campaign is not None:
            query = query.where(creatives.c.campaign == campaign)
        if approval is not None:
            query = query.where(creatives.c.approval == approval)
        with reading(self._engine) as connection:
            return [Creative(**row) for row in connection.execute(query).mappings()]

    def get(self, creative_id: str) -> tuple[Creative, Mapping[str, Any]] | None:
        """One creative and its notes."""
        with reading(self._engine) as connection:
            query = sa.select(creatives).where(creatives.c.creative_id == creative_id)
            row = connection.execute(query).mappings().one_or_none()
        if row is None:
            return None
        return Creative(**{name: row[name] for name in _FIELDS}), row["notes"]

    def review(self, creative_id: str, approval: str, by: str, reason: str, at: str) -> Creative:
        """Record a review; 'approved' binds the approval to the current content hash."""
        with self._engine.begin() as connection:
            here = creatives.c.creative_id == creative_id
            row = connection.execute(sa.select(creatives.c.content_hash).where(here)).one_or_none()
            if row is None:
                raise KeyError(creative_id)
            approved_hash = row.content_hash if approval == "approved" else ""
            connection.execute(
                sa.update(creatives)
                .where(here)
                .values(approval=approval, approved_hash=approved_hash, approved_by=by if approved_hash else "")
            )
            entry = {"creative_id": creative_id, "approval": approval, "by": by, "reason": reason, "at": at}
            connection.execute(sa.insert(reviews).values(**entry, content_hash=row.content_hash))
        found = self.get(creative_id)
        assert found is not None
        return found[0]

    def reviews(self, creative_id: str) -> list[Mapping[str, Any]]:
        """The review history of one creative, oldest first."""
        query = sa.select(reviews).where(reviews.c.creative_id == creative_id).order_by(reviews.c.review_id)
        with reading(self._engine) as connection:
            return [dict(row) for row in connection.execute(query).mappings()]
