"""Repair, with the gate for drafts as its judge."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.validation.draft import judge_draft
from tailorbird.stages.validation.repair import Repaired, repair, slot_span, ways
from tailorbird.types.brand import Brand
from tailorbird.types.brief import Limits, Slot
from tailorbird.types.slot_text import SlotText
from tailorbird.types.verdict import Finding, Verdict

BRAND = Brand("Wren", "home and garden", {}, (), {"*": ("act now",)}, {}, {})
FACTS = {
    "item.name": "Quillet gooseneck kettle",
    "item.short_name": "Quillet kettle",
    "item.price": "£62.00",
    "item.size": "1.8 litres",
    "item.material": "enamelled steel",
}
SLOTS = tuple(
    Slot(name, kind, "catalog")  # type: ignore[arg-type]
    for name, kind in zip(FACTS, ("name", "name", "money", "quantity", "text"), strict=True)
)
SAMPLES = {name: (value,) for name, value in FACTS.items()}


def judge(text: str) -> Verdict:
    return judge_draft(
        SlotText.parse(text), "body", Limits(240), SLOTS, SAMPLES, FACTS, BRAND, "en-GB", "a while", strict=True
    )


def mended(text: str) -> Repaired:
    return repair(text, judge, FACTS)


def errors(verdict: Verdict) -> Counter[str]:
    return Counter(found.type for found in verdict.findings if found.severity == "error")


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("Worth a look? {{ item.short_name }}, yours for £62.00", "item.price"),
        ("Worth a look? {{ item.short_name }}, yours for £62", "item.price"),
        ("Worth a look? {{ item.short_name }}, yours for 62 GBP", "item.price"),
        ("Worth a look? {{ item.short_name }}, it takes 1.8 litres", "item.size"),
        ("Worth a look? {{ item.short_name }}, it takes 1,8 Litres", "item.size"),
    ],
)
def test_a_figure_that_is_a_fact_becomes_its_slot(text: str, slot: str) -> None:
    found = mended(text)
    assert f"{{{{ {slot} }}}}" in found.text
    assert [mend.how for mend in found.mends] == ["slot"]
    assert not errors(found.verdict)


@pytest.mark.parametrize("figure", ["£63", "€62", "62 people", "£6.2", "£62,000", "1.8 kg"])
def test_a_figure_that_is_no_fact_becomes_no_slot_and_its_clause_goes(figure: str) -> None:
    found = mended(f"Worth a look? {{{{ item.short_name }}}}, yours for {figure}")
    assert found.text == "Worth a look? {{ item.short_name }}"
    assert [mend.how for mend in found.mends] == ["drop"]


def test_a_figure_that_two_facts_share_is_nobodys() -> None:
    finding = Finding("facts", "error", (7, 11), "unknown_literal", "")
    facts = {"item.size": "5 cm", "item.depth": "5 cm"}
    assert not [text for how, text in ways("It has 5 cm", finding, facts) if how == "slot"]


def test_what_a_finding_says_is_written_in_place_of_its_words() -> None:
    finding = Finding("spelling", "error", (3, 6), "typo", "", repair="the")
    assert next(ways("In teh house", finding, {})) == ("replace", "In the house")
    out = Finding("x", "error", (3, 6), "typo", "", repair="")
    assert next(ways("In teh house", out, {})) == ("replace", "In house")


def test_what_a_finding_says_becomes_a_slot_where_it_is_a_fact() -> None:
    finding = Finding("facts", "error", (8, 11), "number", "", repair="62.00 GBP")
    assert next(ways("Now for £48", finding, FACTS)) == ("slot", "Now for {{ item.price }}")
    other = Finding("facts", "error", (8, 11), "number", "", repair="62.00 EUR")
    assert next(ways("Now for £48", other, FACTS)) == ("replace", "Now for 62.00 EUR")


def test_the_clause_with_an_invention_goes_and_each_step_is_told() -> None:
    found = mended("Worth a look? {{ item.short_name }}, soft and charming, is here")
    assert found.verdict.status in ("pass", "review")
    assert "soft" not in found.text and "{{ item.short_name }}" in found.text
    assert all(mend.finding.reason and mend.text for mend in found.mends)


def test_a_line_is_never_left_bare_unfinished_or_without_the_item_it_names() -> None:
    for text in (
        "Charming, {{ item.short_name }}",
        "We picked this for you. A charming {{ item.short_name }}.",
        "Charming {{ item.short_name }} and",
    ):
        found = mended(text)
        assert found.text == text or (not errors(found.verdict) and "item.short_name" in found.text)


def test_a_text_with_nothing_but_mistakes_is_left_alone() -> None:
    text = ", ".join(f"word{n} charming" for n in range(9))
    assert mended(text) == Repaired(text, judge(text))


PIECES = st.sampled_from(
    [
        "have you seen", "charming", "soft", "waterproof", "£62", "62 GBP", "3 left", "by Friday", "and", "but", ",",
        ".", "?", ";", "in", "this", "{{ item.short_name }}", "{{ item.price }}", "enamelled steel", "Enamelled Steel",
        "(free)", "We picked it for you", "not", "if", "you", "act now", "!", "–",
    ]
)  # fmt: skip


@pytest.mark.slow
@given(st.lists(PIECES, min_size=1, max_size=9).map(" ".join))
def test_a_repaired_text_never_has_more_errors_and_repairing_it_again_changes_nothing(text: str) -> None:
    found = mended(text)
    assert errors(found.verdict) <= errors(judge(text))
    assert judge(found.text) == found.verdict
    again = mended(found.text)
    assert (again.text, again.mends) == (found.text, ())


VALUES = {"item.name": "Ash peg", "item.price": "£2.00"}
TEXT = SlotText.parse("The {{ item.name }} for {{ item.price }} is charming")


def test_a_span_of_the_stitched_text_is_found_again_in_slot_form() -> None:
    stitched, form = TEXT.stitch(VALUES), str(TEXT)
    for words in ("The", " for ", "charming"):
        start = stitched.index(words)
        begin, end = slot_span(TEXT, VALUES, (start, start + len(words)))
        assert form[begin:end] == words
    at = stitched.index("peg for")
    begin, end = slot_span(TEXT, VALUES, (at, at + len("peg for")))
    assert form[begin:end] == "{{ item.name }} for"
    assert slot_span(TEXT, VALUES, (0, 0)) == (0, 0)
    begin, end = slot_span(TEXT, VALUES, (0, len(stitched)))
    assert form[begin:end] == form


@given(st.integers(0, 31), st.integers(0, 31))
def test_a_moved_span_holds_the_same_words_and_whole_slots(one: int, other: int) -> None:
    stitched, form = TEXT.stitch(VALUES), str(TEXT)
    start, end = sorted((min(one, len(stitched)), min(other, len(stitched))))
    begin, until = slot_span(TEXT, VALUES, (start, end))
    assert 0 <= begin <= until <= len(form)
    if start < end:
        assert stitched[start:end] in SlotText.parse(form[begin:until]).stitch(VALUES)
