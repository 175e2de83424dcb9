"""Sums of what was told, and what a person is told of it."""

import json
from dataclasses import replace
from datetime import timedelta

from tailorbird.stages.privacy.exposure_sums import sum_exposures, tell_person
from tailorbird.testing.exposures_conformance import FIRST, MOMENT

DONE = replace(FIRST, state="answered", requests=2, prompt_tokens=10, completion_tokens=4, masked={"email": 1})


def test_one_sum_per_model_and_terms() -> None:
    told = [DONE, replace(DONE, masked={"email": 2, "phone": 1}), replace(DONE, dpa="dpa-2"), replace(DONE, model="n")]
    first, other, third = sum_exposures(told, MOMENT)
    assert (first.dpa, other.dpa, third.model) == ("dpa-1", "dpa-2", "n")
    assert first.states == {"answered": 2}
    assert (first.requests, first.bytes, first.prompt_tokens, first.completion_tokens) == (4, 3600, 20, 8)
    assert first.masked == {"email": 3, "phone": 1}
    assert (first.categories, first.purposes) == (("catalog",), ("personalization",))


def test_what_was_refused_or_answered_by_the_cache_was_not_told() -> None:
    (told,) = sum_exposures([replace(DONE, state="refused"), replace(DONE, state="cache")], MOMENT)
    assert told.states == {"cache": 1, "refused": 1}
    assert (told.requests, told.bytes, told.masked, told.held, told.categories) == (0, 0, {}, 0, ())


def test_a_call_that_never_ended_counts_as_told() -> None:
    (told,) = sum_exposures([FIRST], MOMENT)
    assert (told.states, told.bytes, told.held) == ({"started": 1}, 900, 1)


def test_a_vendor_holds_what_it_was_told_until_its_retention_ends_or_for_ever() -> None:
    later = replace(DONE, at=MOMENT + timedelta(days=10))
    (told,) = sum_exposures([DONE, later], MOMENT + timedelta(days=31))
    assert (told.held, told.held_until) == (1, MOMENT + timedelta(days=40))
    (unknown,) = sum_exposures([replace(DONE, retention_days=None)], MOMENT + timedelta(days=9999))
    assert (unknown.held, unknown.held_until) == (1, None)
    (none,) = sum_exposures([replace(DONE, retention_days=0)], MOMENT)
    assert (none.held, none.held_until) == (0, None)


def test_a_person_is_told_what_vendors_got_and_what_is_not_known() -> None:
    local = replace(DONE, local=True, masked={"name": 5})
    told = tell_person([DONE, replace(DONE, exposure_id="e2"), local, replace(DONE, state="refused")])
    assert (told["calls"], told["masked"], told["about_this_person"]) == (2, {"email": 2}, [])
    assert [vendor["dpa"] for vendor in told["vendors"]] == ["dpa-1"]
    assert "cannot be searched" in told["what_is_not_known"]
    assert json.dumps(told)
