"""Strips of differences."""

import re

from tailorbird.types.effect import Effect
from tailorbird.web.report.effect_plots import difference_strip, reach_of


def test_zero_is_in_the_middle_and_a_sure_effect_is_drawn_as_one() -> None:
    drawn = difference_strip(Effect(0.02, 0.01, 0.03, 0.001), 0.04, "ordered: +2")
    assert 'x1="50%" x2="50%"' in drawn and 'aria-label="ordered: +2"' in drawn
    assert "whisker sure" in drawn
    dot = re.search(r'cx="([\d.]+)%"', drawn)
    assert dot is not None and float(dot.group(1)) == 50 + 47 * 0.5


def test_an_effect_that_may_be_none_is_drawn_open_and_a_missing_one_not_at_all() -> None:
    assert "whisker open" in difference_strip(Effect(0.0, -0.01, 0.01, 1.0), 0.02, "n")
    assert "whisker" not in difference_strip(None, 1.0, "n")


def test_the_margin_is_drawn_where_harm_ends_to_be_borne() -> None:
    assert 'class="limit" x1="73.50%"' in difference_strip(None, 0.02, "n", 0.01)


def test_names_are_escaped_and_nothing_leaves_the_axis() -> None:
    drawn = difference_strip(Effect(9.0, 8.0, 10.0, 0.0), 1.0, '"><script>')
    assert "<script>" not in drawn and 'cx="97.00%"' in drawn


def test_the_axis_reaches_as_far_as_the_farthest_bound() -> None:
    assert reach_of([Effect(0.0, -0.3, 0.1, 1.0)], 0.2) == 0.3
    assert reach_of([]) == 1.0
