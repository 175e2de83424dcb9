"""What the pipeline answers to one persona, and through which door two answers came to differ."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tailorbird.stages.fairness.copy_measures import COPY_MEASURES, measure_copy
from tailorbird.stages.fairness.offers import Offer

Door = Literal["consent", "audience", "language", "cell", "items", "lines", "slot"]
DOORS: Mapping[str, str] = {
    "consent": "another consent is in force",
    "audience": "one of the two is not written to",
    "language": "they are written to in different languages",
    "cell": "their brief is another one",
    "items": "they are shown other items",
    "lines": "the same brief, but other lines were chosen",
    "slot": "the same lines, but a slot holds another value",
}
"""Where a difference shows first, in the order of the pipeline."""
MEASURES: Mapping[str, str] = {
    "written_to": "1 for who gets a message, 0 for who gets none",
    "offer_price": "price of the item shown first, in minor units",
    "offer_total": "prices of all items shown, in minor units",
    "discount": "the largest percentage that the words name, or that the first item's sale takes off",
    "price_tier": "where the first item's price stands in the catalog, 0 to 1",
    "fallback": "share of the blocks that fell to the template's line",
    **COPY_MEASURES,
}
"""Every measure that two answers are compared by; those of copy are taken with one neutral first name for all."""
OFFERS = ("offer_price", "offer_total", "discount")
"""Measures of the offer: every difference counts, however small."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one persona in one context gets.

    `consents` is a canonical text; `raw` are texts of the features before anything is withheld, and of what the
    pipeline reads of the profile itself (`profile.first_name`), `withheld` the names of those that consent does not
    cover. `texts` are the blocks with one neutral name for everybody, `digest` is a hash of every byte of the built
    message, its signature included ('' where none could be built, or the persona is not in the audience).
    """

    written_to: bool
    consents: str = ""
    raw: Mapping[str, str] = field(default_factory=dict)
    withheld: frozenset[str] = frozenset()
    locale: str = ""
    cell: str = ""
    items: tuple[str, ...] = ()
    lines: tuple[tuple[str, str], ...] = ()
    fallback: float = 0.0
    texts: tuple[str, ...] = ()
    offer: Offer = field(default_factory=Offer)
    price_tier: float = float("nan")
    digest: str = ""

    def measures(self) -> list[float]:
        """The value of each of MEASURES; NaN for all but the first where no message was built."""
        if not self.digest:
            return [float(self.written_to), *([float("nan")] * (len(MEASURES) - 1))]
        copy = measure_copy(self.texts, self.locale)
        own = [
            float(self.written_to),
            self.offer.price,
            self.offer.total,
            self.offer.discount,
            self.price_tier,
            self.fallback,
        ]
        return [*own, *(copy[name] for name in COPY_MEASURES)]


def door_of(one: Answer, other: Answer) -> Door | None:
    """The first door through which two personas' answers differ; None where every byte is the same.

    What differs in bytes and in nothing else came through a slot.
    """
    looked: tuple[tuple[Door, bool], ...] = (
        ("consent", one.consents != other.consents),
        ("audience", one.written_to != other.written_to or bool(one.digest) != bool(other.digest)),
        ("language", one.locale != other.locale),
        ("cell", one.cell != other.cell),
        ("items", one.items != other.items),
        ("lines", (one.lines, one.fallback) != (other.lines, other.fallback)),
        ("slot", (one.digest, one.texts) != (other.digest, other.texts)),
    )
    if one.digest == other.digest and (one.written_to, one.texts) == (other.written_to, other.texts):
        return None
    return next((door for door, differs in looked if differs), None)


def reads(one: Answer, other: Answer) -> frozenset[str]:
    """The features, and the parts of the profile, in which two personas differ before anything is withheld."""
    return frozenset(name for name, value in one.raw.items() if value != other.raw.get(name))


def is_withheld(one: Answer, other: Answer) -> bool:
    """Whether consent keeps the difference between two personas from the pipeline: all that reads it is withheld."""
    read = reads(one, other)
    return bool(read) and one.consents == other.consents and read <= one.withheld & other.withheld


@dataclass(frozen=True, slots=True)
class Passage:
    """How far an attribute came, over pairs of personas in which nothing else differs.

    `read_by` are the features and parts of the profile that it changes, `doors` counts pairs by the first door of a
    difference. `unread` pairs have none of the first, in `withheld` ones consent keeps all of it out, and `leaked` are
    those of the two kinds that differ all the same. `offers_differ` counts pairs with another offer.
    """

    pairs: int = 0
    doors: Mapping[str, int] = field(default_factory=dict)
    read_by: tuple[str, ...] = ()
    unread: int = 0
    withheld: int = 0
    leaked: int = 0
    offers_differ: int = 0

    @property
    def differing(self) -> int:
        """Pairs that differ in a byte, or in whether they are written to."""
        return sum(self.doors.values())

    def plus(self, other: "Passage") -> "Passage":
        """Both together."""
        doors = {door: self.doors.get(door, 0) + other.doors.get(door, 0) for door in DOORS}
        return Passage(
            self.pairs + other.pairs,
            {door: count for door, count in doors.items() if count},
            tuple(sorted({*self.read_by, *other.read_by})),
            self.unread + other.unread,
            self.withheld + other.withheld,
            self.leaked + other.leaked,
            self.offers_differ + other.offers_differ,
        )


def passage_of(pairs: Sequence[tuple[Answer, Answer]]) -> Passage:
    """Sum up pairs of answers in which nothing but the attribute differs."""
    doors: Counter[str] = Counter()
    read_by: set[str] = set()
    unread = withheld = leaked = offers = 0
    for one, other in pairs:
        door, read, kept_out = door_of(one, other), reads(one, other), is_withheld(one, other)
        untouched = not read and one.consents == other.consents
        doors.update([door] if door else [])
        read_by |= read
        unread += untouched
        withheld += kept_out
        leaked += (untouched or kept_out) and door is not None
        offers += bool(one.digest and other.digest and one.offer != other.offer)
    ordered = {door: doors[door] for door in DOORS if doors[door]}
    return Passage(len(pairs), ordered, tuple(sorted(read_by)), unread, withheld, leaked, offers)


def measure_answers(answers: Sequence[Sequence[Answer]]) -> NDArray[np.float64]:
    """(contexts × measures) each context's mean over its samples; `answers[sample][context]`."""
    by_sample = np.array([[answer.measures() for answer in sample] for sample in answers])
    # Rounded: the order of the samples must not make a difference.
    return np.asarray(np.round(by_sample.mean(axis=0), 9), dtype=np.float64)
