from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tailorbird.pipeline.observe import NothingDecidedError
from tailorbird.pipeline.off_policy.other_policies import OtherPolicy
from tailorbird.pipeline.off_policy.past_draws import NothingToReplayError
from tailorbird.pipeline.off_policy.replay_policy import with_reward
from tailorbird.types.policy_spec import PolicySpec

pytestmark = pytest.mark.slow

DECIDED = datetime(2026, 9, 1, 8, tzinfo=UTC)
WARM, UNIFORM, BEST = (
    OtherPolicy("warm", "line", line="warm"),
    OtherPolicy("even", "uniform"),
    OtherPolicy("best", "best"),
)


def test_what_one_line_would_have_earned_is_told_with_an_interval_that_holds_the_truth(past: Any) -> None:
    (found,) = past.replay(WARM, block="subject").policies
    answer = found.evaluation.answer
    assert answer.low <= 0.215 <= answer.high
    assert answer.difference_low > 0.03
    assert found.changed == pytest.approx(0.65, abs=0.01)


def test_a_learned_policy_is_judged_by_people_it_did_not_learn_from(past: Any) -> None:
    policy = OtherPolicy("ts", "spec", spec=PolicySpec(temper=4, prior_mean=0.1))
    (found,) = past.replay(policy, block="subject").policies
    answer = found.evaluation.answer
    assert answer.low <= 0.21 <= answer.high
    assert answer.difference_low > 0


def test_the_whole_message_is_judged_as_one(past: Any) -> None:
    (found,) = past.replay(UNIFORM).policies
    truth = ((0.1 + 0.2 + 0.05) / 3 + (0.1 + 0.2) / 2) / 2 + 0.025
    assert found.evaluation.answer.low <= truth <= found.evaluation.answer.high


def test_intervals_of_several_policies_hold_together(past: Any) -> None:
    (alone,) = past.replay(UNIFORM).policies
    together = past.replay(UNIFORM, BEST, WARM).policies[0]
    assert together.evaluation.answer.high > alone.evaluation.answer.high


def test_too_few_people_get_no_number_but_a_reason(make_past: Callable[..., Any]) -> None:
    (found,) = make_past(people=300).replay(WARM).policies
    assert found.evaluation.answer is None
    assert "effective draws are like it; 1,000 are needed" in found.evaluation.overlap.why


def test_money_is_told_as_money_with_its_cap(past: Any) -> None:
    found = past.replay(WARM, block="subject", policy=with_reward(past.campaign, "value").policy)
    assert (found.currency, found.cap, found.scale) == ("GBP", 40.0, 40.0)
    found = past.replay(WARM, block="subject")
    assert (found.currency, found.scale) == ("", 100.0)


def test_a_campaign_without_conversions_has_no_answer(past: Any) -> None:
    (found,) = past.replay(UNIFORM, until=DECIDED + timedelta(minutes=5)).policies
    assert "0 effective successes" in found.evaluation.overlap.why


def test_what_is_not_there_is_named(past: Any) -> None:
    with pytest.raises(NothingToReplayError, match=r"no line for a block 'cta'; it has preheader, subject"):
        past.replay(WARM, block="cta")
    with pytest.raises(NothingToReplayError, match=r"no line 'hot' competed; 3 did: cold, plain, warm"):
        past.replay(OtherPolicy("hot", "line", line="hot"), block="subject")
    with pytest.raises(NothingDecidedError, match="decided on no message by 2026-08-01"):
        past.replay(WARM, until=datetime(2026, 8, 1, tzinfo=UTC))


def test_one_arm_leaves_nothing_to_replay(make_past: Callable[..., Any]) -> None:
    past = make_past(people=20)
    for block, (one, *_) in past.sets.items():
        past.sets[block] = (replace(one, arms=one.arms[:1], propensities=(1.0,)),)
    past.arm_sets.save(sets[0] for sets in past.sets.values())
    only = [
        replace(
            one,
            slate=tuple(
                replace(place, creative_id=past.sets[place.block][0].arms[0], propensity=1.0, among=past.sets[place.block][0].set_id)
                for place in one.slate
            ),
            decision_id=f"only-{one.person_id}", campaign="only", step="9",
        )
        for one in past.made
    ]  # fmt: skip
    past.decisions.save(only)
    past.campaign = replace(past.campaign, name="only")
    with pytest.raises(NothingToReplayError, match="one line was the only one everywhere"):
        past.replay(WARM)


def test_an_arm_that_was_added_mid_flight_is_judged_where_it_competed_and_nothing_changes_elsewhere(past: Any) -> None:
    (found,) = past.replay(OtherPolicy("cold", "line", line="cold"), block="subject").policies
    answer = found.evaluation.answer
    assert answer.low <= (0.05 + 0.15) / 2 + 0.015 <= answer.high


def test_another_reward_is_the_campaigns_own_but_for_that(past: Any) -> None:
    assert with_reward(past.campaign, "click").policy.reward == "click"
    assert with_reward(past.campaign, None) is past.campaign
