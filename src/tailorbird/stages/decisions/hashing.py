"""Uniform numbers from hashes: the same person gets the same draw, in any batch, on any machine."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_MIX1, _MIX2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_2_53 = float(2**-53)


def person_hashes(person_ids: Sequence[str], salt: str) -> NDArray[np.uint64]:
    """One 64-bit hash per person (SHA-256 of salt|person, first 8 bytes)."""
    prefix = hashlib.sha256(f"{salt}|".encode())
    out = np.empty(len(person_ids), dtype=np.uint64)
    for i, person_id in enumerate(person_ids):
        digest = prefix.copy()
        digest.update(person_id.encode())
        out[i] = int.from_bytes(digest.digest()[:8], "big")
    return out


def uniforms(hashes: NDArray[np.uint64], stream: NDArray[np.uint64] | int) -> NDArray[np.float64]:
    """Uniforms in (0, 1) by SplitMix64 (Steele, Lea, Flood 2014) of hash + stream; shapes broadcast."""
    with np.errstate(over="ignore"):
        z = hashes + (np.asarray(stream, dtype=np.uint64) + np.uint64(1)) * _GAMMA
        z = (z ^ (z >> np.uint64(30))) * _MIX1
        z = (z ^ (z >> np.uint64(27))) * _MIX2
        z = z ^ (z >> np.uint64(31))
    result: NDArray[np.float64] = ((z >> np.uint64(11)).astype(np.float64) + 0.5) * _2_53
    return result
