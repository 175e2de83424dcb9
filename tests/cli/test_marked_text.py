"""A place in a text, underlined."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailorbird.cli.marked_text import COLUMNS, marked


def test_the_words_are_underlined_in_their_line() -> None:
    assert marked("A fine day\nIt costs £49 now\nBye", (20, 23)) == ["It costs £49 now", "         ^^^"]


def test_a_span_that_goes_on_is_marked_as_far_as_its_first_line_and_an_empty_one_by_one_caret() -> None:
    assert marked("one two\nthree", (4, 13)) == ["one two", "    ^^^"]
    assert marked("one two", (3, 3)) == ["one two", "   ^"]


def test_a_long_line_is_cut_around_the_span() -> None:
    text = "a" * 200 + " £49 " + "b" * 200
    line, carets = marked(text, (201, 204))
    assert line.startswith("… aaa") and line.endswith("bbb …") and len(line) < COLUMNS
    assert line[carets.index("^") : len(carets)] == "£49"


def test_wide_and_combining_characters_keep_the_carets_under_the_words() -> None:
    line, carets = marked("お茶 £49", (3, 6))
    assert carets == "     ^^^"
    line, carets = marked("cafe\u0301 £49", (6, 9))
    assert line == "cafe\u0301 £49" and carets == "     ^^^"
    assert marked("e\u0301", (1, 2)) == ["e\u0301", " ^"]


def test_what_a_terminal_would_act_on_is_written_out() -> None:
    line, carets = marked("\x1b[2J £49", (5, 8))
    assert line == "\\x1b[2J £49" and carets == " " * 8 + "^^^"


def test_a_line_that_runs_from_right_to_left_quotes_the_words() -> None:
    assert marked("سعر £49 اليوم", (4, 7)) == ["at 4 to 7: “£49”"]


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300), st.data())
def test_any_text_with_any_place_is_shown_in_lines_without_control_characters(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert all(char.isprintable() or char in "\u0301" or char.isalnum() or ord(char) > 127
               for line in marked(text, (start, end)) for char in line)  # fmt: skip
