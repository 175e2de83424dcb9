"""Which message ids the log holds already: 8 bytes an id, and where in the growing segment the newest of them stand."""

import glob
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tailorbird.adapters.segments.soundness import check_parquet, read_error, sound_id
from tailorbird.ports.event_log import EventLogError

_ROWS_AT_ONCE = 100_000


class SeenIds:
    """64-bit hashes of message ids. In ten million events the chance of one false duplicate is 3 in a million.

    They are Python's own hashes of the text: quick, and keyed by a secret of this process, so that nobody can make two
    ids that collide.
    """

    def __init__(self) -> None:
        self._settled: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._recent: set[int] = set()
        self._appended: list[tuple[int, Sequence[int]]] = []
        self._places: dict[int, int] = {}

    def load(self, parquet: Sequence[Path], lines: Iterable[Path]) -> None:
        """Add every id of finished Parquet segments, and of the whole lines of growing ones.

        EventLogError: a Parquet segment is damaged.
        """
        check_parquet(parquet)
        ids = chain(_ids_of_parquet(parquet), (one for path in lines for one in _ids_of_lines(path)))
        self._settle(np.fromiter(map(hash, ids), dtype=np.int64))

    def are_new(self, hashes: Sequence[int]) -> bool:
        """Whether none of these was seen, and none comes twice."""
        if len(set(hashes)) < len(hashes) or not self._recent.isdisjoint(hashes):
            return False
        return not self._among_settled(hashes).any()

    def known(self, hashes: Sequence[int]) -> list[bool]:
        """For each, whether it was seen before; repetitions among themselves do not count."""
        settled = self._among_settled(hashes).tolist()
        return [was or value in self._recent for value, was in zip(hashes, settled, strict=True)]

    def place(self, value: int) -> int | None:
        """The offset in the growing segment from which on the line stands; None if it stands elsewhere."""
        # Only duplicates are asked for: until then nobody needs the table.
        for offset, hashes in self._appended:
            self._places.update(dict.fromkeys(hashes, offset))
        self._appended.clear()
        return self._places.get(value)

    def add(self, hashes: Sequence[int], offset: int) -> None:
        """Remember ids whose lines are now in the growing segment, from `offset` on."""
        self._recent.update(hashes)
        self._appended.append((offset, hashes))

    def settle(self) -> None:
        """The growing segment is finished: its ids stay, their places go."""
        self._settle(np.fromiter(self._recent, dtype=np.int64, count=len(self._recent)))
        self._recent, self._appended, self._places = set(), [], {}

    def _settle(self, hashes: NDArray[np.int64]) -> None:
        if len(hashes):
            # Two sorted runs are merged in one pass by the stable sort.
            both = np.concatenate([self._settled, np.sort(hashes)])
            both.sort(kind="stable")
            self._settled = both

    def _among_settled(self, hashes: Sequence[int]) -> NDArray[np.bool_]:
        if not len(self._settled):
            return np.zeros(len(hashes), dtype=np.bool_)
        wanted = np.array(hashes, dtype=np.int64)
        places = np.minimum(np.searchsorted(self._settled, wanted), len(self._settled) - 1)
        return np.equal(self._settled[places], wanted)


def _ids_of_parquet(paths: Sequence[Path]) -> Iterator[str]:
    if not paths:
        return
    # Imported here: a process that only reads the log's newest lines needs no data engine.
    import duckdb

    with duckdb.connect(config={"threads": 1}) as connection:
        try:
            found = connection.execute(
                "SELECT message_id FROM read_parquet($files)", {"files": [glob.escape(str(path)) for path in paths]}
            )
            while rows := found.fetchmany(_ROWS_AT_ONCE):
                for (message_id,) in rows:
                    yield message_id
        except duckdb.Error as error:
            raise read_error(paths) or EventLogError(f"The event log cannot be read: {error}") from error


def _ids_of_lines(path: Path) -> Iterator[str]:
    try:
        with path.open("rb") as file:
            for line in file:
                message_id = sound_id(line) if line.endswith(b"\n") else None
                if message_id is not None:  # Sealing will move damaged lines aside.
                    yield message_id
    except FileNotFoundError:
        return  # Sealed by another process meanwhile.
