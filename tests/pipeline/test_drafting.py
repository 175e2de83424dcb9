"""One brief, from request to judged drafts."""

from tailorbird.pipeline.drafting import complete_facts, judge_sample
from tailorbird.types.brand import Brand
from tailorbird.types.brief import Brief, Limits, Slot, Subject
from tailorbird.types.completion import Sample

BRAND = Brand("Wren", "", {}, (), {}, {}, {})
BRIEF = Brief(
    "b_1",
    "win_back",
    "email",
    "subject",
    Subject("default"),
    "en-GB",
    "a while",
    (Slot("item.name", "name", "catalog"), Slot("person.first_name", "name", "profile")),
    Limits(60),
    "",
    "subject/v1",
    "h",
    facts={"item.name": "Quillet kettle"},
)
SAMPLES = {"item.name": ("Quillet kettle",), "person.first_name": ("Jo",)}


def test_a_sample_that_was_cut_off_is_rejected() -> None:
    _, verdict = judge_sample(Sample("We picked", False), BRIEF, 0, BRAND, set(), SAMPLES)
    assert verdict.findings[0].type == "cut_off"


def test_a_good_sample_comes_back_in_slot_form() -> None:
    text, verdict = judge_sample(Sample("Have you seen Quillet kettle?", True), BRIEF, 0, BRAND, set(), SAMPLES)
    assert text == "Have you seen {{ item.name }}?"
    assert verdict.passed


def test_the_facts_of_a_person_are_invented_and_those_of_the_item_stay() -> None:
    values = {"person.first_name": "Ines", "item.name": "Other", "last_item.short_name": "not offered"}
    assert complete_facts(BRIEF, values).facts == {"person.first_name": "Ines", "item.name": "Quillet kettle"}


def test_a_sample_that_repeats_a_placeholder_is_rejected() -> None:
    text, verdict = judge_sample(Sample("Write to [email 2] today", True), BRIEF, 0, BRAND, set(), SAMPLES)
    assert verdict.status == "block"
    (finding,) = verdict.findings
    assert (finding.type, text[slice(*finding.span)]) == ("masked", "[email 2]")
