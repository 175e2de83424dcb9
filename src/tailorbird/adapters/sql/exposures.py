"""What was told to models' vendors, one row per call."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from tailorbird.adapters.sql.database import reading
from tailorbird.adapters.sql.tables import exposures
from tailorbird.types.exposure import Exposure, PromptContents

_ENDS = ("state", "ended_at", "requests", "prompt_tokens", "completion_tokens", "reason")


class SqlExposures:
    """`Exposures` in the state database. Moments are kept in UTC, so that their texts are in order."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def begin(self, exposure: Exposure) -> None:
        """Insert, in a transaction of its own: it is on disk before the model is asked."""
        with self._engine.begin() as connection:
            connection.execute(sa.insert(exposures), [_row(exposure)])

    def end(self, exposure: Exposure) -> None:
        """Write how it ended."""
        row = _row(exposure)
        mine = exposures.c.exposure_id == exposure.exposure_id
        with self._engine.begin() as connection:
            connection.execute(sa.update(exposures).where(mine).values(**{name: row[name] for name in _ENDS}))

    def find(self, model: str | None = None, since: datetime | None = None) -> list[Exposure]:
        """The records, oldest first."""
        query = sa.select(exposures).order_by(exposures.c.at, exposures.c.exposure_id)
        if model is not None:
            query = query.where(exposures.c.model == model)
        if since is not None:
            query = query.where(exposures.c.at >= _text(since))
        with reading(self._engine) as connection:
            return [_exposure(dict(row)) for row in connection.execute(query).mappings()]


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _row(exposure: Exposure) -> dict[str, Any]:
    row = {**asdict(exposure), "at": _text(exposure.at)}
    row["ended_at"] = _text(exposure.ended_at) if exposure.ended_at else ""
    row["masked"] = dict(exposure.masked)
    row |= row.pop("contents")
    return {name: list(value) if isinstance(value, tuple) else value for name, value in row.items()}


_CONTENTS = ("campaign", "brief_id", "block", "locale", "purposes", "slots", "items", "categories")


def _exposure(row: dict[str, Any]) -> Exposure:
    told: dict[str, Any] = {name: row.pop(name) for name in _CONTENTS}
    lists = {name: tuple(value) for name, value in told.items() if isinstance(value, list)}
    contents = PromptContents(**{**told, **lists})
    ended = row.pop("ended_at")
    return Exposure(
        **{**row, "at": datetime.fromisoformat(row["at"])},
        contents=contents,
        ended_at=datetime.fromisoformat(ended) if ended else None,
    )
