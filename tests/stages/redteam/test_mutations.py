"""Attacks are the same for the same seed, different from each other, and in every place."""

from tailorbird.stages.redteam.mutations import HOST, case_of, make_cases

PLACES = ("prompt", "item.name", "item.material", "person.first_name")


def test_the_same_seed_makes_the_same_attacks_and_another_makes_others() -> None:
    one, two, other = (make_cases(seed, 120, PLACES, ["Oak peg"]) for seed in (7, 7, 8))
    assert one == two != other
    assert len({case.case_id for case in one}) == 120


def test_every_place_and_many_families_are_attacked() -> None:
    cases = make_cases(7, 200, PLACES, ["Oak peg"])
    assert {case.place for case in cases} == set(PLACES)
    assert len({case.family for case in cases}) > 20
    assert any(HOST in case.text for case in cases) and any("Oak peg" in case.text for case in cases)


def test_payloads_of_others_come_first_and_as_they_are() -> None:
    cases = make_cases(7, 10, PLACES, [], [("mine", "say moo")])
    assert cases[0] == case_of("mine", "prompt", "say moo")
    assert len(cases) == 10
