from datetime import date

from tailorbird.stages.policies.compiled import PlacedRule
from tailorbird.stages.policies.findings import policy_finding
from tailorbird.types.policy_pack import PolicyRule
from tests.stages.policies.packs import pack


def test_a_rule_s_own_source_and_date_stand_before_the_pack_s() -> None:
    rule = PolicyRule("r", "why", mend="do so", source="Act 1", checked_on=date(2026, 2, 3))
    found = policy_finding(PlacedRule(pack(rule), rule), "error", (0, 1), "why")
    assert found.source == "house 3, r: Act 1 (checked, 2026-02-03)"
    assert (found.reason, found.type, found.check) == ("why; do so", "house/r", "policy")
    assert policy_finding(PlacedRule(pack(rule), rule), "info", (0, 1), "why").reason == "why"
