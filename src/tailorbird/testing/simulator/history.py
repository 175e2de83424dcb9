"""Ninety days of what simulated customers did, as Segment-shaped wire events."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tailorbird.testing.simulator.orders import order_properties, product_properties
from tailorbird.testing.simulator.world import ACTIVE, LAPSED, World

DEFAULT_AS_OF = datetime(2026, 6, 1, tzinfo=UTC)
HISTORY_DAYS = 90
LAPSED_DAYS = 46
_HISTORY_OF_SEED = 102
_DAY_S = 86_400.0
# Share of the day's visits by hour: quiet nights, a lunch break, long evenings.
_HOURS = np.array([1, 1, 0.5, 0.5, 0.5, 1, 2, 4, 5, 5, 5, 6, 8, 7, 5, 5, 5, 6, 8, 10, 11, 9, 5, 2], dtype=float)


@dataclass(frozen=True, slots=True)
class _Moment:
    """Something that happened `at` seconds from the moment of the history's end (so it is negative)."""

    at: float
    person: int
    name: str
    properties: dict[str, Any]
    anonymous: bool = False


def history_events(world: World, as_of: datetime = DEFAULT_AS_OF) -> Iterator[dict[str, Any]]:
    """Identify, consent, view, basket, order and refund events before `as_of`, oldest first; the same ones each time.

    About 60,000 for 5,000 people. Lapsed customers have at least one order, and none in the last 45 days.
    """
    rng = np.random.default_rng([world.seed, _HISTORY_OF_SEED])
    moments = [moment for part in (_orders, _visits, _baskets) for moment in part(world, rng)]
    moments = [moment for moment in moments if -HISTORY_DAYS * _DAY_S < moment.at < 0]
    moments += _introductions(world, rng, moments)
    moments.sort(key=lambda moment: (moment.at, moment.person, moment.name))
    times = np.array([moment.at * 1000 for moment in moments]).astype("timedelta64[ms]")
    end = np.datetime64(as_of.astimezone(UTC).replace(tzinfo=None), "ms")
    stamps = np.datetime_as_string(end + times, unit="ms", timezone="UTC").tolist()
    contexts = [_context(world, index) for index in range(len(world.people))]
    prefix = f"sim-{world.seed}-{as_of:%Y%m%d}"
    for number, (moment, stamp) in enumerate(zip(moments, stamps, strict=True)):
        event = _wire(world, moment)
        event.update(messageId=f"{prefix}-{number:06d}", timestamp=stamp, context=contexts[moment.person])
        yield event


def _orders(world: World, rng: np.random.Generator) -> Iterator[_Moment]:
    """Orders with the views and the basket before them, what is bought again when it is used up, and refunds."""
    buyers = np.flatnonzero(world.kinds != 0)
    lapsed = world.kinds[buyers] == LAPSED
    last_day = np.where(lapsed, rng.integers(LAPSED_DAYS + 1, 90, len(buyers)), rng.integers(1, 29, len(buyers)))
    more = rng.poisson(np.where(lapsed, 0.5, 1.1))
    people = np.concatenate([buyers, np.repeat(buyers, more)])
    oldest = np.repeat(last_day, more)
    days = np.concatenate([last_day, oldest + rng.integers(0, np.maximum(90 - oldest, 1))])
    lines = 1 + np.minimum(rng.poisson(0.6, len(people)), 3)
    items = np.split(world.choose_items(np.repeat(people, lines), rng), np.cumsum(lines)[:-1])
    times = _seconds(days, rng)
    number = 0
    for person, at, bought in zip(people.tolist(), times.tolist(), items, strict=True):
        basket: list[int] = np.unique(bought).tolist()
        number += 1
        yield from _purchase(world, rng, person, at, basket, number)
        again = _bought_again(world, rng, person, at, basket)
        if again is not None:
            number += 1
            yield from _purchase(world, rng, person, again[0], [again[1]], number)


def _purchase(
    world: World, rng: np.random.Generator, person: int, at: float, basket: list[int], number: int
) -> Iterator[_Moment]:
    order_id, cart_id = f"o{world.seed}-{number:05d}", f"k{world.seed}-{number:05d}"
    gaps = rng.random(2 * len(basket) + 2).tolist()
    for place, item in enumerate(basket):
        before = at - 120 - 300 * (len(basket) - place)
        seen = product_properties(world.items[item])
        yield _Moment(before - 60 - 120 * gaps[place], person, "Product Viewed", seen)
        added = {**seen, "quantity": 1, "cart_id": cart_id}
        yield _Moment(before + 60 * gaps[-1 - place], person, "Product Added", added)
    order = order_properties([world.items[item] for item in basket], order_id, cart_id)
    yield _Moment(at, person, "Order Completed", order)
    if gaps[len(basket)] < 0.04:
        yield _Moment(at + (3 + 7 * gaps[0]) * _DAY_S, person, "Order Refunded", order)


