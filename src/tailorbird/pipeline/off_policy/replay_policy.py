"""What another policy would have earned on a past campaign: the question, the answer, and the sentences."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tailorbird.pipeline.observe import NothingDecidedError, last_event
from tailorbird.pipeline.off_policy.other_policies import (
    Learned,
    OtherPolicy,
    differs,
    place_of,
    who_may_know,
    with_tags,
)
from tailorbird.pipeline.off_policy.past_draws import BlockDraws, NothingToReplayError, PastDraws, past_draws
from tailorbird.pipeline.off_policy.taught_policies import Features, Teaching, needs_people, taught_places
from tailorbird.pipeline.reward_table import reward_table
from tailorbird.ports.arm_sets import ArmSets
from tailorbird.ports.decision_store import DecisionStore
from tailorbird.ports.policy import MakePolicy
from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.bandits.kinds import make_policy
from tailorbird.stages.off_policy.evaluation import Evaluation, evaluate_places
from tailorbird.stages.off_policy.intervals import ALPHA
from tailorbird.types.campaign import Campaign
from tailorbird.types.creative import Creative
from tailorbird.types.decision import Decision
from tailorbird.types.policy_spec import PolicySpec

SEED = 5


@dataclass(frozen=True)
class ReplayedPolicy:
    """One policy's answer. `changed` is the largest share over blocks of people who would have seen something else."""

    policy: OtherPolicy
    evaluation: Evaluation
    changed: float


@dataclass(frozen=True)
class Replay:
    """What other policies would have earned on the campaign's past, per decision; intervals hold for all together.

    `scale` turns a reward into the unit that is told: people in 100, or money (`currency`, '' for shares), of which
    one person's counts up to `cap`. `blocks` are those that were drawn; `block` is the one that is judged ('': all).
    """

    campaign: str
    reward: str
    currency: str
    cap: float | None
    block: str
    learned: Learned
    until: datetime
    decisions: int
    people: int
    open_windows: int
    so_far: bool
    unkept: int
    policies: tuple[ReplayedPolicy, ...]
    blocks: tuple[str, ...] = ()
    simulated: bool = False

    @property
    def scale(self) -> float:
        """What a reward of 1 is told as."""
        return self.cap if self.cap is not None else 100.0


def replay_policies(
    campaign: Campaign,
    policies: Sequence[OtherPolicy],
    decisions: DecisionStore,
    arm_sets: ArmSets,
    creatives: Sequence[Creative],
    warehouse: Warehouse,
    currency: str,
    until: datetime | None = None,
    now: datetime | None = None,
    block: str = "",
    learned: Learned = "others",
    simulated: bool = False,
    make: MakePolicy = make_policy,
    features: Callable[[PolicySpec, PastDraws], Features] = lambda spec, past: ((), None),
) -> Replay:
    """Replay the campaign's decisions with each policy, as of `until` (None: the last event known).

    `make` knows the kinds of policies, and `features` tells what a policy asks of the past's people.
    `block` judges one block alone and leaves the others as they were ('': the whole message). The reward is that of
    `campaign.policy`. Raises NothingDecidedError, NothingToReplayError or UnusableDrawsError where there is no past to
    learn from, and says what is missing.
    """
    decided = _treated(campaign.name, decisions, until)
    until = until or last_event(warehouse, decided, now)
    table = reward_table(campaign, decided, warehouse, until)
    sets = arm_sets.find({str(one) for one in table.columns["set_id"] if one}) if len(table) else {}
    past = past_draws(table, sets, campaign.metric.window_days, SEED)
    judged = _judged_blocks(past, block, campaign.name)
    tags = {one.creative_id: one.tags for one in creatives}
    group, may_know = who_may_know(past, learned)
    teaching = Teaching(group, may_know, make, campaign.metric.window_days)
    asked = _Asked(past, judged, campaign.policy, learned, tags, teaching, features)
    answers = tuple(_replayed(each, asked, len(policies)) for each in policies)
    return Replay(
        campaign=campaign.name,
        reward=campaign.policy.reward,
        currency=currency if table.cap is not None else "",
        cap=table.cap,
        block=block,
        learned=learned,
        until=until,
        decisions=len(past.step),
        people=past.people,
        open_windows=past.open_windows,
        so_far=past.so_far,
        unkept=past.unkept,
        policies=answers,
        blocks=tuple(one.block for one in past.blocks),
        simulated=simulated,
    )


def _treated(campaign: str, decisions: DecisionStore, until: datetime | None) -> list[Decision]:
    found = [one for one in decisions.find(campaign) if one.arm == "treatment" and one.slate]
    found = [one for one in found if until is None or one.decided_at <= until]
    if not found:
        when = f" by {until:%Y-%m-%d %H:%M}" if until else ""
        raise NothingDecidedError(f"campaign {campaign!r} has decided on no message{when}: there is nothing to replay")
    return found


def _judged_blocks(past: PastDraws, block: str, campaign: str) -> list[BlockDraws]:
    names = [one.block for one in past.blocks]
    if block and block not in names:
        raise NothingToReplayError(
            f"campaign {campaign!r} drew no line for a block {block!r}; it has {', '.join(names)}"
        )
    judged = [one for one in past.blocks if not block or one.block == block]
    if not any((one.competing.sum(axis=1) > 1).any() for one in judged):
        raise NothingToReplayError(
            "one line was the only one everywhere: every policy would have shown the same. Approve a second line"
        )
    return judged


@dataclass(frozen=True)
class _Asked:
    """What every policy of a replay is asked of."""

    past: PastDraws
    judged: Sequence[BlockDraws]
    prior: PolicySpec
    learned: Learned
    tags: Mapping[str, Mapping[str, str]]
    teaching: Teaching
    features: Callable[[PolicySpec, PastDraws], Features]

    def bears(self, line: str, tag: str, value: str) -> bool:
        return self.tags.get(line, {}).get(tag) == value


def _replayed(policy: OtherPolicy, asked: _Asked, count: int) -> ReplayedPolicy:
    past, judged = asked.past, asked.judged
    if policy.kind == "line" and not any(policy.line in one.arms for one in judged):
        known = sorted({arm for one in judged for arm in one.arms if arm})
        raise NothingToReplayError(f"no line {policy.line!r} competed; {len(known)} did: {', '.join(known[:12])}")
    spec = policy.spec
    if spec is not None and needs_people(spec):
        competing = [with_tags(one, policy.tags, asked.bears) for one in judged]
        places = taught_places(spec, past, judged, competing, asked.features(spec, past), asked.teaching)
    else:
        places = [place_of(policy, past, one, asked.prior, asked.learned, asked.bears) for one in judged]
    learns = policy.kind == "best" or (spec is not None and spec.kind != "fixed")
    halves = learns and asked.learned == "others"
    return ReplayedPolicy(policy, evaluate_places(places, ALPHA / count, halves), max(map(differs, places)))


def with_reward(campaign: Campaign, reward: str | None) -> Campaign:
    """The campaign, judged by another reward."""
    if reward is None:
        return campaign
    changed: Any = {"reward": reward}
    return replace(campaign, policy=replace(campaign.policy, **changed))
