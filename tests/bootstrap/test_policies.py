import pytest

from tailorbird.bootstrap.policies import make_any_policy, policy_kinds
from tailorbird.plugins import PluginError
from tailorbird.types.policy_rows import Lessons
from tailorbird.types.policy_spec import PolicySpec


@pytest.mark.parametrize("kind", ["fixed", "thompson", "cohorts", "linear", "lola"])
def test_a_built_in_kind_is_made(kind: str) -> None:
    assert make_any_policy(PolicySpec(kind=kind), Lessons(), None).kind == kind


def test_vowpal_wabbit_is_made_where_it_is_installed() -> None:
    pytest.importorskip("vowpalwabbit", reason="the extra bandit is not installed")
    assert make_any_policy(PolicySpec(kind="vowpal_wabbit"), Lessons(), None).version == "prior"


def test_a_kind_that_nobody_has_is_told_with_what_there_is() -> None:
    with pytest.raises(PluginError, match=r"campaign's policy\.kind names a policy 'magic'.*thompson.*policies"):
        make_any_policy(PolicySpec(kind="magic"), Lessons(), None)


def test_every_kind_is_listed_with_what_it_still_needs() -> None:
    from importlib.util import find_spec

    kinds = policy_kinds()
    assert {"fixed", "thompson", "cohorts", "linear", "lola", "vowpal_wabbit"} <= kinds.keys()
    assert kinds["thompson"] == "" and ("bandit" in kinds["vowpal_wabbit"]) == (find_spec("vowpalwabbit") is None)
