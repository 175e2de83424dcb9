"""The splits of a campaign against the plans of its runs."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tailorbird.pipeline.watch_split import exposure_notes, watch_split
from tailorbird.testing.readouts import example_campaign
from tailorbird.types.campaign import Campaign
from tailorbird.types.decision import Arm, Decision
from tailorbird.types.experiment import ExperimentSpec, VariantSpec

AT = datetime(2026, 9, 1, 8, tzinfo=UTC)
SPEC = ExperimentSpec({"plain": VariantSpec(), "warm": VariantSpec()}, "plain")


def run(step: str, holdout: float, shares: dict[str, float] | None = None) -> dict[str, Any]:
    audience = {"holdout_share": holdout} | ({"shares": shares} if shares else {})
    return {"step": step, "steps": {"audience": audience}}


@pytest.fixture
def campaign() -> Campaign:
    return replace(example_campaign(), holdout=0.3)


@pytest.fixture
def people() -> Callable[..., list[Decision]]:
    """Makes decisions of new people: counts by variant ('' is the holdout), at a step, a day, in a stratum."""
    made = 0

    def make(counts: dict[str, int], step: str = "1", day: int = 0, stratum: str = "", **more: Any) -> list[Decision]:
        nonlocal made
        found = []
        for variant, count in counts.items():
            arm: Arm = "treatment" if variant else "holdout"
            for _ in range(count):
                made += 1
                found.append(
                    Decision(
                        f"d{made}", "winback", step, f"p{made}", arm, AT + timedelta(days=day), (), "", "en-GB", "", "",
                        variant="" if variant == "treated" else variant, stratum=stratum, **more,
                    )
                )  # fmt: skip
        return found

    return make


def test_a_run_is_held_against_the_share_that_it_drew_by(campaign: Campaign, people: Any) -> None:
    decided = people({"treated": 900, "": 100})
    (sound,) = watch_split(campaign, decided, [run("1", 0.1)], {})
    (off,) = watch_split(campaign, decided, [], {})
    assert (sound.kind, sound.counts, sound.blocked, sound.finished) == ("arms", (900, 100), False, True)
    assert off.blocked and off.p is not None and off.p < 1e-6


def test_each_step_counts_with_its_own_share_and_people_with_their_first_decision(
    campaign: Campaign, people: Any
) -> None:
    first, second = people({"treated": 700, "": 300}), people({"treated": 900, "": 100}, step="2", day=7)
    again = [
        replace(one, decision_id=f"{one.decision_id}-2", step="2", decided_at=AT + timedelta(days=7)) for one in first
    ]
    (found,) = watch_split(campaign, [*first, *second, *again], [run("1", 0.3), run("2", 0.1)], {})
    assert found.counts == (1600, 400) and found.expected == (1600.0, 400.0)
    assert not found.blocked and not found.finished


def test_variants_are_watched_beside_the_holdout_and_a_late_one_is_not_missed_before(
    campaign: Campaign, people: Any
) -> None:
    campaign = replace(campaign, experiment=replace(SPEC, variants={**SPEC.variants, "late": VariantSpec()}))
    early = people({"plain": 350, "warm": 350, "": 300})
    late = people({"plain": 233, "warm": 233, "late": 234, "": 300}, step="2", day=7)
    runs = [
        run("1", 0.3, {"holdout": 0.3, "plain": 0.35, "warm": 0.35}),
        run("2", 0.3, {"holdout": 0.3, "plain": 0.7 / 3, "warm": 0.7 / 3, "late": 0.7 / 3}),
    ]
    arms, variants, exposed = watch_split(campaign, [*early, *late], runs, {})
    assert not arms.blocked and not variants.blocked
    assert variants.arms == ("plain", "warm", "late") and variants.counts == (583, 583, 234)
    assert exposed.counts == (0, 0, 0) and exposed.p is None


def test_a_variant_that_loses_people_in_one_stratum_blocks_and_says_where(campaign: Campaign, people: Any) -> None:
    campaign = replace(campaign, experiment=SPEC)
    decided = [
        *people({"plain": 350, "warm": 349, "": 300}, stratum="garden"),
        *people({"plain": 350, "warm": 150, "": 230}, stratum="kitchen"),
    ]
    _, variants, _ = watch_split(campaign, decided, [], {})
    assert variants.blocked
    assert ("stratum", "kitchen") in [(place.dimension, place.value) for place in variants.places]
    assert "stratum is kitchen" in variants.why and "everybody else is split as planned" in variants.why


def test_exposures_on_other_days_block_where_timing_is_held_equal_and_are_told_where_it_is_not(
    campaign: Campaign, people: Any
) -> None:
    decided = people({"plain": 350, "warm": 350, "": 300})
    seen = {
        one.decision_id: {"day": "2026-09-01", "channel": "email"}
        for one in decided
        if one.variant == "plain" or (one.variant == "warm" and int(one.decision_id[1:]) % 2)
    }
    equal, free = (
        watch_split(replace(campaign, experiment=replace(SPEC, equal=kinds)), decided, [], seen)[2]
        for kinds in (("timing",), ())
    )
    assert equal.blocked and equal.counts == (350, 175)
    assert not free.blocked and "reached in the variants" in free.why


def test_equal_numbers_on_unequal_days_are_told_by_the_day(campaign: Campaign, people: Any) -> None:
    decided = people({"plain": 400, "warm": 400, "": 343})
    days = {"plain": "2026-09-01", "warm": "2026-09-02"}
    seen = {d.decision_id: {"day": days[d.variant], "channel": "email"} for d in decided if d.variant}
    found = watch_split(replace(campaign, experiment=SPEC), decided, [], seen)[2]
    assert found.blocked and {place.value for place in found.places} == set(days.values())


def test_odd_exposures_are_told_in_words_and_sound_ones_are_not() -> None:
    odd = {"a": {"early": 1, "crossed": 0}, "b": {"early": 1, "crossed": 1}, "c": {"early": 0, "crossed": 0}}
    early, crossed = exposure_notes(odd)
    assert "2 people were shown something before they were assigned" in early
    assert crossed.startswith("1 person was shown a variant that is not theirs")
    assert exposure_notes({"c": odd["c"]}) == ()
