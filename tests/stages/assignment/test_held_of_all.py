"""Who is compared with the holdout of all campaigns."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from tailorbird.stages.assignment.buckets import BUCKETS, bucket_of
from tailorbird.stages.assignment.held_of_all import (
    HELD,
    NEITHER,
    PROGRAM,
    admit,
    arms_of,
    began_at,
    range_of,
    shares_over_time,
    spans,
)
from tailorbird.types.decision import Decision
from tailorbird.types.program import HeldShare

DAY = timedelta(days=1)
START = datetime(2026, 3, 1, tzinfo=UTC)
FOREVER = START + 99 * DAY


def decision(person: str, day: int, held: Any = "", campaign: str = "c", step: str = "1") -> Decision:
    name = f"d-{campaign}-{step}-{person}-{day}"
    return Decision(name, campaign, step, person, "treatment", START + day * DAY, (), "", "", "", "", held=held)


def run(step: str, day: int, share: float | None) -> dict[str, Any]:
    detail = {} if share is None else {"global_share": share}
    return {"campaign": "c", "step": step, "as_of": (START + day * DAY).isoformat(), "steps": {"audience": detail}}


def test_runs_tell_their_share_and_those_that_do_not_have_todays() -> None:
    found = shares_over_time([run("1", 0, None), run("2", 1, 0.1)], 0.2)
    assert found["c", "1"] == HeldShare(0.2, START, False)
    assert found["c", "2"] == HeldShare(0.1, START + DAY, True)


def test_the_holdout_began_with_the_first_share_that_was_written_or_the_first_person_held_out() -> None:
    late = [decision("a", 5, "global"), decision("b", 1)]
    assert began_at(late, []) == START + 5 * DAY
    assert began_at(late, [HeldShare(0.1, START + 2 * DAY, True)]) == START + 2 * DAY
    assert began_at(late, [HeldShare(0.1, START, False)]) == START + 5 * DAY
    assert began_at([decision("b", 1)], [HeldShare(0.0, START, True)]) is None


def test_whoever_is_between_two_shares_is_on_neither_side() -> None:
    buckets = np.array([0, 499, 500, 999, 1000, 9999])
    assert arms_of(buckets, 0.05, 0.1).tolist() == [HELD, HELD, NEITHER, NEITHER, PROGRAM, PROGRAM]
    assert arms_of(buckets, 0.05, 0.05).tolist() == [HELD, HELD, PROGRAM, PROGRAM, PROGRAM, PROGRAM]


def test_a_share_holds_until_the_next_run_and_only_those_of_the_period_count() -> None:
    changes = spans([HeldShare(share, START + day * DAY, True) for day, share in enumerate((0.1, 0.1, 0.3, 0.2))],
                    START, START + 9 * DAY)  # fmt: skip
    assert [one.share for one in changes] == [0.1, 0.3, 0.2]
    assert range_of(changes, START) == (0.1, 0.3)
    assert range_of(changes, START + 2 * DAY) == (0.2, 0.3)
    assert range_of(changes, START + 2.5 * DAY) == (0.2, 0.3)
    assert range_of(changes, START + 8 * DAY) == (0.2, 0.2)
    assert range_of((), START) == (0.0, 0.0)


def test_people_are_admitted_by_their_first_decision_whatever_it_was() -> None:
    made = [decision("a", 4), decision("a", 2, "global"), decision("b", 3), decision("old", -1), decision("new", 50)]
    found = admit(made, {}, "salt", {}, 0.0, (START, START, START + 9 * DAY))
    assert list(found.people) == ["a", "b"]
    assert [one.decided_at for one in found.first] == [START + 2 * DAY, START + 3 * DAY]
    assert found.held_ever.tolist() == [True, False] and found.free_ever.tolist() == [True, True]
    assert found.buckets.tolist() == [bucket_of("a", "salt"), bucket_of("b", "salt")]


def test_two_ids_count_once_with_the_bucket_of_the_first() -> None:
    made = [decision("b", 1), decision("a", 2)]
    found = admit(made, {"b": "a"}, "salt", {}, 0.0, (START, START, FOREVER))
    assert list(found.people) == ["a"] and found.buckets.tolist() == [bucket_of("b", "salt")]


@pytest.mark.parametrize(("held", "strangers"), [("global", 0), ("", 1), ("campaign", 1)])
def test_whoever_should_have_been_held_out_and_was_not_is_a_stranger(held: str, strangers: int) -> None:
    share = (bucket_of("a", "salt") + 1) / BUCKETS
    shares = {("c", "1"): HeldShare(share, START, True)}
    made = [decision("a", 3, held)]
    assert admit(made, {}, "salt", shares, 0.0, (START, START, FOREVER)).strangers == strangers
    assert admit(made, {}, "salt", shares, 0.0, (START, START + 4 * DAY, FOREVER)).strangers == 0
