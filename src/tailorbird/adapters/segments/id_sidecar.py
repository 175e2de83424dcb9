"""The sidecar `<segment>.ids`: fingerprints of a sealed segment's message ids, so that nobody reads them again.

It is derived from its segment and says from which: it counts only where the segment has the length and the end that the
sidecar names, and its own bytes are whole. One that is missing, torn, or of another state of the segment is made anew.
"""

import glob
import hashlib
import logging
import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tailorbird.adapters.segments.soundness import read_error
from tailorbird.ports.event_log import EventLogError

Fingerprints = NDArray[np.uint64]
CHECKSUM_BITS = 32
"""The upper half of a fingerprint is a checksum that costs little; the lower half is of a hash that mixes well."""
_LOGGER = logging.getLogger(__name__)
_MAGIC = b"TBids\x00\x00\x01"
_STATE_BYTES = 8 + 16
_END_BYTES = 64 << 10
_DIGEST_BYTES = 16
_ROWS_AT_ONCE = 100_000


def fingerprint(message_id: str) -> int:
    """64 bits of an id, the same in every process. In ten million ids the chance that two agree is 3 in a million."""
    text = message_id.encode("utf-8", "surrogatepass")
    low = int.from_bytes(hashlib.blake2b(text, digest_size=4).digest(), "little")
    return zlib.crc32(text) << CHECKSUM_BITS | low


def sorted_fingerprints(message_ids: Iterable[str]) -> Fingerprints:
    """Those of many ids, in order."""
    found = np.fromiter(map(fingerprint, message_ids), dtype=np.uint64)
    found.sort()
    return found


def sidecar_of(segment: Path) -> Path:
    """Where a segment's sidecar lies."""
    return segment.with_suffix(".ids")


def read_fingerprints(segment: Path) -> Fingerprints:
    """The fingerprints of a sealed segment, in order: of its sidecar, or of the segment, whose sidecar is then written.

    EventLogError: the segment is damaged.
    """
    state = _state(segment)
    found = _read(sidecar_of(segment), state)
    if found is None:
        found = sorted_fingerprints(_ids_of(segment))
        _write(segment, state, found)
        # Somebody may have erased events from the segment meanwhile: then nothing of them is to stay here.
        if not segment.exists() or _state(segment) != state:
            forget_fingerprints(segment)
    return found


def forget_fingerprints(segment: Path) -> bool:
    """Remove a segment's sidecar, because the segment is about to change or to go; whether it had one."""
    sidecar = sidecar_of(segment)
    had = sidecar.exists()
    sidecar.unlink(missing_ok=True)
    return had


def sweep_sidecars(root: Path) -> None:
    """Remove sidecars whose segment is gone, and what a crash left unfinished."""
    for path in [*root.glob("*.ids"), *root.glob(".*.ids-*")]:
        if path.suffix != ".ids" or not path.with_suffix(".parquet").exists():
            path.unlink(missing_ok=True)


def _state(segment: Path) -> bytes:
    """Length and end of a segment. The end of a Parquet file counts its rows, and places every column of it."""
    with segment.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _END_BYTES))
        end = hashlib.blake2b(file.read(), digest_size=_STATE_BYTES - 8).digest()
    return size.to_bytes(8, "little") + end


def _read(sidecar: Path, state: bytes) -> Fingerprints | None:
    """What a sidecar holds if it is whole and of this state of its segment; else None."""
    try:
        content = sidecar.read_bytes()
    except OSError:
        return None
    head, body, digest = len(_MAGIC) + _STATE_BYTES, content[:-_DIGEST_BYTES], content[-_DIGEST_BYTES:]
    if body[:head] != _MAGIC + state or _digest(body) != digest or (len(body) - head) % 8:
        return None
    return np.frombuffer(body, dtype="<u8", offset=head).astype(np.uint64, copy=False)


def _write(segment: Path, state: bytes, found: Fingerprints) -> None:
    """Put a sidecar beside its segment, all of it or nothing; where that cannot be, the next start reads the segment.

    It is not synced: what a crash of the machine tears is seen by its digest.
    """
    body = _MAGIC + state + found.astype("<u8", copy=False).tobytes()
    unfinished = segment.with_name(f".{segment.stem}.ids-{os.getpid()}")
    try:
        unfinished.write_bytes(body + _digest(body))
        unfinished.rename(sidecar_of(segment))
    except OSError as error:
        _LOGGER.warning("no sidecar of %s: %s", segment.name, error)
        unfinished.unlink(missing_ok=True)


def _digest(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=_DIGEST_BYTES).digest()


def _ids_of(segment: Path) -> Iterator[str]:
    # Imported here: a process that only reads sidecars and growing segments needs no data engine.
    import duckdb

    with duckdb.connect(config={"threads": 1}) as connection:
        try:
            found = connection.execute(
                "SELECT message_id FROM read_parquet($file)", {"file": glob.escape(str(segment))}
            )
            while rows := found.fetchmany(_ROWS_AT_ONCE):
                for (message_id,) in rows:
                    yield message_id
        except duckdb.Error as error:
            raise read_error([segment]) or EventLogError(f"The event log cannot be read: {error}") from error
