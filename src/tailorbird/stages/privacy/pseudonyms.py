"""Pseudonyms: a person's name in a file for one purpose, for as long as its epoch's key lives.

HMAC-SHA-256 (RFC 2104) of the id, under a random key for each purpose and epoch. Without the key nobody can tell whose
it is, nor that two pseudonyms of different purposes or epochs are one person's.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from tailorbird.types.errors import TailorbirdError

_PURPOSE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_HEX_DIGITS = 32
_FIRST = date(2020, 1, 1)


class PseudonymError(TailorbirdError):
    """A purpose that cannot be one."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """The days from `start` on in which one key makes pseudonyms."""

    start: date
    days: int

    @property
    def label(self) -> str:
        """'2026-04-19_90': the first day and how many there are."""
        return f"{self.start.isoformat()}_{self.days}"

    def ends(self) -> date:
        """The first day that is not in it."""
        return self.start + timedelta(days=self.days)


def epoch_of(moment: datetime, days: int) -> Epoch:
    """The epoch of a moment (aware): epochs of `days` days follow each other since 2020."""
    passed = (moment.astimezone(UTC).date() - _FIRST).days
    return Epoch(_FIRST + timedelta(days=passed // days * days), days)


def read_epoch(label: str) -> Epoch | None:
    """The epoch of a label; None where it is none."""
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)_(\d{1,5})", label)
    try:
        return Epoch(date.fromisoformat(found[1]), int(found[2])) if found else None
    except ValueError:
        return None


def is_due(epoch: Epoch, now: datetime, retention_days: int) -> bool:
    """Whether its key is to be destroyed: the epoch ended more than `retention_days` ago."""
    return now.astimezone(UTC).date() > epoch.ends() + timedelta(days=retention_days)


def check_purpose(purpose: str) -> str:
    """The purpose; PseudonymError where it could be no folder's name."""
    if not _PURPOSE.fullmatch(purpose):
        raise PseudonymError(
            f"{purpose[:60]!r} is no purpose: use up to 40 small letters, digits, hyphens, underscores"
        )
    return purpose


def make_pseudonym(key: bytes, person_id: str) -> str:
    """'p_' and 32 hex digits: 128 bits, so that among a billion people no two share one."""
    digest = hmac.new(key, person_id.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
    return "p_" + digest[:_HEX_DIGITS]
