"""Facts: what is true of the things that a text may speak of, and where each truth comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

FactValue = str | bool | Decimal | date | datetime


@dataclass(frozen=True, slots=True)
class Fact:
    """One attribute's value: 'weight is 1.1 kg'. Several values are several facts of one name.

    `unit` is a unit of measure, an ISO 4217 currency or '%', '' for plain numbers and words. `high` makes it a range
    from `value` to `high`. A fact holds until `until` (aware), always where that is None. `source` says where it
    stands, such as 'catalog 3f2a: weight'.
    """

    name: str
    value: FactValue
    unit: str = ""
    high: Decimal | None = None
    source: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing that facts are about: a product, a shop, a brand. `names` are all its names, the fullest first."""

    entity_id: str
    names: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    family: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a text is held against.

    `subjects` are the things it is about, `others` those that it is not about: what is true of these alone is false
    here. `vocabularies` hold the values that an attribute can have at all (attribute → value → other wordings of it),
    so that a value which is not the subject's is known to be a contradiction. `required` names the attributes that
    must be stated. `evidence` are ids of substantiation and where it is kept, for claims that need some. `as_of`
    (aware) is the moment of reading, `zone` the IANA zone of its dates.
    """

    subjects: tuple[Entity, ...] = ()
    others: tuple[Entity, ...] = ()
    vocabularies: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    evidence: Mapping[str, str] = field(default_factory=dict)
    as_of: datetime | None = None
    zone: str = "UTC"