def _bought_again(
    world: World, rng: np.random.Generator, person: int, at: float, basket: list[int]
) -> tuple[float, int] | None:
    """When and what, if something of the basket is used up and bought again before the person's habit ends."""
    used_up = [item for item in basket if world.replenish_days[item]]
    if not used_up or rng.random() > 0.6:
        return None
    again = at + float(world.replenish_days[used_up[0]]) * _DAY_S * float(rng.uniform(0.85, 1.25))
    latest = -LAPSED_DAYS * _DAY_S if world.kinds[person] == LAPSED else 0.0
    return (again, used_up[0]) if again < latest else None


def _visits(world: World, rng: np.random.Generator) -> Iterator[_Moment]:
    """Looking around: lapsed customers look a little, the others more."""
    counts = rng.poisson(np.where(world.kinds == ACTIVE, 5.0, np.where(world.kinds == LAPSED, 3.0, 4.0)))
    people = np.repeat(np.arange(len(world.people)), counts)
    times = _seconds(rng.integers(1, 90, len(people)), rng)
    items = world.choose_items(people, rng)
    seen = [product_properties(item) for item in world.items]
    for person, at, item in zip(people.tolist(), times.tolist(), items.tolist(), strict=True):
        yield _Moment(at, person, "Product Viewed", seen[item])


def _baskets(world: World, rng: np.random.Generator) -> Iterator[_Moment]:
    """Baskets that were filled and left: at any time, and some in the last three days."""
    everybody = np.arange(len(world.people))
    once = everybody[rng.random(len(everybody)) < 0.2]
    lately = everybody[rng.random(len(everybody)) < 0.04]
    people = np.concatenate([once, lately])
    times = np.concatenate([
        _seconds(rng.integers(4, 90, len(once)), rng),
        -rng.uniform(2 * 3600, 2.8 * _DAY_S, len(lately)),
    ])  # fmt: skip
    items = world.choose_items(people, rng)
    for number, (person, at, item) in enumerate(zip(people.tolist(), times.tolist(), items.tolist(), strict=True)):
        seen = product_properties(world.items[item])
        yield _Moment(at - 90, person, "Product Viewed", seen)
        left = {**seen, "quantity": 1, "cart_id": f"l{world.seed}-{number:05d}"}
        yield _Moment(at, person, "Product Added", left)


def _introductions(world: World, rng: np.random.Generator, moments: list[_Moment]) -> Iterator[_Moment]:
    """Who they are and what they agree to, before the first thing they did; some looked around unknown before."""
    first = np.full(len(world.people), -1.0)
    for moment in moments:
        first[moment.person] = min(first[moment.person], moment.at)
    unknown = (rng.random(len(first)) < 0.1).tolist()
    withdrew = (rng.random(len(first)) < 0.15).tolist()
    looks = world.choose_items(np.arange(len(first)), rng).tolist()
    for index, person in enumerate(world.people):
        at = float(first[index])
        if unknown[index]:
            yield _Moment(at - 600, index, "Product Viewed", product_properties(world.items[looks[index]]), True)
        yield _Moment(at - 300, index, "", {}, unknown[index])
        # Some who refuse marketing now had agreed to it first: the last word counts.
        changed = withdrew[index] and not person.consents["email_marketing"]
        said = {**person.consents, "email_marketing": True} if changed else dict(person.consents)
        yield _Moment(at - 299, index, "Consent Updated", {"consents": said})
        if changed:
            yield _Moment(at / 2, index, "Consent Updated", {"consents": {"email_marketing": False}})


def _wire(world: World, moment: _Moment) -> dict[str, Any]:
    person = world.people[moment.person]
    event: dict[str, Any] = {"type": "track" if moment.name else "identify"}
    if moment.anonymous:
        event["anonymousId"] = f"a-{person.person_id}"
    if not moment.anonymous or not moment.name:
        event["userId"] = person.person_id
    if moment.name:
        event["event"] = moment.name
        event["properties"] = {**moment.properties, "simulated": True}
    else:
        event["traits"] = {
            "email": person.email,
            "firstName": person.first_name,
            "lastName": person.surname,
            "locale": person.locale,
            "timezone": person.timezone,
            "country": person.country,
            "simulated": True,
        }
    return event


def _context(world: World, index: int) -> dict[str, Any]:
    person = world.people[index]
    return {"timezone": person.timezone, "locale": person.locale, "location": {"country": person.country}}


def _seconds(days: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Seconds before the end, for a day counted back from it (1 is the last day) and an hour by habit."""
    hours = rng.choice(24, size=len(days), p=_HOURS / _HOURS.sum())
    into_day: NDArray[np.float64] = hours * 3600.0 + rng.uniform(0, 3600, len(days))
    return into_day - days * _DAY_S
