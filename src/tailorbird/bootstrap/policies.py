"""The kinds of policy: those that are built in, Vowpal Wabbit's, and those of installed packages."""

from importlib.util import find_spec

from tailorbird.plugins import find_plugin, names_of
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


def policy_kinds() -> dict[str, str]:
    """{kind: what has to be installed before it works, '' for nothing}, of all kinds that there are."""
    missing = {} if find_spec("vowpalwabbit") else {"vowpal_wabbit": "pip install 'tailorbird[bandit]'"}
    return {kind: missing.get(kind, "") for kind in names_of("policy")}
