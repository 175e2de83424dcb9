"""Users with one address: links between them, for projects that ask for it.

Off by default, because traits are what somebody typed: whoever signs up with another person's address would become
that person. With `verified`, only an address counts that a later or equal word calls verified.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tailorbird.stages.identity.email_address import EmailAddress, read_email
from tailorbird.stages.identity.phone_number import phone_of
from tailorbird.types.identity import IdentityLink

_VERIFIED = {"email": ("emailVerified", "email_verified"), "phone": ("phoneVerified", "phone_verified")}
MATCH_TRAITS = ("email", "phone", "country", "address", *(name for names in _VERIFIED.values() for name in names))
"""The traits that matching reads."""

Said = Mapping[str, tuple[datetime, object]]
"""What was last said of a user, by trait, and when."""


@dataclass(frozen=True, slots=True)
class Matched:
    """One address of one user in the spelling that is compared, and since when it holds."""

    field: str
    value: str
    at: datetime


def matched_of(said: Said, fields: Sequence[str], verified: bool) -> tuple[Matched, ...]:
    """The addresses and numbers by which a user may be matched."""
    found = []
    for field in fields:
        at, written = said.get(field, (None, None))
        value = _compared(field, written, said)
        if at is None or value is None:
            continue
        if verified:
            words = [said[name] for name in _VERIFIED[field] if name in said]
            times = [said_at for said_at, word in words if word is True and said_at >= at]
            if not times:
                continue
            at = min(times)
        found.append(Matched(field, value, at))
    return tuple(found)


def group_links(field: str, users: Mapping[str, datetime], users_max: int) -> list[IdentityLink]:
    """Links between the users who share one address: all to the smallest id. More than `users_max` share none: such
    an address is an office's, or a placeholder."""
    if not 1 < len(users) <= users_max:
        return []
    first = min(users)
    joined = [(user, max(at, users[first])) for user, at in sorted(users.items()) if user != first]
    return [IdentityLink("match", user, first, at, at, reason=f"equal {field}") for user, at in joined]


def match_links(matched: Iterable[tuple[str, Matched]], users_max: int) -> list[IdentityLink]:
    """The links of everybody's addresses, given as (user id, address)."""
    groups: dict[tuple[str, str], dict[str, datetime]] = {}
    for user, each in matched:
        groups.setdefault((each.field, each.value), {})[user] = each.at
    return [link for (field, _), users in groups.items() for link in group_links(field, users, users_max)]


def _compared(field: str, written: object, said: Said) -> str | None:
    if field == "phone":
        return phone_of({name: value for name, (_, value) in said.items()})
    found = read_email(written)
    return found.compared if isinstance(found, EmailAddress) else None
