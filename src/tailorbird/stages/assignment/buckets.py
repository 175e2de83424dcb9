"""Buckets: a stable number per unit and salt, from which every split by hash is made.

A unit is whoever is assigned: a person, in campaigns. Its bucket is the same on every machine and for ever, and
buckets of different salts are independent; so a split needs no memory, and two splits with their own salts cross each
other at random. Source of the formula: the usual salted hash of experiment platforms (see ADR 36).
"""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

BUCKETS = 10_000


def bucket_of(unit: str, salt: str) -> int:
    """A unit's bucket, 0 to 9,999: the first 8 bytes of SHA-256(salt|unit) as a big-endian integer, modulo 10,000."""
    digest = hashlib.sha256(f"{salt}|{unit}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % BUCKETS


def buckets_of(units: Sequence[str], salt: str) -> NDArray[np.int64]:
    """The buckets of many units, in their order: equal to `bucket_of` for each."""
    prefix = hashlib.sha256(f"{salt}|".encode())
    digests = bytearray()
    for unit in units:
        one = prefix.copy()
        one.update(unit.encode())
        digests += one.digest()[:8]
    return (np.frombuffer(bytes(digests), dtype=">u8") % BUCKETS).astype(np.int64)


def split_by_hash(units: Sequence[str], salt: str, share: float) -> list[bool]:
    """Which units are in a part of `share` (0 to 1, in steps of 0.0001) of all.

    Raising the share adds units and removes none.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"the holdout is a share between 0 and 1, not {share}")
    return [bool(inside) for inside in buckets_of(units, salt) < round(share * BUCKETS)]
