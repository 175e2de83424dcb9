"""Packs of a few rules, for the tests of this folder."""

from datetime import date
from typing import Any

from tailorbird.stages.policies.check import PolicyCheck
from tailorbird.types.candidate import Candidate
from tailorbird.types.fact import Facts
from tailorbird.types.policy import Policy
from tailorbird.types.policy_pack import PolicyPack, PolicyRule
from tailorbird.types.verdict import Finding


def pack(*rules: PolicyRule, name: str = "house", languages: tuple[str, ...] = ("en", "de")) -> PolicyPack:
    return PolicyPack(name, "3", "House rules.", "the house", rules, date(2026, 11, 1), languages)


def find(
    text: str, *rules: PolicyRule, locale: str = "en-GB", facts: Facts | None = None, **where: Any
) -> list[Finding]:
    policy = Policy(packs=(pack(*rules),), **where)
    return list(PolicyCheck().check(Candidate(text, facts or Facts(), policy, locale)))
