"""The planted program: what it says it planted is there."""

from collections import Counter

from tailorbird.testing.programs import BEGAN, PlantedProgram


def test_the_share_is_held_out_and_everybody_stays_where_they_are() -> None:
    world = PlantedProgram(people=600, weeks=3)
    made = world.decisions()
    held = {one.person_id for one in made if one.held == "global"}
    assert abs(len(held) - 120) < 40
    assert not held & {one.person_id for one in made if one.held != "global"}
    assert {one.decided_at for one in made} == {moment for _, _, moment, _ in world.runs()}


def test_the_lift_is_more_orders_of_those_who_are_written_to_and_of_nobody_else() -> None:
    plain, lifted = (PlantedProgram(people=600, lift=lift) for lift in (0.0, 3.0))
    orders = []
    for world in (plain, lifted):
        after = [event for event in world.events() if event[0] == "Order Completed" and event[2] > BEGAN]
        orders.append(Counter(world.held(event[1], 0) for event in after))
    assert orders[1][False] > 2 * orders[0][False]
    assert 0.8 < orders[1][True] / orders[0][True] < 1.25
