"""The cheap gate on the hot path."""

import time

import pytest

from tailorbird.stages.validation.message import MessageGate, compile_message_gate, figures, judge_message
from tailorbird.types.brand import Brand
from tailorbird.types.brief import Limits

BLOCKS = {
    "subject": "The Quillet kettle, £62.00",
    "preheader": "It has been a while, so we picked something for your kitchen",
    "headline": "Still looking for a kettle?",
    "body": "The Quillet kettle holds 1 litre. It is made of stainless steel and costs £62.00. Have a look at it.",
    "cta": "See the kettle",
}
KNOWN = ("Quillet kettle", "£62.00", "1 litre", "stainless steel")


def gate() -> MessageGate:
    brand = Brand(
        "Wren", "", {}, (), {"*": ("act now", "100%"), "en": ("bargain", "can't miss", "plastic-free")}, {}, {}
    )
    return compile_message_gate({name: Limits(160) for name in BLOCKS}, brand, "en-GB")


def test_a_good_message_passes() -> None:
    assert judge_message(BLOCKS, KNOWN, gate()).passed


@pytest.mark.parametrize(
    ("block", "text", "kind"),
    [
        ("subject", "Now £9.00", "unknown_literal"),
        ("subject", "£62.000 for you", "unknown_literal"),
        ("cta", "x" * 161, "length"),
        ("cta", "", "length"),
        ("body", "A real Bargain for you", "disallowed_phrase"),
        ("body", "Real Bargains for you", "disallowed_phrase"),
        ("body", "You can’t miss this, plainly", "disallowed_phrase"),
        ("body", "All of it is plastic–free", "disallowed_phrase"),
        ("subject", "Act\u2009now", "disallowed_phrase"),
        ("subject", "A b\u0430rgain", "mixed_script"),
        ("subject", "For { item.name }", "open_slot"),
        ("subject", "Hello %FNAME%", "foreign_tag"),
        ("subject", "Hello $name", "foreign_tag"),
        ("subject", "Hello *|FNAME|*", "foreign_tag"),
        ("body", "See bit.ly/abc", "foreign_tag"),
        ("cta", "JavaScript:alert()", "foreign_tag"),
        ("cta", "Look \u2192", "picture"),
        ("cta", "Look\ufe0f", "picture"),
        ("body", "See {{ item.name }}", "open_slot"),
        ("body", "See <b>this</b>", "markup"),
        ("subject", "A\r\nBcc: x@y", "invisible"),
        ("subject", "A\u202ekettle", "invisible"),
    ],
)
def test_each_fault_is_found_and_named(block: str, text: str, kind: str) -> None:
    verdict = judge_message({**BLOCKS, block: text}, KNOWN, gate())
    assert kind in {finding.type for finding in verdict.findings}


def test_a_known_value_cannot_smuggle_in_control_characters_or_open_slots() -> None:
    for value in ("A\r\nBcc: x@y", "{{ item.name }}", "<script>1"):
        assert not judge_message({**BLOCKS, "subject": value}, (*KNOWN, value), gate()).passed


def test_a_slash_alone_is_no_link() -> None:
    assert judge_message({**BLOCKS, "body": "House and/or garden, cotton/linen"}, KNOWN, gate()).passed


def test_a_phrase_inside_another_word_is_no_phrase() -> None:
    assert judge_message({**BLOCKS, "body": "The bargaining table"}, KNOWN, gate()).passed


def test_a_phrase_that_an_approved_line_denies_may_be_sent() -> None:
    assert judge_message({**BLOCKS, "body": "No bargain, just a kettle"}, KNOWN, gate()).passed


def test_prices_may_hold_no_break_spaces() -> None:
    assert judge_message({**BLOCKS, "subject": "Für 62,00\xa0€"}, (*KNOWN, "62,00\xa0€"), gate()).passed


def test_the_figures_of_an_approved_line_are_known() -> None:
    assert figures("30-day returns, 2 colours") == ("30-day", "2")
    text = {**BLOCKS, "body": "30-day returns on this"}
    assert judge_message(text, (*KNOWN, *figures("30-day returns on this")), gate()).passed


def test_spans_refer_to_the_joined_text() -> None:
    verdict = judge_message({**BLOCKS, "cta": "See 7 kettles"}, KNOWN, gate())
    start, end = verdict.findings[0].span
    assert verdict.text[start:end] == "7"


@pytest.mark.slow
def test_a_good_message_costs_little() -> None:
    rules, rounds = gate(), 2000
    best = 1.0
    for _ in range(5):
        start = time.process_time()
        for _ in range(rounds):
            judge_message(BLOCKS, KNOWN, rules)
        best = min(best, (time.process_time() - start) / rounds)
    assert best < 30e-6
