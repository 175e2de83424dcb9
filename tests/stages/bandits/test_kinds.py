"""Every kind of policy that is built in, by the suite that installed policies must pass too."""

from collections.abc import Callable

import pytest

from tailorbird.ports.policy import MakePolicy
from tailorbird.stages.bandits.kinds import KINDS, make_policy, policy_of_counts
from tailorbird.stages.bandits.policy_state import PolicyStateError
from tailorbird.testing.policy_conformance import CHECKS
from tailorbird.types.policy_spec import PolicySpec


@pytest.mark.slow
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_passes_the_suite(kind: str, check: Callable[[MakePolicy, str], None]) -> None:
    check(make_policy, kind)


def test_counts_make_a_policy_of_the_kinds_that_need_no_more() -> None:
    assert policy_of_counts(PolicySpec(), {"a": (1.0, 20.0)}).version != "prior"
    with pytest.raises(PolicyStateError, match="'linear' learns from what is known of each person"):
        policy_of_counts(PolicySpec(kind="linear"), {"a": (1.0, 20.0)})
