"""The holdout: a stable share of people who get nothing, so that the effect of the rest can be measured."""

import hashlib
from collections.abc import Sequence

BUCKETS = 10_000


def bucket_of(unit: str, salt: str) -> int:
    """A person's bucket, 0 to 9,999: the first 8 bytes of SHA-256(salt|unit) as a big-endian integer, modulo 10,000.

    The same on every machine and for ever; different salts are independent.
    """
    digest = hashlib.sha256(f"{salt}|{unit}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % BUCKETS


def split_holdout(person_ids: Sequence[str], salt: str, share: float) -> list[bool]:
    """Which people are in the holdout of `share` (0 to 1, in steps of 0.0001); the salt is the campaign's.

    Raising the share adds people and removes none.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"the holdout is a share between 0 and 1, not {share}")
    threshold = round(share * BUCKETS)
    return [bucket_of(person_id, salt) < threshold for person_id in person_ids]
