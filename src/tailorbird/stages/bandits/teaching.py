"""From exposures with outcomes to what a policy learns, and to what is known beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tailorbird.stages.bandits.admission import arms_that_fit, halved
from tailorbird.stages.bandits.constraints import barred
from tailorbird.stages.bandits.drift import forgotten
from tailorbird.stages.bandits.evidence import advantage, comparable, delay_curve, discounts
from tailorbird.stages.bandits.fatigue import fit_fatigue
from tailorbird.types.policy_rows import Lessons, Rewards
from tailorbird.types.policy_spec import PolicySpec

CONTEXTUAL = frozenset({"linear", "vowpal_wabbit"})
"""Kinds that are told of each person themselves; the others compare lines inside strata."""
BARRED_ALPHA = 0.05


@dataclass(frozen=True)
class Exposures:
    """Lines that were shown, in columns: `strata` are people between whom the policy drew, `age_days` is since then,
    `steps` the occasions. `delays` are days to the answer, of exposures whose window is over. `hurt` has, for each
    guardrail, (who was hurt, 0 or 1; how much more than elsewhere is too much). `window_days`: later answers do not
    count."""

    arms: Sequence[str]
    blocks: Sequence[str]
    strata: Sequence[object]
    steps: Sequence[str]
    people: Sequence[str]
    reward: NDArray[np.float64]
    propensity: NDArray[np.float64]
    age_days: NDArray[np.float64]
    window_days: float
    delays: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    hurt: Mapping[str, tuple[NDArray[np.float64], float]] = field(default_factory=dict)
    cohorts: Sequence[str] = ()
    context: NDArray[np.float64] | None = None


@dataclass(frozen=True)
class Taught:
    """What a policy is to learn, and the lessons beside it. `forgotten` counts exposures from before a change,
    `traffic` the people of a step."""

    rewards: Rewards
    lessons: Lessons
    forgotten: int
    traffic: float


def teach(spec: PolicySpec, found: Exposures, priors: Mapping[str, float], seed: str) -> Taught:
    """The rewards of exposures, each counted for what it is worth, and the lessons.

    Raises ValueError for a propensity that is 0, above 1 or not a number: how the line was chosen is not known then,
    and nothing can be concluded.
    """
    if not ((found.propensity > 0) & (found.propensity <= 1)).all():
        raise ValueError("a propensity is above 0 and at most 1")
    counted = delay_curve(found.delays, found.age_days, found.window_days)
    old = forgotten(found.arms, found.age_days, advantage(found.strata, found.arms, found.reward, counted))
    kept = np.where(old, 0.0, discounts(found.age_days, spec.half_life_days))
    exposed = counted * kept
    reward = found.reward
    if spec.kind not in CONTEXTUAL:
        exposed = comparable(found.strata, found.arms, reward * kept, exposed)
    seen = times_seen(found.people, found.arms, found.age_days)
    keep = exposed > 0
    rewards = Rewards(
        np.asarray(found.arms, dtype=object)[keep].tolist(), (reward * kept)[keep], exposed[keep],
        found.propensity[keep], [c for c, k in zip(found.cohorts, keep, strict=True) if k] if found.cohorts else (),
        found.context[keep] if found.context is not None else None, seen[keep],
    )  # fmt: skip
    traffic = _traffic(spec, found)
    return Taught(rewards, _lessons(spec, found, rewards, seen, priors, traffic, seed), int(old.sum()), traffic)


def times_seen(people: Sequence[str], arms: Sequence[str], age_days: NDArray[np.float64]) -> NDArray[np.float64]:
    """How often each exposure's person had seen its line before."""
    seen = np.zeros(len(arms))
    before: dict[tuple[str, str], int] = {}
    for at in np.argsort(-age_days, kind="stable").tolist():
        key = (people[at], arms[at])
        seen[at] = before.get(key, 0)
        before[key] = before.get(key, 0) + 1
    return seen


def _traffic(spec: PolicySpec, found: Exposures) -> float:
    """The people of a step: as the file says, or on average so far."""
    if spec.traffic:
        return float(spec.traffic)
    per_step = dict.fromkeys(found.steps, 0)
    first = found.blocks[0] if len(found.blocks) else ""
    for step, block in zip(found.steps, found.blocks, strict=True):
        per_step[step] += block == first
    return float(np.mean(list(per_step.values()))) if per_step else 0.0


def _lessons(
    spec: PolicySpec,
    found: Exposures,
    rewards: Rewards,
    seen: NDArray[np.float64],
    priors: Mapping[str, float],
    traffic: float,
    seed: str,
) -> Lessons:
    blocks: dict[str, set[str]] = {}
    for block, arm in zip(found.blocks, found.arms, strict=True):
        blocks.setdefault(block, set()).add(arm)
    counts: dict[str, tuple[float, float]] = {}
    for arm, c, n in zip(rewards.arms, rewards.reward.tolist(), rewards.exposed.tolist(), strict=True):
        before = counts.get(arm, (0.0, 0.0))
        counts[arm] = (before[0] + c, before[1] + n)
    shown = sum(n for _, n in counts.values())
    rate = sum(c for c, _ in counts.values()) / shown if shown > 0 else 0.0
    room = arms_that_fit(traffic, rate, spec.arms_max)
    out: set[str] = set()
    for name, (hurt, margin) in sorted(found.hurt.items()):
        alpha = BARRED_ALPHA / len(found.hurt)
        # Like with like: a line is not to blame for people who complain more, nor for having been shown for longer.
        # Where each person has shares of their own, nobody is alike, and the step alone counts.
        alike = list(zip(found.blocks, found.steps, strict=True)) if spec.kind in CONTEXTUAL else found.strata
        exposed = comparable(alike, found.arms, hurt, np.ones(len(hurt)))
        harm = np.where(exposed > 0, hurt, 0.0)
        out.update(barred(found.arms, exposed, harm, blocks, margin, alpha, f"{seed}|{name}"))
    repeated = [block == found.blocks[0] for block in found.blocks]
    fatigue = fit_fatigue(
        [p for p, k in zip(found.people, repeated, strict=True) if k], seen[repeated], found.reward[repeated] > 0
    ) if seen.any() else None  # fmt: skip
    return Lessons(
        priors=dict(priors),
        fatigue=fatigue or 0.0,
        barred=tuple(sorted(out)),
        halved=halved(counts, blocks, room) if spec.kind not in CONTEXTUAL else (),
        arms_max=room,
    )
