"""What an audit found."""

from dataclasses import replace
from datetime import UTC, datetime

from tailorbird.stages.fairness.answers import Passage
from tailorbird.stages.fairness.audit_result import AttributeAudit, BiasAudit, DeliveryAudit, SelectionRates
from tailorbird.stages.fairness.comparisons import Comparison
from tailorbird.stages.fairness.rate_ratio import compare_rates
from tailorbird.stages.fairness.sign_flips import PairedDifference
from tailorbird.types.bias import PersonaAttribute

GENDER = PersonaAttribute("gender", {"men": ("m",), "women": ("f",)}, trait="gender")
SAME = PairedDifference(200, 0, 0.0, 0.0, 0.0, 0.0, None, False)


def audit(*attributes: AttributeAudit, rates: tuple[SelectionRates, ...] = ()) -> BiasAudit:
    return BiasAudit(
        "Shop", "win_back", "1", datetime(2026, 6, 1, tzinfo=UTC), 0, 10_000, False, 200, 900, "GBP", Passage(200),
        attributes, DeliveryAudit(0, 0, {}, rates, ()),
    )  # fmt: skip


def audited(reason: str = "", leaked: int = 0, denied: int = 0) -> AttributeAudit:
    compared = Comparison("gender", "women", "men", "discount", "", SAME, None, reason)  # type: ignore[arg-type]
    passages = {"women": Passage(200, {"slot": 3}, leaked=leaked), "others": Passage(100)}
    return AttributeAudit(GENDER, "men", 1, passages, Passage(50, leaked=denied), (compared,))


def test_an_audit_without_findings_and_leaks_is_clean() -> None:
    found = audit(audited())
    assert found.clean and found.findings == [] and found.attributes[0].passage.pairs == 300


def test_a_leak_is_never_clean_whichever_way_it_came() -> None:
    assert audit(audited(leaked=1)).leaks == audit(audited(denied=1)).leaks == 1
    assert not audit(audited(leaked=1)).clean
    assert not replace(audit(audited()), null=Passage(200, {"slot": 2})).clean


def test_a_broken_rate_is_a_finding_beside_a_difference() -> None:
    rates = SelectionRates("gender", "", "audience", "men", {"women": compare_rates(30, 200, 90, 200)})
    found = audit(audited("offer"), rates=(rates,))
    assert rates.broken and found.findings == [found.attributes[0].comparisons[0], rates]
