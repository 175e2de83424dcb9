from collections.abc import Sequence

import numpy as np
import pytest

from tailorbird.testing.simulator.world import ACTIVE, LAPSED, SimulatorError, make_world
from tailorbird.types.item import Item


def test_the_same_seed_makes_the_same_people_and_another_makes_others(items: Sequence[Item]) -> None:
    one, again, other = make_world(items, 1, 200), make_world(items, 1, 200), make_world(items, 2, 200)
    assert one.people == again.people
    assert np.array_equal(one.tastes, again.tastes)
    assert one.people != other.people


def test_people_are_a_plausible_mix(items: Sequence[Item]) -> None:
    world = make_world(items, 3, 4000)
    german = np.mean([person.locale == "de-DE" for person in world.people])
    assert 0.27 < german < 0.33
    assert len({person.email for person in world.people}) == 4000
    assert len({person.person_id for person in world.people}) == 4000
    for purpose, low, high in (("email_marketing", 0.9, 0.95), ("open_tracking", 0.5, 0.6)):
        assert low < np.mean([person.consents[purpose] for person in world.people]) < high
    assert np.allclose(world.tastes.sum(axis=1), 1)
    assert world.organic_rate[world.kinds == ACTIVE].mean() > world.organic_rate[world.kinds == LAPSED].mean() > 0.03
    assert {person.country for person in world.people} == {"GB", "IE", "DE", "AT", "CH"}


def test_people_choose_what_they_like(items: Sequence[Item]) -> None:
    world = make_world(items, 4, 300)
    person = int(world.tastes.max(axis=1).argmax())
    chosen = world.choose_items(np.full(1000, person), np.random.default_rng(0))
    favourite = np.mean(world.item_families[chosen] == world.tastes[person].argmax())
    assert abs(favourite - world.tastes[person].max()) < 0.05


def test_a_catalog_without_prices_or_odd_replenishing_still_works(items: Sequence[Item]) -> None:
    bare = Item("x", "v1", "Thing", "things", None, "GBP", texts={"": {"replenish_days": "soon"}})
    world = make_world([bare], 1, 10)
    assert world.replenish_days.tolist() == [0.0]
    assert world.choose_items(np.arange(10), np.random.default_rng(0)).tolist() == [0] * 10


def test_an_empty_catalog_is_one_clear_error(items: Sequence[Item]) -> None:
    for goods, people in (((), 10), (items, 0)):
        with pytest.raises(SimulatorError, match="at least one catalog item"):
            make_world(goods, 1, people)


def test_people_are_found_by_their_address(items: Sequence[Item]) -> None:
    world = make_world(items, 1, 50)
    assert world.by_email()[world.people[7].email] == 7
