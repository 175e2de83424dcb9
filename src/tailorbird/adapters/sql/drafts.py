"""The exact cache of completions."""

from dataclasses import asdict, fields

import sqlalchemy as sa

from tailorbird.adapters.sql.database import insert_new, reading
from tailorbird.adapters.sql.tables import completions
from tailorbird.types.completion import Completion, ModelCard, Sample

_CARD_FIELDS = {field.name for field in fields(ModelCard)}


class SqlDraftCache:
    """`DraftCache` in a database of its own choice: the state's, or one in the user's cache folder."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def get(self, key: str) -> Completion | None:
        """The stored completion, or None; one that cannot be read (of another version, damaged) is none."""
        with reading(self._engine) as connection:
            query = sa.select(completions.c.completion).where(completions.c.key == key)
            try:
                stored = connection.execute(query).scalar_one_or_none()
            except ValueError:  # no JSON
                return None
        if not isinstance(stored, dict):
            return None
        try:
            samples = tuple(Sample(**sample) for sample in stored["samples"])
            # Caches outlive versions: what a card held once and holds no more is left out.
            card = {name: value for name, value in stored["model"].items() if name in _CARD_FIELDS}
            return Completion(**{**stored, "samples": samples, "model": ModelCard(**card)})
        except (TypeError, KeyError, AttributeError):
            return None

    def put(self, key: str, completion: Completion) -> None:
        """Store a completion; the first one that can be read stays."""
        unreadable = self.get(key) is None
        with self._engine.begin() as connection:
            if unreadable:
                connection.execute(sa.delete(completions).where(completions.c.key == key))
            insert_new(connection, completions, [{"key": key, "completion": asdict(completion)}])
