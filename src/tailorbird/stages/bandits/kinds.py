"""The kinds of policy that are built in."""

from collections.abc import Callable, Mapping

from tailorbird.stages.bandits.fixed import FixedPolicy
from tailorbird.stages.bandits.linear import LinearPolicy
from tailorbird.stages.bandits.lola import LolaPolicy
from tailorbird.stages.bandits.policy_state import PolicyStateError, write_state
from tailorbird.stages.bandits.thompson import ThompsonPolicy
from tailorbird.types.policy_rows import Lessons
from tailorbird.types.policy_spec import PolicySpec

BuiltIn = FixedPolicy | ThompsonPolicy | LinearPolicy | LolaPolicy

KINDS: Mapping[str, Callable[[PolicySpec, Lessons, str | None], BuiltIn]] = {
    "fixed": FixedPolicy,
    "thompson": ThompsonPolicy,
    "cohorts": ThompsonPolicy,
    "linear": LinearPolicy,
    "lola": LolaPolicy,
}
"""{kind: what makes it, new or from a state}"""
COUNTED = frozenset({"fixed", "thompson", "cohorts", "lola"})
"""Kinds that learn from successes and exposures alone; 'cohorts' is then like 'thompson'."""


def make_policy(spec: PolicySpec, lessons: Lessons | None = None, state: str | None = None) -> BuiltIn:
    """The policy of a built-in kind; raises KeyError for another, PolicyStateError for a state it cannot read."""
    return KINDS[spec.kind](spec, lessons or Lessons(), state)


def policy_of_counts(spec: PolicySpec, counts: Mapping[str, tuple[float, float]]) -> BuiltIn:
    """A policy that has learned {arm: (successes, exposures)}. Raises PolicyStateError for a kind that needs to know
    more of people than what they were shown and did."""
    if spec.kind not in COUNTED:
        raise PolicyStateError(
            f"a policy of kind {spec.kind!r} learns from what is known of each person, and counts per line do not tell "
            f"that; kinds that can be worked out from counts: {', '.join(sorted(COUNTED))}"
        )
    told = write_state(spec.kind, {"arms": {arm: list(seen) for arm, seen in counts.items()}})
    return KINDS[spec.kind](spec, Lessons(), told)
