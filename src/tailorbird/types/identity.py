"""Identity: what says that two ids are one person, or that they are not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

LinkKind = Literal["alias", "merge", "match"]

IDENTITIES_MERGED = "Identities Merged"
IDENTITIES_SPLIT = "Identities Split"
"""Two events that `tailorbird identity` alone records, under IDENTITY_EVENT_PREFIX: what an operator said."""


@dataclass(frozen=True, slots=True)
class IdentityLink:
    """`source` is the same person as `target`, whose id survives: said `count` times, last at `at` (UTC).

    An alias (`source` is called `target` now) comes with the events, a merge from an operator, who has a name (`by`)
    and a `reason`; a match from equal addresses, where the project asks for that, and its reason names the trait.
    """

    kind: LinkKind
    source: str
    target: str
    at: datetime
    first_at: datetime
    count: int = 1
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class IdentitySplit:
    """An operator's word that two ids are not one person: it undoes every alias and merge between them so far."""

    one: str
    other: str
    at: datetime
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class People:
    """Which user ids are one person. Ids that are nobody else's are not listed.

    `person_of` leads from an id to its person, `ids_of` from a person to all its ids, sorted.
    """

    person_of: Mapping[str, str] = field(default_factory=dict)
    ids_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PersonCard:
    """What is compared of a person to find duplicates, each value in one spelling; None where nothing is known."""

    person_id: str
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None
    postcode: str | None = None


CARD_FIELDS = ("first_name", "last_name", "email", "phone", "postcode")


@dataclass(frozen=True, slots=True)
class DuplicateProposal:
    """Two people who may be one, with the probability that they are, and the fields that are equal."""

    one: str
    other: str
    probability: float
    equal: tuple[str, ...]
