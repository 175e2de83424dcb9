"""The world: simulated people with tastes, habits and consents, made from a catalog and a seed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tailorbird.testing.simulator.names import FIRST_NAMES, SURNAMES, address_of
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.item import Item

BROWSER, LAPSED, ACTIVE = 0, 1, 2
GERMAN_SHARE = 0.3
KIND_SHARES = (0.24, 0.35, 0.41)
CONSENT_SHARES = {"email_marketing": 0.92, "personalization": 0.87, "open_tracking": 0.55}
ORGANIC_RATES = (0.03, 0.1, 0.16)
"""Chance of an order within 14 days without any message, on average, by kind of customer."""
_PLACES = {
    "en-GB": (("Europe/London", "GB"), ("Europe/London", "GB"), ("Europe/Belfast", "GB"), ("Europe/Dublin", "IE")),
    "de-DE": (("Europe/Berlin", "DE"), ("Europe/Berlin", "DE"), ("Europe/Vienna", "AT"), ("Europe/Zurich", "CH")),
}
_PERSON_OF_SEED = 101


class SimulatorError(TailorbirdError):
    """The simulation cannot go on; the message says why."""


@dataclass(frozen=True, slots=True)
class Person:
    """One simulated customer. `consents` is what the person has said per purpose, in the end."""

    person_id: str
    first_name: str
    surname: str
    email: str
    locale: str
    timezone: str
    country: str
    consents: Mapping[str, bool]


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """People and catalog. Arrays go by person: `tastes` (people × families, rows sum to 1), `price_sensitivity`
    (0 to 1), `organic_rate` (chance of an order within 14 days without a message), `kinds` (BROWSER, LAPSED, ACTIVE).

    `item_families[i]` is the index in `families` of item i; `replenish_days[i]` is after how long it is used up, or 0.
    """

    seed: int
    items: tuple[Item, ...]
    people: tuple[Person, ...]
    families: tuple[str, ...]
    item_families: NDArray[np.int64]
    replenish_days: NDArray[np.float64]
    tastes: NDArray[np.float64]
    price_sensitivity: NDArray[np.float64]
    organic_rate: NDArray[np.float64]
    kinds: NDArray[np.int64]

    def choose_items(self, people: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
        """One item index per entry of `people`: a family by taste, then an item by popularity and price."""
        steps = np.cumsum(self.tastes[people], axis=1)
        family = np.minimum((steps < rng.random((len(people), 1))).sum(axis=1), len(self.families) - 1)
        thrifty = self.price_sensitivity[people] > 0.5
        chosen = np.zeros(len(people), dtype=np.int64)
        draws = rng.random(len(people))
        for number in range(len(self.families)):
            members = np.flatnonzero(self.item_families == number)
            prices = np.array([float(self.items[m].price or 0) for m in members])
            popularity = 1 / np.sqrt(1 + np.arange(len(members)))
            for is_thrifty in (False, True):
                here = (family == number) & (thrifty == is_thrifty)
                weights = popularity * (np.exp(-prices / max(prices.mean(), 0.01)) if is_thrifty else 1)
                steps_in_family = np.cumsum(weights / weights.sum())
                places = np.minimum(np.searchsorted(steps_in_family, draws[here]), len(members) - 1)
                chosen[here] = members[places]
        return chosen

    def by_email(self) -> dict[str, int]:
        """The index of each person by e-mail address."""
        return {person.email: index for index, person in enumerate(self.people)}


def make_world(items: Sequence[Item], seed: int, people: int = 5_000) -> World:
    """A world by seed; the same arguments make the same world. SimulatorError if there is nothing to sell."""
    if not items or people < 1:
        raise SimulatorError("A simulated world needs at least one catalog item and one person.")
    rng = np.random.default_rng([seed, _PERSON_OF_SEED])
    families = tuple(sorted({item.family for item in items}))
    # Every family is somebody's favourite; most people care for two or three of them.
    tastes = rng.dirichlet(np.full(len(families), 0.35), size=people)
    kinds = rng.choice(3, size=people, p=KIND_SHARES)
    organic = np.take(np.array(ORGANIC_RATES), kinds) * rng.gamma(4.0, 0.25, size=people)
    return World(
        seed=seed,
        items=tuple(items),
        people=_make_people(rng, people),
        families=families,
        item_families=np.array([families.index(item.family) for item in items]),
        replenish_days=np.array([_replenish_days(item) for item in items]),
        tastes=tastes,
        price_sensitivity=rng.beta(2.0, 2.0, size=people),
        organic_rate=np.clip(organic, 0.0, 0.5),
        kinds=kinds,
    )


def _make_people(rng: np.random.Generator, count: int) -> tuple[Person, ...]:
    locales = np.where(rng.random(count) < GERMAN_SHARE, "de-DE", "en-GB").tolist()
    picks = rng.integers(0, 1 << 30, size=(count, 3)).tolist()
    said = {purpose: (rng.random(count) < share).tolist() for purpose, share in CONSENT_SHARES.items()}
    made = []
    for number, (locale, (first, last, place)) in enumerate(zip(locales, picks, strict=True), start=1):
        first_name = FIRST_NAMES[locale][first % len(FIRST_NAMES[locale])]
        surname = SURNAMES[locale][last % len(SURNAMES[locale])]
        timezone, country = _PLACES[locale][place % 4]
        consents: dict[str, Any] = {purpose: said[purpose][number - 1] for purpose in CONSENT_SHARES}
        email = address_of(first_name, surname, number)
        made.append(Person(f"c{number:05d}", first_name, surname, email, locale, timezone, country, consents))
    return tuple(made)


def _replenish_days(item: Item) -> float:
    """The catalog's own word (text attribute `replenish_days`), 0 for what lasts."""
    try:
        return max(0.0, float(item.text("replenish_days", "") or 0))
    except ValueError:
        return 0.0
