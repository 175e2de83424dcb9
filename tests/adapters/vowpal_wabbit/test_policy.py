"""Vowpal Wabbit's policy, by the suite that every policy must pass."""

from collections.abc import Callable

import pytest

from tailorbird.adapters.vowpal_wabbit.policy import VowpalWabbitPolicy
from tailorbird.ports.policy import MakePolicy
from tailorbird.testing.policy_conformance import CHECKS

pytestmark = pytest.mark.slow

pytest.importorskip("vowpalwabbit", reason="the extra bandit is not installed")


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_it_passes_the_suite(check: Callable[[MakePolicy, str], None]) -> None:
    check(VowpalWabbitPolicy, "vowpal_wabbit")
