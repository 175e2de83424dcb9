"""Which message ids the log holds already: 8 bytes an id."""

import glob
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tailorbird.adapters.segments.soundness import check_parquet, read_error, sound_id
from tailorbird.ports.event_log import EventLogError
from tailorbird.types.event import Event


class SeenIds:
    """64-bit hashes of message ids. In ten million events the chance of one false duplicate is 3 in a million."""

    def __init__(self) -> None:
        self._sealed: NDArray[np.uint64] = np.empty(0, dtype=np.uint64)
        self._recent: set[int] = set()

    def load(self, parquet: Sequence[Path], lines: Iterable[Path]) -> None:
        """Add every id of finished Parquet segments, and of the whole lines of growing ones.

        EventLogError: a Parquet segment is damaged.
        """
        if parquet:
            check_parquet(parquet)
            # Imported here: a process that only reads the log's newest lines needs no data engine.
            import duckdb

            query = "SELECT md5_number_lower(message_id)::UBIGINT AS h FROM read_parquet($files)"
            with duckdb.connect(config={"threads": 1}) as connection:
                try:
                    found = connection.execute(
                        query, {"files": [glob.escape(str(path)) for path in parquet]}
                    ).fetchnumpy()["h"]
                except duckdb.Error as error:
                    raise read_error(parquet) or EventLogError(f"The event log cannot be read: {error}") from error
            self._sealed = np.unique(np.concatenate([self._sealed, np.asarray(found, dtype=np.uint64)]))
        for path in lines:
            self._recent.update(_hash(message_id) for message_id in _ids_of_lines(path))

    def unseen(self, events: Sequence[Event]) -> tuple[list[Event], set[int]]:
        """The events whose id is new (once each, in order) and their hashes, to be given to `add` after the sync."""
        hashes = np.fromiter((_hash(event.message_id) for event in events), dtype=np.uint64, count=len(events))
        sealed = self._among_sealed(hashes)
        fresh: list[Event] = []
        taken: set[int] = set()
        for event, value, known in zip(events, hashes.tolist(), sealed.tolist(), strict=True):
            if not known and value not in self._recent and value not in taken:
                taken.add(value)
                fresh.append(event)
        return fresh, taken

    def add(self, hashes: set[int]) -> None:
        """Remember ids that are now in the log."""
        self._recent |= hashes

    def _among_sealed(self, hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
        if not len(self._sealed):
            return np.zeros(len(hashes), dtype=np.bool_)
        places = np.minimum(np.searchsorted(self._sealed, hashes), len(self._sealed) - 1)
        return np.equal(self._sealed[places], hashes)


def _hash(message_id: str) -> int:
    # The same number as DuckDB's md5_number_lower, so that sealed ids are hashed by the data engine.
    return int.from_bytes(hashlib.md5(message_id.encode(), usedforsecurity=False).digest()[8:], "little")


def _ids_of_lines(path: Path) -> Iterable[str]:
    try:
        with path.open("rb") as file:
            for line in file:
                message_id = sound_id(line) if line.endswith(b"\n") else None
                if message_id is not None:  # Sealing will move damaged lines aside.
                    yield message_id
    except FileNotFoundError:
        return  # Sealed by another process meanwhile.
