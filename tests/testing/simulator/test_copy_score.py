from collections.abc import Sequence
from dataclasses import replace

import pytest

from tailorbird.testing.simulator.copy_score import CopyReader
from tailorbird.testing.simulator.mail import ReadMail
from tailorbird.testing.simulator.world import World, make_world
from tailorbird.types.item import Item

MAIL = ReadMail("a@example.com", "News", "The Tansy stoneware mug is in the shop.", (), None, None)


@pytest.fixture
def world(items: Sequence[Item]) -> World:
    return make_world(items, 6, 100)


def test_good_copy_earns_more_than_bad(world: World) -> None:
    reader = CopyReader(world)

    def score(subject: str) -> float:
        return reader.read(replace(MAIL, subject=subject), 0).score

    assert score("A quiet morning with the Tansy stoneware mug?") > score("Tansy stoneware mug") > score("News")
    assert score("Hurry!! Last chance") < score("News")
    assert score("News " * 14) < score("News")


def test_a_message_suits_the_people_who_like_the_item_s_family(world: World) -> None:
    reader, mugs = CopyReader(world), world.families.index("mugs")
    fan, other = int(world.tastes[:, mugs].argmax()), int(world.tastes[:, mugs].argmin())
    assert reader.read(MAIL, fan).score > reader.read(MAIL, other).score + 0.3


def test_items_are_known_by_every_name_they_have(items: Sequence[Item]) -> None:
    german = replace(items[2], texts={"de-DE": {"name": "Steinzeugbecher Tansy", "short_name": "Becher Tansy"}})
    reader = CopyReader(make_world([*items[:2], german], 1, 10))
    for name in ("Tansy stoneware mug", "steinzeugbecher tansy", "Becher Tansy"):
        assert reader.read(replace(MAIL, text=f"Neu: {name}"), 0).item == 2
    assert reader.read(replace(MAIL, text="Nothing"), 0).item is None


def test_scores_stay_near_zero_on_average(world: World) -> None:
    reader = CopyReader(world)
    subjects = ("Your Tansy stoneware mug", "Something for slow mornings", "Tansy stoneware mug, made for tea")
    scores = [reader.read(replace(MAIL, subject=s), n).score for s in subjects for n in range(len(world.people))]
    assert abs(sum(scores) / len(scores)) < 0.4
