"""Approval by policy: what goes without a person, what is looked at afterwards, and what waits."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tailorbird.pipeline.approve import BY, approve_by_policy
from tailorbird.stages.review.policy import content_hash
from tailorbird.testing.state import FixedClock
from tailorbird.types.creative import Creative
from tailorbird.types.review import QueueFilter, ReviewEntry
from tailorbird.types.review_policy import Reviewer, ReviewPolicy, SampleSpec

CLOCK = FixedClock(datetime(2026, 6, 1, 12, tzinfo=UTC))
POLICY = ReviewPolicy(
    {"ana": Reviewer(("creative",)), "lea": Reviewer(("legal",))}, first=1, sample=SampleSpec(share=0.0, minimum=2)
)
NOTES = {"verdict": {"status": "pass"}, "prompt_hash": "p1", "model": {"digest": "d1"}}


def line(name: str, text: str = "Back: {{ item.name }}") -> Creative:
    return Creative(name, "b_1", "win_back", "subject", "en-GB", text, "model", content_hash(text))


@pytest.fixture
def state(empty_state: Any) -> Any:
    empty_state.creatives.save(
        [line("c_good"), line("c_bad")],
        {"c_good": {"verdict": {"status": "pass"}}, "c_bad": {"verdict": {"status": "review"}}},
    )
    return empty_state


def run(opened: Any, state: Any, clock: FixedClock = CLOCK, policy: ReviewPolicy | None = None, **changed: Any) -> Any:
    project, campaign = replace(opened.project, review=policy), replace(opened.campaign, **changed)
    return approve_by_policy(project, campaign, state.creatives, state.reviews, state.review_record, clock)


def queue(state: Any, wanted: str = "") -> list[ReviewEntry]:
    return [found.entry for found in state.reviews.find(QueueFilter(state=wanted), 1000).lines]


def usable(state: Any, name: str) -> bool:
    return bool(state.creatives.get(name)[0].usable)


def test_auto_approves_low_risk_lines_only_and_the_others_wait_with_the_reason(state: Any, opened: Any) -> None:
    assert run(opened, state) == {"approved": 1, "pending": 1, "sampled": 0}
    assert usable(state, "c_good") and not usable(state, "c_bad")
    assert state.creatives.reviews("c_good")[0]["by"] == BY
    (entry,) = queue(state)
    assert (entry.creative_id, entry.reasons, entry.needs) == ("c_bad", ("finding",), ("reviewer",))


def test_a_campaign_of_high_risk_or_with_a_queue_leaves_every_line_to_a_person(state: Any, opened: Any) -> None:
    assert run(opened, state, tags={"risk": "high"})["approved"] == 0
    assert run(opened, state, review="queue") == {"approved": 0, "pending": 2, "sampled": 0}
    assert {e.creative_id for e in queue(state)} == {"c_good", "c_bad"}


def test_a_line_of_the_files_that_waits_waits_for_a_person(state: Any, opened: Any) -> None:
    state.creatives.save([replace(line("c_file"), rung="approved")], {"c_file": {"verdict": {"status": "pass"}}})
    run(opened, state)
    assert not usable(state, "c_file")


def many(state: Any, count: int, prefix: str = "c_many") -> None:
    names = [f"{prefix}_{n}" for n in range(count)]
    state.creatives.save([line(name) for name in names], dict.fromkeys(names, NOTES))


def approved_by_a_person(state: Any, name: str = "c_first") -> None:
    state.creatives.save([line(name)], {name: NOTES})
    state.creatives.review(name, "approved", "ana", "", CLOCK.now().isoformat())
    entry = ReviewEntry(name, line(name).content_hash, "win_back", "subject", "en-GB", (), (), "2026-05-01", "2026-05-02",
                        state="done", prompt="p1", model="d1", outcome="approve")  # fmt: skip
    state.reviews.put([entry])


def test_the_first_lines_of_a_prompt_and_model_wait_and_the_rest_follows_once_they_are_approved(
    empty_state: Any, opened: Any
) -> None:
    many(empty_state, 3)
    assert run(opened, empty_state, policy=POLICY) == {"approved": 0, "pending": 3, "sampled": 0}
    assert queue(empty_state)[0].reasons == ("new_prompt", "new_model")
    approved_by_a_person(empty_state)
    assert run(opened, empty_state, policy=POLICY) == {"approved": 3, "pending": 0, "sampled": 2}
    assert queue(empty_state, "waiting") == [] and len(queue(empty_state, "look")) == 2
    closed = [empty_state.reviews.get(f"c_many_{n}").entry for n in range(3)]
    assert sorted((e.state, e.outcome) for e in closed) == [("done", "policy"), ("look", ""), ("look", "")]


@pytest.mark.slow
def test_a_day_s_sample_has_its_minimum_and_the_next_day_begins_anew(empty_state: Any, opened: Any) -> None:
    approved_by_a_person(empty_state)
    clock = FixedClock(CLOCK.now())
    told = []
    for batch, at in enumerate((0, 1, 10, 12)):  # London is an hour ahead: its day ends at 23:00 UTC
        clock.set(CLOCK.now() + timedelta(hours=at))
        many(empty_state, 1 if batch == 0 else 5, f"c_{batch}")
        told.append(run(opened, empty_state, clock, POLICY)["sampled"])
    assert told == [1, 1, 0, 2]
    assert all(entry.reasons == ("sampled",) for entry in queue(empty_state, "look"))


@pytest.mark.slow
def test_a_share_is_looked_at_whatever_the_minimum(empty_state: Any, opened: Any) -> None:
    approved_by_a_person(empty_state)
    many(empty_state, 200)
    sampled = run(opened, empty_state, policy=replace(POLICY, sample=SampleSpec(0.2, 0)))["sampled"]
    assert 20 < sampled < 60


def test_a_crash_between_the_sample_and_the_approval_loses_neither(empty_state: Any, opened: Any) -> None:
    approved_by_a_person(empty_state)
    many(empty_state, 4)
    real = empty_state.creatives.review

    class Dies:
        def __getattr__(self, name: str) -> Any:
            return getattr(empty_state.creatives, name)

        def review(self, *words: Any) -> Any:
            if words[0] == "c_many_2":
                raise OSError("killed")
            return real(*words)

    with pytest.raises(OSError, match="killed"):
        run(opened, replace(empty_state, creatives=Dies()), policy=POLICY)
    run(opened, empty_state, policy=POLICY)
    assert all(usable(empty_state, f"c_many_{n}") for n in range(4))
    assert len(queue(empty_state, "look")) == 2


def test_what_was_escalated_or_edited_stays_with_people(empty_state: Any, opened: Any) -> None:
    many(empty_state, 2)
    run(opened, empty_state, policy=POLICY)
    first, second = queue(empty_state)
    empty_state.reviews.put([replace(first, reasons=("new_prompt", "escalated"))])
    approved_by_a_person(empty_state)
    assert run(opened, empty_state, policy=POLICY)["pending"] == 1
    assert not usable(empty_state, first.creative_id) and usable(empty_state, second.creative_id)
