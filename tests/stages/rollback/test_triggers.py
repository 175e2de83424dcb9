from dataclasses import replace

import pytest

from tailorbird.stages.rollback.triggers import (
    read_latency,
    read_shares,
    read_unsubscribes,
    severity_of,
    sum_tallies,
    tell_reading,
)
from tailorbird.types.feedback import Tally
from tailorbird.types.guardrail import RollbackSpec
from tailorbird.types.incident import Reading

SPEC = RollbackSpec()
ALPHA = 0.025


def fired(tally: Tally, spec: RollbackSpec = SPEC) -> set[str]:
    return {reading.name for reading in read_shares(tally, spec) if reading.fired}


def test_a_limit_is_reached_at_the_limit_itself() -> None:
    assert fired(Tally(1000, 0, {"complaint": 1})) == {"complaints"}
    assert fired(Tally(1001, 0, {"complaint": 1})) == set()
    assert fired(Tally(950, 50)) == {"bounces"}
    assert fired(Tally(951, 49)) == set()
    assert fired(Tally(960, 40, {"bounce": 10})) == {"bounces"}
    assert fired(Tally(1000, 0, {"policy_hit": 5})) == {"policy_hits"}


def test_nothing_fires_before_the_minimum_and_the_reading_says_so() -> None:
    (complaints, *_) = read_shares(Tally(99, 0, {"complaint": 9}), SPEC)
    assert (complaints.value, complaints.fired) == (None, False)
    assert "fewer than 100 messages" in complaints.why
    assert fired(Tally(100, 0, {"complaint": 9})) == {"complaints"}


def test_a_limit_of_zero_fires_at_the_first_and_not_at_none() -> None:
    spec = replace(SPEC, complaints=0.0)
    assert fired(Tally(500), spec) == set()
    assert fired(Tally(500, 0, {"complaint": 1}), spec) == {"complaints"}


def test_twice_the_unsubscribers_fire_only_where_that_is_no_accident() -> None:
    few = read_unsubscribes(
        Tally(200, 0, {"unsubscribe": 4}), Tally(200, 0, {"unsubscribe": 1}), SPEC, ALPHA, "the control"
    )
    assert few.value == pytest.approx(4) and not few.fired
    many = read_unsubscribes(
        Tally(10_000, 0, {"unsubscribe": 200}), Tally(10_000, 0, {"unsubscribe": 60}), SPEC, ALPHA, "the control"
    )
    assert many.fired and "60 of 10,000 unsubscribed from the control" in many.why
    less = read_unsubscribes(
        Tally(10_000, 0, {"unsubscribe": 90}), Tally(10_000, 0, {"unsubscribe": 60}), SPEC, ALPHA, "the control"
    )
    assert not less.fired


def test_unsubscribers_without_a_comparison_are_not_judged() -> None:
    alone = read_unsubscribes(Tally(1000, 0, {"unsubscribe": 50}), Tally(), SPEC, ALPHA, "the others")
    assert (alone.value, alone.fired) == (None, False) and "nothing to compare with" in alone.why
    quiet = read_unsubscribes(Tally(1000, 0, {"unsubscribe": 1}), Tally(1000), SPEC, ALPHA, "the others")
    assert (quiet.value, quiet.fired) == (None, False) and "nobody unsubscribed" in quiet.why
    loud = read_unsubscribes(Tally(5000, 0, {"unsubscribe": 80}), Tally(5000), SPEC, ALPHA, "the others")
    assert loud.fired and loud.value is not None and loud.value >= 2


def test_latency_is_watched_only_where_a_limit_is_set() -> None:
    assert list(read_latency([900.0] * 200, SPEC)) == []
    spec = replace(SPEC, latency_p95_ms=100)
    (slow,) = read_latency([10.0] * 180 + [500.0] * 20, spec)
    assert slow.fired and slow.value == 500
    (fine,) = read_latency([10.0] * 195 + [500.0] * 5, spec)
    assert not fine.fired
    (unknown,) = read_latency([500.0] * 20, spec)
    assert unknown.value is None and not unknown.fired


def test_variants_add_up() -> None:
    both = sum_tallies({"a": Tally(10, 1, {"complaint": 2}), "b": Tally(5, 0, {"complaint": 1, "bounce": 1})})
    assert both == Tally(15, 1, {"complaint": 3, "bounce": 1})


def test_the_worst_of_what_fired_says_how_severe_it_is() -> None:
    assert severity_of([Reading("bounces", 0.06, 0.05, True)]) == "medium"
    assert severity_of([Reading("complaints", 0.002, 0.001, True)]) == "high"
    assert severity_of([Reading("complaints", 0.02, 0.001, True)]) == "critical"
    assert severity_of([Reading("latency_p95_ms", 200, 100, True)]) == "low"


def test_a_reading_is_one_line() -> None:
    assert tell_reading(Reading("complaints", 0.0025, 0.001, True, 3, 1204)) == (
        "complaints: 3 of 1,204 (0.25%), limit 0.10%"
    )
    assert "not known (why)" in tell_reading(Reading("bounces", None, 0.05, False, why="why"))
    assert tell_reading(Reading("latency_p95_ms", 1500.0, 100, True, 5, 99)).startswith("latency_p95_ms: 1,500 ms")
