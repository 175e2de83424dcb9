"""Which message ids the log holds already: 8 bytes an id, and where in the growing segment the newest of them stand."""

import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tailorbird.adapters.segments.id_sidecar import (
    CHECKSUM_BITS,
    Fingerprints,
    fingerprint,
    read_fingerprints,
    sorted_fingerprints,
)
from tailorbird.adapters.segments.soundness import check_parquet, sound_id


class SeenIds:
    """64-bit hashes of message ids. In ten million events the chance of one false duplicate is 3 in a million.

    Ids that this process appends are kept by Python's own hashes of the text: quick, and keyed by a secret of this
    process, so that nobody can make two ids that collide. Ids that were on disk before are kept by fingerprints, which
    are the same in every process. Whoever makes two ids of one fingerprint loses the second of two events of theirs.
    """

    def __init__(self) -> None:
        self._stored: Fingerprints = np.empty(0, dtype=np.uint64)
        self._finished: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._recent: set[int] = set()
        self._appended: list[tuple[int, Sequence[int]]] = []
        self._places: dict[int, int] = {}

    def load(self, parquet: Sequence[Path], lines: Sequence[Path]) -> None:
        """Add every id of finished Parquet segments, and of the whole lines of growing ones.

        EventLogError: a Parquet segment is damaged.
        """
        check_parquet(parquet)
        growing = sorted_fingerprints(one for path in lines for one in _ids_of_lines(path))
        found = [self._stored, growing, *(read_fingerprints(path) for path in parquet)]
        self._stored = np.concatenate(found)
        # Sorted runs are merged in one pass by the stable sort.
        self._stored.sort(kind="stable")

    def are_new(self, message_ids: Sequence[str], hashes: Sequence[int]) -> bool:
        """Whether none of these was seen, and none comes twice; `hashes` are Python's of the ids."""
        if len(set(hashes)) < len(hashes) or not self._recent.isdisjoint(hashes):
            return False
        return not (_among(self._finished, np.array(hashes, dtype=np.int64)).any() or any(self._on_disk(message_ids)))

    def known(self, message_ids: Sequence[str], hashes: Sequence[int]) -> list[bool]:
        """For each, whether it was seen before; repetitions among themselves do not count."""
        finished = _among(self._finished, np.array(hashes, dtype=np.int64)).tolist()
        on_disk = self._on_disk(message_ids)
        return [
            was or there or value in self._recent for value, was, there in zip(hashes, finished, on_disk, strict=True)
        ]

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
        recent = np.sort(np.fromiter(self._recent, dtype=np.int64, count=len(self._recent)))
        self._finished = np.concatenate([self._finished, recent])
        self._finished.sort(kind="stable")
        self._recent, self._appended, self._places = set(), [], {}

    def _on_disk(self, message_ids: Sequence[str]) -> list[bool]:
        """For each, whether it was on disk before this process came."""
        if not len(self._stored):
            return [False] * len(message_ids)
        checksums = [zlib.crc32(one.encode("utf-8", "surrogatepass")) for one in message_ids]
        lowest = np.array(checksums, dtype=np.uint64) << np.uint64(CHECKSUM_BITS)
        places = np.minimum(np.searchsorted(self._stored, lowest), len(self._stored) - 1)
        found = (self._stored[places] >> np.uint64(CHECKSUM_BITS)) == np.array(checksums, dtype=np.uint64)
        # The checksum is quick, and seldom the same by chance; the whole is compared where it is.
        return [
            hit and bool(_among(self._stored, np.array([fingerprint(one)], dtype=np.uint64)).any())
            for one, hit in zip(message_ids, found.tolist(), strict=True)
        ]


def _among(known: NDArray[np.int64] | Fingerprints, wanted: NDArray[np.int64] | Fingerprints) -> NDArray[np.bool_]:
    """For each wanted value, whether it is among the known ones, which are in order."""
    if not len(known):
        return np.zeros(len(wanted), dtype=np.bool_)
    places = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return np.equal(known[places], wanted)


def _ids_of_lines(path: Path) -> Iterator[str]:
    try:
        with path.open("rb") as file:
            for line in file:
                message_id = sound_id(line) if line.endswith(b"\n") else None
                if message_id is not None:  # Sealing will move damaged lines aside.
                    yield message_id
    except FileNotFoundError:
        return  # Sealed by another process meanwhile.
