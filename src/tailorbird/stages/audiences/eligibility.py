"""Who of the matched people may be written to, and why the others may not."""

import hashlib
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tailorbird.types.consent import is_granted
from tailorbird.types.profile import Profile

Exclusion = Literal["no_consent", "suppressed", "capped", "no_address"]
EXCLUSIONS: tuple[Exclusion, ...] = ("no_consent", "suppressed", "capped", "no_address")

MAILBOX = "mailbox"
"""The channel of the suppression list whose entries are mailboxes, by `mailbox_hash`, and not people."""


@dataclass(frozen=True, slots=True)
class Eligibility:
    """`eligible[i]` and `reasons[i]` belong to person i; the reason is '' for eligible and for unmatched people.

    `excluded` counts matched people by the first reason that held, in the order of EXCLUSIONS, zeros included.
    """

    eligible: Sequence[bool]
    reasons: Sequence[Exclusion | Literal[""]]
    matched: int
    excluded: Mapping[Exclusion, int]

    @property
    def count(self) -> int:
        """How many are eligible."""
        return sum(self.eligible)


def judge_eligibility(
    profiles: Sequence[Profile],
    matched: Sequence[bool],
    purpose: str,
    channel: str,
    suppressed: frozenset[str],
    recent: Mapping[str, int],
    cap: int,
    closed: frozenset[str] = frozenset(),
) -> Eligibility:
    """Sort the matched people into eligible and excluded.

    Consent is asked for a purpose on a channel; `recent[person_id]` counts messages inside the cap's days, over all
    campaigns, and `cap` is how many are allowed (a person at the cap gets no further one). Suppressions and caps hold
    for addresses as well: who shares one with a suppressed person is suppressed, and their messages count together.
    `closed` are the mailboxes, by `mailbox_hash`, that opted out, whoever has the address now.
    """
    silent = {address_of(p) for p in profiles if p.email and p.person_id in suppressed}
    reached: Counter[str] = Counter()
    for person in profiles:
        if person.email and (count := recent.get(person.person_id, 0)):
            reached[address_of(person)] += count
    reasons: list[Exclusion | Literal[""]] = []
    eligible: list[bool] = []
    for profile, match in zip(profiles, matched, strict=True):
        reason: Exclusion | Literal[""] = ""
        if match:
            address = address_of(profile)
            stopped = profile.person_id in suppressed or address in silent
            stopped = stopped or bool(closed and address and mailbox_hash(address) in closed)
            sent = reached[address] if address else recent.get(profile.person_id, 0)
            reason = _exclusion(profile, purpose, channel, stopped, sent >= cap)
        reasons.append(reason)
        eligible.append(match and not reason)
    excluded = {name: reasons.count(name) for name in EXCLUSIONS}
    return Eligibility(eligible, reasons, sum(map(bool, matched)), excluded)


def _exclusion(profile: Profile, purpose: str, channel: str, suppressed: bool, capped: bool) -> Exclusion | Literal[""]:
    if not is_granted(profile.consents, purpose, channel):
        return "no_consent"
    if suppressed:
        return "suppressed"
    if capped:
        return "capped"
    return "" if profile.email else "no_address"


def address_of(profile: Profile) -> str:
    """The address as it is compared: lower-cased, '' for none."""
    return (profile.email or "").lower()


def mailbox_hash(address: str) -> str:
    """A mailbox in the suppression list: SHA-256 of the address as it is compared, so that no address is kept there."""
    return hashlib.sha256(address.strip().lower().encode()).hexdigest()


def keep_one_per_address(profiles: Sequence[Profile], rows: Sequence[int], first: Container[str] = ()) -> list[int]:
    """Of the people at `rows`, one for each address: a person in `first` before others, then the smallest person_id.

    Two profiles with one address are one mailbox: it gets one message, or none.
    """

    def order(row: int) -> tuple[bool, str]:
        return profiles[row].person_id not in first, profiles[row].person_id

    kept: dict[str, int] = {}
    for row in rows:
        address = address_of(profiles[row])
        if address not in kept or order(row) < order(kept[address]):
            kept[address] = row
    chosen = set(kept.values())
    return [row for row in rows if row in chosen]
