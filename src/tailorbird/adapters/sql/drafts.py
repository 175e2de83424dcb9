"""The exact cache of completions."""

from dataclasses import asdict

import sqlalchemy as sa

from tailorbird.adapters.sql.database import insert_new, reading
from tailorbird.adapters.sql.tables import completions
from tailorbird.types.completion import Completion, ModelCard, Sample


class SqlDraftCache:
    """`DraftCache` in a database of its own choice: the state's, or one in the user's cache folder."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def get(self, key: str) -> Completion | None:
        """The stored completion, or None."""
        with reading(self._engine) as connection:
            query = sa.select(completions.c.completion).where(completions.c.key == key)
            stored = connection.execute(query).scalar_one_or_none()
        if stored is None:
            return None
        samples = tuple(Sample(**sample) for sample in stored["samples"])
        # Caches outlive versions: what a card held once and holds no more is left out.
        card = ModelCard(*(stored["model"][name] for name in ("name", "provider", "digest")))
        return Completion(**{**stored, "samples": samples, "model": card})

    def put(self, key: str, completion: Completion) -> None:
        """Store a completion; the first one stays."""
        with self._engine.begin() as connection:
            insert_new(connection, completions, [{"key": key, "completion": asdict(completion)}])
