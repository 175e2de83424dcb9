from datetime import UTC, datetime

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.stages.rollback.guardrails import comparisons, compile_counts, read_guardrail
from tailorbird.types.guardrail import GuardrailSpec

RETURNS = GuardrailSpec("returns", "Order Refunded", window_days=14)
UNTIL = datetime(2026, 6, 30, tzinfo=UTC)


def counted(
    spec: GuardrailSpec, rows: list[tuple[str, str, int]], events: list[tuple[str, str, int]]
) -> dict[str, object]:
    """rows: (person, arm, June day of the decision); events: (person, name, June day)."""
    warehouse = DuckdbWarehouse()
    warehouse.load("decided", {
        "decision_id": [f"d_{person}_{day}" for person, _, day in rows],
        "person_id": [person for person, _, _ in rows],
        "arm": [arm for _, arm, _ in rows],
        "decided_at": [datetime(2026, 6, day, tzinfo=UTC).replace(tzinfo=None) for _, _, day in rows],
    })  # fmt: skip
    warehouse.load("events", {
        "person_id": [person for person, _, _ in events],
        "type": ["track" for _ in events],
        "event": [name for _, name, _ in events],
        "timestamp": [datetime(2026, 6, day, 1, tzinfo=UTC).replace(tzinfo=None) for _, _, day in events],
    })  # fmt: skip
    return {arm: (happened, people) for arm, people, happened in warehouse.rows(compile_counts(spec, UNTIL))}


def test_people_count_once_inside_their_window_and_after_their_decision() -> None:
    rows = [("a", "treatment", 1), ("b", "treatment", 1), ("c", "holdout", 1), ("d", "treatment", 10)]
    events = [
        ("a", "Order Refunded", 3), ("a", "Order Refunded", 4), ("b", "Order Refunded", 16), ("c", "Other", 3),
        ("d", "Order Refunded", 9), ("nobody", "Order Refunded", 3),
    ]  # fmt: skip
    assert counted(RETURNS, rows, events) == {"treatment": (1, 3), "holdout": (0, 1), "": (1, 3)}


def test_a_person_of_several_steps_is_one_person_in_an_arm_and_among_everybody() -> None:
    rows = [("a", "treatment", 1), ("a", "warm", 8), ("b", "warm", 1), ("b", "warm", 8), ("c", "holdout", 1)]
    rows += [("c", "holdout", 8), ("d", "holdout", 1), ("d", "holdout", 8)]
    events = [("a", "Order Refunded", 9), ("b", "Order Refunded", 9), ("c", "Order Refunded", 9)]
    found = counted(RETURNS, rows, events)
    assert found == {"treatment": (1, 1), "warm": (2, 2), "holdout": (1, 2), "": (2, 2)}


def test_what_follows_a_later_step_counts_though_the_first_window_is_over() -> None:
    rows = [("a", "treatment", 1), ("a", "treatment", 20), ("b", "holdout", 1), ("b", "holdout", 20)]
    assert counted(RETURNS, rows, [("a", "Order Refunded", 22)])["treatment"] == (1, 1)


def test_a_mature_guardrail_counts_people_only_once_their_window_is_over() -> None:
    spec = GuardrailSpec("returns", "Order Refunded", window_days=14, mature=True)
    rows = [("a", "treatment", 1), ("b", "treatment", 20)]
    events = [("a", "Order Refunded", 3), ("b", "Order Refunded", 21)]
    assert counted(spec, rows, events) == {"treatment": (1, 1), "": (1, 1)}


def test_a_name_with_a_quote_is_a_name() -> None:
    spec = GuardrailSpec("odd", "It's back")
    assert counted(spec, [("a", "treatment", 1)], [("a", "It's back", 2)]) == {"treatment": (1, 1), "": (1, 1)}


def test_everybody_treated_is_compared_with_the_holdout_and_each_variant_with_the_control() -> None:
    assert comparisons(["holdout", "treatment"], "") == [("", "holdout")]
    assert comparisons(["a", "b", "holdout"], "a") == [("", "holdout"), ("b", "a")]
    assert comparisons(["a", "b", "c"], "a") == [("b", "a"), ("c", "a")]
    assert comparisons(["treatment"], "") == []


def test_it_fires_once_the_bound_excludes_the_margin() -> None:
    calm = read_guardrail(RETURNS, {"": (100, 9000), "holdout": (10, 1000)}, "", "holdout", 0.025)
    assert not calm.fired and calm.value == pytest.approx(1.11, abs=0.01)
    harm = read_guardrail(RETURNS, {"": (900, 9000), "holdout": (40, 1000)}, "", "holdout", 0.025)
    assert harm.fired and "surely more than" in harm.why
    never = read_guardrail(RETURNS, {"": (200, 1000), "holdout": (0, 1000)}, "", "holdout", 0.025)
    assert never.fired and never.value is not None and never.value > 1.1


def test_an_absolute_margin_waits_for_events_in_both_arms() -> None:
    spec = GuardrailSpec("tickets", "Support Ticket Opened", absolute=0.01)
    few = read_guardrail(spec, {"": (60, 1000), "holdout": (3, 1000)}, "", "holdout", 0.025)
    assert (few.value, few.fired) == (None, False) and "fewer than 10 events" in few.why
    harm = read_guardrail(spec, {"": (600, 5000), "holdout": (100, 5000)}, "", "holdout", 0.025)
    assert harm.fired and harm.value == pytest.approx(0.1)


def test_without_a_comparison_nothing_is_made_up() -> None:
    alone = read_guardrail(RETURNS, {"": (100, 9000)}, "", "holdout", 0.025)
    assert (alone.value, alone.fired) == (None, False) and "nothing to compare with" in alone.why
    quiet = read_guardrail(RETURNS, {"": (1, 100), "holdout": (0, 100)}, "", "holdout", 0.025)
    assert (quiet.value, quiet.fired) == (None, False)
    three = read_guardrail(RETURNS, {"": (50, 1000), "holdout": (0, 3)}, "", "holdout", 0.025)
    assert not three.fired
