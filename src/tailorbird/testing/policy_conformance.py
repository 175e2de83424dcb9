"""What every policy must do: run each of CHECKS with a function that makes the policy, new or from a state.

A policy that breaks one of these logs propensities that are not those it draws with, and nothing can be concluded from
what it did: neither what its lines are worth, nor what another policy would have earned.
"""

import json
from collections.abc import Callable, Sequence

import numpy as np

from tailorbird.ports.policy import MakePolicy, Policy
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.policy_rows import Choices, Lessons, Rewards, Situation, Situations
from tailorbird.types.policy_spec import PolicySpec

ARMS = ("red", "green", "blue", "a b|c:d")
"""Four arms; ids may hold anything."""
MASKS = ((True, True, True, True), (True, False, True, False), (False, False, True, False), (False,) * 4)


def spec_of(kind: str, floor: float = 0.05) -> PolicySpec:
    """The settings that the checks make policies with."""
    return PolicySpec(kind=kind, floor=floor, cohort="country", features=("orders", "age"))


def people(count: int, seed: int = 1, arms: Sequence[str] = ARMS) -> Situations:
    """People in every kind of situation, with cohorts, memories and contexts."""
    generator = np.random.default_rng(seed)
    masks = np.array([mask for mask in MASKS for _ in range(2)], dtype=bool)
    return Situations(
        tuple(arms),
        masks,
        generator.integers(0, len(masks), count),
        f"seed {seed}",
        ["GB", "DE"] * len(MASKS),
        generator.integers(0, 3, masks.shape).astype(np.float64),
        generator.normal(size=(count, 2)),
    )


def outcomes(count: int, best: str = "green", seed: int = 2) -> Rewards:
    """Exposures of evenly drawn arms of which `best` is rewarded twice as often as the others."""
    generator = np.random.default_rng(seed)
    arms = [ARMS[at] for at in generator.integers(0, len(ARMS), count).tolist()]
    rate = np.where(np.array(arms) == best, 0.4, 0.2)
    return Rewards(
        arms,
        (generator.random(count) < rate).astype(np.float64),
        np.ones(count),
        np.full(count, 1 / len(ARMS)),
        ["GB" if at else "DE" for at in generator.integers(0, 2, count).tolist()],
        generator.normal(size=(count, 2)),
        np.zeros(count),
    )


def taught(make: MakePolicy, kind: str, floor: float = 0.05) -> Policy:
    """The policy after 2,000 exposures."""
    return make(spec_of(kind, floor), Lessons(), None).update(outcomes(2000))


def ask(policy: Policy, situations: Situations, seed: int = 3) -> Choices:
    """Its choices for everybody."""
    return policy.decide_many(situations, np.random.default_rng(seed).random(len(situations.of)))


def check_shares_are_probabilities_of_arms_that_may_be_chosen(make: MakePolicy, kind: str) -> None:
    """They add up to 1, are 0 where an arm may not be chosen, and nobody gets an arm where none may be."""
    for policy in (make(spec_of(kind), Lessons(), None), taught(make, kind)):
        asked = people(300)
        found = ask(policy, asked)
        allowed, shares = asked.allowed[asked.of], found.shares[found.of]
        some = allowed.any(axis=1)
        assert np.allclose(shares[some].sum(axis=1), 1) and (shares[~allowed] == 0).all() and (shares >= 0).all()
        assert (found.arm[~some] == -1).all() and (found.propensity[~some] == 0).all()
        assert allowed[some, found.arm[some]].all()


def check_the_propensity_is_the_share_of_the_chosen_arm(make: MakePolicy, kind: str) -> None:
    """What is logged is what the arm was drawn with."""
    found = ask(taught(make, kind), people(300))
    chosen = found.arm >= 0
    assert np.allclose(found.propensity[chosen], found.shares[found.of[chosen], found.arm[chosen]])
    assert (found.propensity[chosen] > 0).all()


def check_draws_follow_the_shares(make: MakePolicy, kind: str) -> None:
    """Over many uniforms each arm comes up as often as its share says."""
    policy, count = taught(make, kind), 4000
    one = people(1)
    context = np.repeat(one.context, count, axis=0) if one.context is not None else None
    asked = Situations(one.arms, one.allowed, np.zeros(count, dtype=np.int64), one.seed, one.cohorts, one.seen, context)
    found = policy.decide_many(asked, (np.arange(count) + 0.5) / count)
    drawn = np.bincount(found.arm, minlength=len(ARMS)) / count
    assert np.allclose(drawn, found.shares[found.of[0]], atol=2 / count)


def check_the_floor_is_kept(make: MakePolicy, kind: str) -> None:
    """Every arm that may be chosen has at least the floor's part: without it nothing is learned of it any more."""
    asked = people(200)
    found = ask(taught(make, kind, 0.2), asked)
    allowed = asked.allowed[asked.of]
    least = 0.2 / np.maximum(allowed.sum(axis=1, keepdims=True), 1)
    assert (found.shares[found.of] >= np.where(allowed, least - 1e-9, 0)).all()


