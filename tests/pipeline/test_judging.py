"""What a model wrote, judged and mended."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tailorbird.pipeline.judging import Judging, judge_line, judge_sample
from tailorbird.pipeline.validation.copy_check import CopyCheck
from tailorbird.pipeline.validation.validator import Validator
from tailorbird.types.brand import Brand
from tailorbird.types.brief import Brief, Limits, Slot, Subject
from tailorbird.types.candidate import Candidate
from tailorbird.types.completion import Sample
from tailorbird.types.item import Item
from tailorbird.types.policy import Policy
from tailorbird.types.verdict import Finding

BRAND = Brand("Wren", "", {}, (), {}, {}, {})
ITEM = Item("k", "1", "Quillet kettle", "kettles", Decimal("62.00"), "GBP", texts={"": {"material": "steel"}})
FACTS = {"item.name": "Quillet kettle", "item.price": "£62.00", "person.first_name": "Ines"}
BRIEF = Brief(
    "b_1",
    "win_back",
    "email",
    "subject",
    Subject("default"),
    "en-GB",
    "a while",
    tuple(Slot(name, "text", "catalog") for name in FACTS),
    Limits(60),
    "",
    "subject/v1",
    "h",
    "k",
    FACTS,
)
SAMPLES = {"item.name": ("Quillet kettle",), "person.first_name": ("Jo",), "item.price": ("£62.00",)}


class NoSuch:
    """Objects to the word 'like', wherever it stands, and remembers what it was given."""

    name, languages = "no-such", frozenset[str]()

    def __init__(self) -> None:
        self.seen: list[Candidate] = []

    def check(self, candidate: Candidate) -> Iterable[Finding]:
        self.seen.append(candidate)
        at = candidate.text.find("like")
        if at >= 0:
            yield Finding(self.name, "error", (at, at + 4), "likes", "nobody likes")


def judging(*checks: NoSuch) -> Judging:
    check = CopyCheck(Validator(checks), {"k": ITEM}, datetime(2026, 6, 1, tzinfo=UTC), "UTC", "Wren")
    return Judging(BRAND, frozenset({"Ash peg"}), SAMPLES, "", check, ("k",), Policy("email", "", "subject", False))


def judge(text: str, *checks: NoSuch, finished: bool = True) -> tuple[str, str, list[tuple[str, str, str]]]:
    written, verdict, steps = judge_sample(Sample(text, finished), BRIEF, 0, judging(*checks))
    return written, verdict.status, [(step.step, step.text, step.status) for step in steps]


def test_a_good_sample_comes_back_in_slot_form_after_one_step() -> None:
    text = "Have you seen {{ item.name }}?"
    assert judge("Have you seen Quillet kettle?") == (text, "pass", [("draft", text, "pass")])


@pytest.mark.parametrize(
    ("sample", "kind"),
    [
        (Sample("We picked", False), "cut_off"),
        (Sample("", True), "cut_off"),
        (Sample("Write to [email 2] today", True), "masked"),
        (Sample("Have you seen {this}?", True), "braces"),
    ],
)
def test_what_is_no_whole_line_is_refused_and_not_mended(sample: Sample, kind: str) -> None:
    _, verdict, steps = judge_sample(sample, BRIEF, 0, judging())
    assert verdict.status == "block" and [step.step for step in steps] == ["draft"]
    assert verdict.findings[0].type == kind
    assert steps[0].findings == verdict.findings


def test_a_name_in_another_case_becomes_its_slot_and_the_step_is_kept() -> None:
    text, status, steps = judge("Have you seen this? quillet kettle")
    assert (text, status) == ("Have you seen this? {{ item.name }}", "pass")
    assert steps == [("draft", "Have you seen this? quillet kettle", "block"), ("repair", text, "pass")]


def test_a_clause_with_an_invention_is_taken_out() -> None:
    text, status, steps = judge("Have you seen this? Quillet kettle, now waterproof")
    assert (text, status, [step for step, *_ in steps]) == (
        "Have you seen this? {{ item.name }}",
        "pass",
        ["draft", "repair"],
    )


def test_what_cannot_be_mended_stays_blocked_with_what_the_model_wrote() -> None:
    text, status, steps = judge("A waterproof Quillet kettle for you")
    assert (text, status, len(steps)) == ("A waterproof {{ item.name }} for you", "block", 1)


def test_the_validator_judges_the_line_as_its_reader_would_see_it() -> None:
    check = NoSuch()
    judge("Ines, have you seen Quillet kettle?", check)
    seen = check.seen[0]
    assert seen.text == "Ines, have you seen Quillet kettle?"
    assert (seen.locale, seen.policy.block, seen.policy.attended) == ("en-GB", "subject", False)
    names = {name for entity in seen.facts.subjects for name in entity.names}
    assert names == {"Quillet kettle", "Wren", "Ines"}  # the item, the brand, the reader
    assert ("price", Decimal("62.00"), "GBP") in {
        (fact.name, fact.value, fact.unit) for entity in seen.facts.subjects for fact in entity.facts
    }


def test_what_the_validator_finds_stops_a_line_at_its_place_in_slot_form() -> None:
    verdict = judge_line("After {{ item.name }}, we like it", BRIEF, FACTS, judging(NoSuch()))
    found = next(one for one in verdict.findings if one.type == "likes")
    assert verdict.status == "block"
    assert verdict.text[slice(*found.span)] == "like"


def test_a_slot_that_nothing_fills_and_a_literal_that_reads_otherwise_are_refused() -> None:
    assert judge_line("See {{ item.size }}", BRIEF, FACTS, judging()).findings[0].type == "unknown_slot"
    assert judge_line("See Quillet kettle", BRIEF, FACTS, judging()).findings[0].type == "ambiguous_literal"
