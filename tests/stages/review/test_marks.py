"""Findings stand at their characters in the text that is read, whatever the slots are filled with."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.review.marks import canonical, marks_in, rendered_span, underline
from tailorbird.types.slot_text import SlotText

TEXT = SlotText.parse("See {{ item.name }} at {{ item.price }}, please")
VALUES = {"item.name": "an oak peg", "item.price": "£9"}


def read(span: tuple[int, int]) -> str:
    start, end = rendered_span(TEXT, VALUES, span)
    return TEXT.stitch(VALUES)[start:end]


def test_words_are_found_behind_slots_of_any_length() -> None:
    form = str(TEXT)
    for word in ("See", "at", "please", ", please"):
        at = form.index(word)
        assert read((at, at + len(word))) == word


def test_what_touches_a_slot_takes_in_its_whole_value() -> None:
    form = str(TEXT)
    assert read((form.index("item.name"), form.index("item.name") + 4)) == "an oak peg"
    assert read((0, form.index("}}"))) == "See an oak peg"
    assert read((4, len(form))) == "an oak peg at £9, please"


def test_the_whole_stays_the_whole_and_nothing_outside_is_marked() -> None:
    assert rendered_span(TEXT, VALUES, (0, 0)) == (0, 0)
    assert rendered_span(TEXT, VALUES, (900, 950)) == (0, 0)
    assert read((0, 900)) == TEXT.stitch(VALUES)


@pytest.mark.slow
@given(
    st.lists(st.text("ab ", max_size=5), min_size=1, max_size=5),
    st.lists(st.text("XYZ", max_size=6), min_size=4, max_size=4),
    st.data(),
)
def test_a_span_of_fixed_words_says_the_same_words(words: list[str], filled: list[str], data: Any) -> None:
    slots = tuple(f"item.s{n}" for n in range(len(words) - 1))
    text = SlotText(tuple(words), slots)
    values = dict(zip(slots, filled, strict=False))
    number = data.draw(st.integers(0, len(words) - 1))
    before = SlotText(tuple(words[: number + 1]), slots[:number])
    start = len(str(before)) - len(words[number])
    span = rendered_span(text, values, (start, start + len(words[number])))
    assert text.stitch(values)[slice(*span)] == words[number]


def test_kept_findings_become_marks_in_order_and_odd_ones_mark_nothing() -> None:
    findings: list[dict[str, Any]] = [
        {"check": "b", "severity": "warning", "span": [20, 22], "type": "t", "reason": "r", "evidence": "e"},
        {"check": "a", "severity": "error", "span": [0, 3], "type": "t", "reason": "r", "repair": ""},
        {"check": "old"},
    ]
    first, second, third = marks_in("See {{item.name}} at {{ item.price }}, please", VALUES, findings)
    assert (first.check, first.start, first.end) == ("old", 0, 0)
    assert (second.check, second.repair, third.repair) == ("a", "", None)
    stitched = TEXT.stitch(VALUES)
    assert (stitched[second.start : second.end], stitched[third.start : third.end]) == ("See", "at")
    assert underline(stitched, (second, third)) == "^^^" + " " * 12 + "^^"
    assert underline(stitched, (first,)) == ""
    assert canonical("{{item.name}}!") == "{{ item.name }}!"
