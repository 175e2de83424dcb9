"""The program's page."""

import re
from dataclasses import replace

from tailorbird.testing.program_readouts import example_program
from tailorbird.types.program import HeldShare
from tailorbird.web.report.program_page import period_words, render_program

HOSTILE = "</style><script>alert(1)</script> & {{ 7*7 }}"


def test_the_page_says_what_came_of_it_and_needs_no_network() -> None:
    found = example_program()
    page = render_program(found, "Wren")
    assert "All messages together brought more" in page and "1 June 2026 to 31 August 2026" in page
    assert period_words(found) == "1 June 2026 to 31 August 2026"
    orders = found.metrics[0]
    assert orders.total is not None and f"{orders.total.difference:+,.0f}" in page
    assert "£" in page and 'class="good"' in page
    assert 'src="' not in page and "<link" not in page and "<script" not in page


def test_a_holdout_that_is_too_small_shows_its_reason_and_no_figure() -> None:
    found = example_program(people=200, held=0.02)
    page = render_program(found, "Wren")
    assert page.count("none given") == 2 and "people held out ordered" in page
    assert not re.search(r"nan|None|inf\b", page)


def test_a_blocked_read_out_shows_where_the_split_is_off_and_no_effect() -> None:
    found = example_program()
    split = replace(found.split, blocked=True, why="People went missing.")
    page = render_program(replace(found, split=split, metrics=(), verdict="blocked", sentence="Blocked."), "Wren")
    assert "People went missing." in page and "Per person" not in page


def test_texts_from_data_are_escaped() -> None:
    found = replace(example_program(), campaigns=(HOSTILE,), notes=(HOSTILE,), event=HOSTILE, sentence=HOSTILE)
    page = render_program(found, HOSTILE)
    assert "<script" not in page and "{{ 7*7 }}" in page
    assert page.count("&lt;script&gt;") >= 5


def test_every_share_that_was_held_out_is_in_the_table() -> None:
    found = example_program()
    more = HeldShare(0.35, found.began.replace(month=7), True)
    page = render_program(replace(found, shares=(*found.shares, more)), "Wren")
    assert "<td>20.00%</td><td>2026-06-01</td>" in page and "<td>35.00%</td><td>2026-07-01</td>" in page
