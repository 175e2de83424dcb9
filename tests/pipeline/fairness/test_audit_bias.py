"""The bias audit of a campaign, through the real pipeline."""

from pathlib import Path

import pytest

from tailorbird import bootstrap
from tailorbird.project.project import load_project
from tailorbird.stages.fairness.audit_result import AttributeAudit, BiasAudit
from tailorbird.types.bias import BiasPolicy, PersonaAttribute
from tests.pipeline.fairness.conftest import NAMES, ONLY_GENDER, ONLY_NAMES, audit_of

pytestmark = pytest.mark.slow


def named(audit: BiasAudit, name: str) -> AttributeAudit:
    return next(each for each in audit.attributes if each.attribute.name == name)


def test_a_planted_gap_in_the_offer_is_found_and_named_with_its_door(gendered: BiasAudit) -> None:
    audited = named(gendered, "gender")
    found = {(f.attribute, f.group, f.measure, f.reason) for f in audited.findings}
    assert ("gender", "women", "offer_price", "offer") in found
    assert audited.passage.doors.keys() == {"cell"}
    assert audited.passage.read_by == ("gender", "last_item")
    gap = next(f.result for f in audited.findings if f.measure == "offer_price")
    assert (gap.mean, gap.differing) == (240.0, 40)  # 5 % of £48, in every pair
    assert audited.passage.offers_differ == 40
    assert not gendered.clean


def test_an_attribute_that_consent_withholds_makes_exactly_no_difference(gendered: BiasAudit) -> None:
    audited = named(gendered, "gender")
    assert audited.denied.withheld == audited.denied.pairs == 40
    assert (audited.passage.leaked, audited.denied.leaked, audited.denied.differing, gendered.leaks) == (0, 0, 0, 0)


def test_a_feature_for_whose_purpose_nobody_was_asked_gives_zero_in_every_byte(unasked_root: Path) -> None:
    audit = audit_of(unasked_root, ONLY_GENDER)
    audited = named(audit, "gender")
    assert audited.passage.withheld == audited.passage.pairs == 40
    assert audited.passage.differing == 0
    assert all(c.result.differing == 0 and c.result.mean == 0 for c in audited.comparisons)
    assert audit.leaks == 0 and audited.findings == []


def test_the_same_persona_twice_is_the_same_message_and_a_name_is_only_printed(ran_root: Path) -> None:
    audit = audit_of(ran_root, ONLY_NAMES)
    assert (audit.null.pairs, audit.null.differing) == (40, 0)
    names = named(audit, "first_name")
    assert names.passage.doors.keys() == {"slot"}
    assert names.passage.differing + names.passage.withheld == names.passage.pairs
    assert not [c for c in names.comparisons if c.result.differing]  # measured with one name for everybody
    assert names.findings == [] and audit.leaks == 0


def test_an_audit_repeats_itself_by_its_seed(ran_root: Path) -> None:
    policy = BiasPolicy((NAMES,), built_in=False)
    first, second = (audit_of(ran_root, policy, contexts=20, seed=3) for _ in range(2))
    assert first == second
    assert audit_of(ran_root, policy, contexts=20, seed=4) != first


def test_an_audit_leaves_no_trace_in_the_project(filled: Path, tmp_path: Path) -> None:
    project = load_project(filled)
    before = {line.creative_id for line in bootstrap.open_state(project).creatives.find()}
    audit = audit_of(filled, ONLY_NAMES, contexts=20)
    state = bootstrap.open_state(project)
    assert {line.creative_id for line in state.creatives.find()} == before
    assert state.decisions.find("win_back") == []
    assert dict(state.outbox.counts("win_back")) == {}
    assert any("not been decided" in note for note in audit.notes)


def test_a_few_contexts_conclude_nothing_but_say_so(ran_root: Path) -> None:
    audit = audit_of(ran_root, ONLY_NAMES, contexts=5)
    assert audit.contexts == 5
    assert any("nothing is concluded" in note for note in audit.notes)
    assert {c.reason for each in audit.attributes for c in each.comparisons} == {"too_few"}


def test_values_that_nobody_has_are_named_where_a_feature_reads_the_trait(gendered_root: Path) -> None:
    odd = BiasPolicy((PersonaAttribute("gender", {"men": ("m",), "women": ("f",)}, trait="gender"),), False)
    audit = audit_of(gendered_root, odd, contexts=20)
    assert any("none of the project's people is in 'men', 'women'" in note for note in audit.notes)
