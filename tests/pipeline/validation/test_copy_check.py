"""Copy held against the items that it is shown with."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tailorbird import bootstrap
from tailorbird.pipeline.validation.copy_check import CopyCheck
from tailorbird.pipeline.validation.validator import Validator
from tailorbird.stages.policies.check import PolicyCheck
from tailorbird.types.candidate import Candidate
from tailorbird.types.item import Item
from tailorbird.types.policy import Policy
from tailorbird.types.policy_pack import PolicyPack, PolicyRule
from tailorbird.types.slot_text import SlotText
from tailorbird.types.verdict import Finding

NOW = datetime(2026, 6, 1, tzinfo=UTC)
KETTLE = Item("k", "1", "Quillet kettle", "kettles", Decimal("62.00"), "GBP", 4, texts={"": {"material": "steel"}})
ITEMS = {
    "k": KETTLE,
    "o": replace(KETTLE, item_id="o", name="Oddley kettle", price=Decimal("44.00")),
    "p": replace(KETTLE, item_id="p", name="Ash peg", family="pegs"),
}
VALUES = {"item.name": "Quillet kettle", "item.price": "£62.00", "person.first_name": "Ines"}
POLICY = Policy("email", "GB", "body", attended=True)


class Everything:
    """Finds each word that it is told of, and remembers what it was given."""

    name, languages = "everything", frozenset[str]()

    def __init__(self, *words: str) -> None:
        self.words, self.seen = words, list[Candidate]()

    def check(self, candidate: Candidate) -> Iterable[Finding]:
        self.seen.append(candidate)
        for word in self.words:
            at = candidate.text.index(word)
            yield Finding(self.name, "error", (at, at + len(word)), "word", "found")


def check(*checks: Everything) -> CopyCheck:
    return CopyCheck(Validator(checks), ITEMS, NOW, "Europe/London", "Wren")


def test_spans_come_back_in_slot_form_and_what_touches_a_slot_covers_it() -> None:
    line = SlotText.parse("{{ person.first_name }}, see {{ item.name }} for {{ item.price }} today")
    verdict = check(Everything("today", "kettle for", "Ines")).judge(line, VALUES, ["k"], "en-GB", POLICY)
    assert verdict.status == "block"
    assert [verdict.text[slice(*found.span)] for found in verdict.findings] == [
        "{{ person.first_name }}",
        "{{ item.name }} for",
        "today",
    ]


def test_the_facts_are_those_of_the_items_shown_with_the_family_as_rivals() -> None:
    seen = Everything()
    check(seen).judge(SlotText.parse("See {{ item.name }}"), VALUES, ["k"], "en-GB", POLICY)
    facts = seen.seen[0].facts
    assert [entity.entity_id for entity in facts.subjects] == ["k", "brand", "campaign", "reader"]
    assert [entity.entity_id for entity in facts.others] == ["o"]
    assert (facts.as_of, facts.zone) == (NOW, "Europe/London")


def test_the_same_items_and_reader_give_the_same_facts_object() -> None:
    one = check()
    assert one.facts(VALUES, ["k"], "en-GB") is one.facts(VALUES, ["k"], "en-GB")
    assert one.facts(VALUES, ["k"], "en-GB") is not one.facts({}, ["k"], "en-GB")
    assert one.facts(VALUES, ["gone"], "en-GB").subjects[0].entity_id == "brand"


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("Now for £62: {{ item.name }}", True),
        ("Now for £48: {{ item.name }}", False),
        ("In stock: {{ item.name }}", True),
        ("Sold out: {{ item.name }}", False),
        ("Made of steel: {{ item.name }}", True),
        ("Hello {{ person.first_name }}, see {{ item.name }}", True),
    ],
)
def test_claims_in_a_lines_own_words_are_held_against_the_catalog(text: str, passes: bool) -> None:
    held = CopyCheck(bootstrap.open_validator(), ITEMS, NOW, "Europe/London", "Wren")
    verdict = held.judge(SlotText.parse(text), VALUES, ["k"], "en-GB", POLICY)
    assert (verdict.status in ("pass", "review")) == passes, verdict.findings


def test_lines_are_held_to_the_packs_of_the_project_and_its_evidence() -> None:
    rule = PolicyRule("health", "is a claim", phrases={"en": "boosts immunity"}, evidence=("health",))
    packs = (PolicyPack("house", "1", "s", "s", (rule,), languages=("en",)),)
    line = SlotText.parse("It boosts immunity")
    for item, status in (("k", "pass"), ("o", "block")):
        held = CopyCheck(
            Validator([PolicyCheck()]), ITEMS, NOW, "Europe/London", "Wren", None, packs,
            lambda shown: {"health/a": "folder"} if shown == "k" else {},
        )  # fmt: skip
        assert held.judge(line, {}, [item], "en-GB", Policy("email")).status == status


def test_what_the_campaign_is_about_and_the_brands_own_words_may_be_said_unattended() -> None:
    own = {"en": frozenset({"allotment"})}
    held = CopyCheck(bootstrap.open_validator(), ITEMS, NOW, "UTC", "Wren", vocabulary=own)
    policy, line = (
        replace(POLICY, attended=False),
        SlotText.parse("A midsummer sale for the allotment: {{ item.name }}"),
    )
    assert held.judge(line, VALUES, ["k"], "en-GB", policy, "the midsummer sale").status == "pass"
    without = held.judge(line, VALUES, ["k"], "en-GB", policy)
    assert "midsummer" in {without.text[slice(*found.span)] for found in without.findings}
