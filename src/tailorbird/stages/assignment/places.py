"""Places: where a unit stands in any number of splits, from one hash of the unit.

A bucket takes a hash per unit and split. Where one person is in many experiments at once, online, that is most of the
work; so variants are split by places: the unit is hashed once, and each split turns that number into a place of its own
by one multiplication, (a·h + b) mod 2^64, with an odd a and a b from the hash of the split's salt (multiply-shift
hashing; Dietzfelbinger 1996). As a is odd, the places of a split are as uniform as the hash; as a and b are another
split's, the arms of two splits cross each other at random (a test counts them).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PLACES = 2**64
_MASK = PLACES - 1
_copy_of_nothing = hashlib.blake2s(digest_size=8).copy
"""A fresh hash, in half of the time that making one takes."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What makes a split's places out of the units' hashes: a factor (odd) and an offset, both below 2^64."""

    factor: int
    offset: int


def unit_hash(unit: str) -> int:
    """A unit's hash, below 2^64: BLAKE2s of 8 bytes, read big-endian. The same everywhere and for ever."""
    made = _copy_of_nothing()
    made.update(unit.encode())
    return int.from_bytes(made.digest(), "big")


def unit_hashes(units: Sequence[str]) -> NDArray[np.uint64]:
    """The hashes of many units, in their order: equal to `unit_hash` for each."""
    digests = []
    for unit in units:
        made = _copy_of_nothing()
        made.update(unit.encode())
        digests.append(made.digest())
    return np.frombuffer(b"".join(digests), dtype=">u8").astype(np.uint64)


def turn_of(salt: str) -> Turn:
    """A split's turn, from the SHA-256 of its salt: other salts, other places."""
    digest = hashlib.sha256(salt.encode()).digest()
    return Turn(int.from_bytes(digest[:8], "big") | 1, int.from_bytes(digest[8:16], "big"))


def place_of(hashed: int, turn: Turn) -> int:
    """A unit's place in a split, below 2^64."""
    return (hashed * turn.factor + turn.offset) & _MASK


def places_of(hashed: NDArray[np.uint64], turn: Turn) -> NDArray[np.uint64]:
    """The places of many units: equal to `place_of` for each."""
    with np.errstate(over="ignore"):
        places: NDArray[np.uint64] = hashed * np.uint64(turn.factor) + np.uint64(turn.offset)
    return places
