"""The kinds of policy: those that are built in, Vowpal Wabbit's, and those of installed packages."""

from tailorbird.plugins import find_plugin
from tailorbird.ports.policy import Policy
from tailorbird.stages.bandits.kinds import KINDS
from tailorbird.types.policy_rows import Lessons
from tailorbird.types.policy_spec import PolicySpec


def make_any_policy(spec: PolicySpec, lessons: Lessons, state: str | None) -> Policy:
    """The policy that the campaign's file names. Raises PluginError for a kind that nobody has, and PolicyStateError
    for a state that the kind cannot go on from."""
    if spec.kind in KINDS:
        return KINDS[spec.kind](spec, lessons, state)
    if spec.kind == "vowpal_wabbit":
        from tailorbird.adapters.vowpal_wabbit.policy import VowpalWabbitPolicy

        return VowpalWabbitPolicy(spec, lessons, state)
    policy: Policy = find_plugin("policy", spec.kind)(spec, lessons, state)
    return policy