def check_one_person_gets_what_everybody_would(make: MakePolicy, kind: str) -> None:
    """Alone or in a batch of any order, a person's choice is the same."""
    policy, asked = taught(make, kind), people(60)
    uniforms = np.random.default_rng(5).random(60)
    found = policy.decide_many(asked, uniforms)
    for at in range(60):
        kind_of = int(asked.of[at])
        seen = tuple(asked.seen[kind_of].tolist()) if asked.seen is not None else ()
        context = tuple(asked.context[at].tolist()) if asked.context is not None else ()
        alone = Situation(
            asked.arms, tuple(asked.allowed[kind_of].tolist()), asked.seed, asked.cohorts[kind_of], seen, context
        )
        choice = policy.decide_one(alone, float(uniforms[at]))
        assert choice.arm == found.arm[at] and np.isclose(choice.propensity, found.propensity[at], atol=1e-6)
        assert np.allclose(choice.shares, found.shares[found.of[at]], atol=1e-6)


def check_it_learns(make: MakePolicy, kind: str) -> None:
    """After 2,000 exposures an arm that is rewarded twice as often has more than an even share; 'fixed' is exempt."""
    if kind == "fixed":
        return
    everybody = Situations(ARMS, np.ones((1, 4), dtype=bool), np.zeros(1, dtype=np.int64), "s", ("GB",))
    share = ask(taught(make, kind), everybody).shares[0]
    assert share[ARMS.index("green")] > 0.4


def check_an_update_gives_another_policy(make: MakePolicy, kind: str) -> None:
    """The one that was asked stays as it was: decisions that are being made by it go on alike."""
    policy = make(spec_of(kind), Lessons(), None)
    before, version = ask(policy, people(50)), policy.version
    policy.update(outcomes(500))
    after = ask(policy, people(50))
    assert policy.version == version and (before.arm == after.arm).all()


def check_a_state_makes_the_same_policy_again(make: MakePolicy, kind: str) -> None:
    """It is JSON with kind and format; from it come the same version, choices and shares."""
    policy = taught(make, kind)
    told = json.loads(policy.state())
    assert told["kind"] == kind and isinstance(told["format"], int)
    again = make(spec_of(kind), Lessons(), policy.state())
    asked = people(100)
    first, second = ask(policy, asked), ask(again, asked)
    assert again.version == policy.version and (first.arm == second.arm).all()
    assert np.allclose(first.shares[first.of], second.shares[second.of])


def check_a_state_of_another_format_is_refused(make: MakePolicy, kind: str) -> None:
    """With an error for the user, who is told what to do: never a guess."""
    told = json.loads(taught(make, kind).state())
    for wrong in ({**told, "format": 0}, {**told, "format": 99}, {**told, "kind": "other"}, ["no", "state"]):
        for text in (json.dumps(wrong), json.dumps(wrong)[:-2]):
            try:
                make(spec_of(kind), Lessons(), text)
            except TailorbirdError as error:
                refused = str(error)
            else:
                raise AssertionError(f"a state was read that is none of {kind}: {text[:60]}")
            assert "tailorbird report" in refused, f"the refusal says no mend: {refused}"


def check_impossible_propensities_and_rewards_are_refused(make: MakePolicy, kind: str) -> None:
    """An arm with the propensity 0 or NaN was not drawn, and a reward outside of 0 to 1 is none."""
    good = outcomes(4)
    policy = make(spec_of(kind), Lessons(), None)
    wrong = np.array([0.5, 0.5, 0.5, np.nan])
    zero, negative = np.array([0.5, 0.5, 0.5, 0.0]), np.array([0.0, 1.0, 0.0, -1.0])
    for bad in (
        Rewards(good.arms, good.reward, good.exposed, wrong, good.cohorts, good.context),
        Rewards(good.arms, good.reward, good.exposed, zero, good.cohorts, good.context),
        Rewards(good.arms, negative, good.exposed, good.propensity, good.cohorts, good.context),
    ):
        try:
            policy.update(bad)
        except ValueError:
            continue
        raise AssertionError(f"{kind} learned from {bad}")


def check_a_rank_has_every_arm_once(make: MakePolicy, kind: str) -> None:
    """And is the same each time."""
    policy = taught(make, kind)
    order = list(policy.rank(ARMS, "s"))
    assert sorted(order) == list(range(len(ARMS))) and order == list(policy.rank(ARMS, "s"))
    assert list(policy.rank(("one",), "s")) == [0]


CHECKS: tuple[Callable[[MakePolicy, str], None], ...] = (
    check_shares_are_probabilities_of_arms_that_may_be_chosen,
    check_the_propensity_is_the_share_of_the_chosen_arm,
    check_draws_follow_the_shares,
    check_the_floor_is_kept,
    check_one_person_gets_what_everybody_would,
    check_it_learns,
    check_an_update_gives_another_policy,
    check_a_state_makes_the_same_policy_again,
    check_a_state_of_another_format_is_refused,
    check_impossible_propensities_and_rewards_are_refused,
    check_a_rank_has_every_arm_once,
)
"""Each takes what makes the policy, and the policy's kind."""
