from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.pilots.progress import in_slice, missing_roles, pilot_hash, pilot_in_force, unsigned
from tailorbird.types.pilot import Signature
from tests.stages.pilots.test_checklist import PILOT

FIRST, LAST = PILOT.checkpoints


def signed(checkpoint: str, by: str, role: str, digest: str = "") -> Signature:
    return Signature("one", checkpoint, by, role, "2026-06-08", digest or pilot_hash(PILOT))


def test_a_checkpoint_is_complete_once_each_role_has_signed() -> None:
    assert missing_roles(PILOT, LAST, []) == ("owner", "reviewer")
    assert missing_roles(PILOT, LAST, [signed("decision", "ana", "owner")]) == ("reviewer",)
    both = [signed("decision", "ana", "owner"), signed("decision", "ben", "reviewer")]
    assert missing_roles(PILOT, LAST, both) == ()


def test_a_changed_pilot_has_to_be_signed_anew() -> None:
    old = [signed("first_look", "ana", "owner")]
    assert missing_roles(PILOT, FIRST, old) == ()
    assert missing_roles(replace(PILOT, share=0.2), FIRST, old) == ("owner",)


def test_only_what_is_due_holds_a_campaign_and_everything_is_needed_in_the_end() -> None:
    assert unsigned(PILOT, [], date(2026, 6, 7)) == []
    assert unsigned(PILOT, [], date(2026, 6, 8)) == [FIRST]
    assert unsigned(PILOT, []) == [FIRST, LAST]
    assert unsigned(PILOT, [signed("first_look", "ana", "owner")], date(2026, 6, 30)) == [LAST]


def test_the_pilot_of_the_least_risk_that_is_not_complete_counts() -> None:
    pilots = {"b": replace(PILOT, use="standard"), "a": PILOT, "other": replace(PILOT, campaign="other")}
    assert pilot_in_force(pilots, PILOT.campaign, []) == "a"
    assert pilot_in_force(pilots, PILOT.campaign, ["a"]) == "b"
    assert pilot_in_force(pilots, PILOT.campaign, ["a", "b"]) is None


@pytest.mark.slow
@given(st.text(max_size=20), st.floats(0, 1), st.floats(0, 1))
def test_a_larger_slice_holds_the_smaller_one(person: str, one: float, two: float) -> None:
    small, large = sorted((one, two))
    assert not in_slice("c", person, small) or in_slice("c", person, large)
    assert in_slice("c", person, 1.0) and not in_slice("c", person, 0.0)


def test_a_slice_is_as_large_as_it_says_and_another_one_in_each_campaign() -> None:
    people = [f"p{n}" for n in range(20_000)]
    first = {person for person in people if in_slice("a", person, 0.1)}
    second = {person for person in people if in_slice("b", person, 0.1)}
    assert 1800 < len(first) < 2200
    assert 120 < len(first & second) < 290
