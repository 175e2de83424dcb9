"""The English word lists hold together."""

from tailorbird.stages.facts.english import ENGLISH


def test_months_bounds_and_claims_are_there() -> None:
    assert ENGLISH.months["dec"] == 12 and ENGLISH.bounds[("up", "to")] == "up_to"
    assert len(ENGLISH.weekdays) == 14 and "best" in ENGLISH.assertions["superlative"]
