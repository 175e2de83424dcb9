"""Plots of the bias report."""

import math
import re

import pytest

from tailorbird.stages.fairness.answers import DOORS
from tailorbird.stages.fairness.rate_ratio import compare_rates
from tailorbird.web.bias.plots import DOOR_STYLES, door_bar, effect_strip, ratio_strip, standardised


def places(markup: str) -> list[float]:
    return [float(value) for value in re.findall(r'[xc][12x]?="(-?[\d.]+)%"', markup)]


def test_every_door_has_a_colour() -> None:
    assert DOOR_STYLES.keys() == DOORS.keys()


def test_a_rare_difference_is_seen_and_nothing_leaves_the_bar() -> None:
    bar = door_bar([(0.9995, "door-slot"), (0.0005, "door-cell")], "a bar")
    widths = [float(value) for value in re.findall(r'door-\w+" x="[\d.]+%" width="([\d.]+)%"', bar)]
    starts = [float(value) for value in re.findall(r'door-\w+" x="([\d.]+)%"', bar)]
    assert widths[1] >= 0.6 and all(start + width <= 100.01 for start, width in zip(starts, widths, strict=True))
    assert 'width="0.00%"' in door_bar([(0.0, "door-slot")], "none")


def test_the_whisker_of_a_ratio_spans_its_interval_and_is_coloured_by_its_standing() -> None:
    ratio = compare_rates(300, 1000, 500, 1000)
    strip = ratio_strip(ratio, "a ratio")
    assert 'class="whisker bad"' in strip and 'aria-label="a ratio"' in strip
    assert ratio.low is not None and f'x1="{ratio.low / 1.6 * 100:.2f}%"' in strip
    assert "whisker" not in ratio_strip(compare_rates(3, 10, 0, 10), "none")


@pytest.mark.parametrize("d", [0.0, 0.3, -5.0, 1e9, math.inf, math.nan])
def test_what_lies_beyond_the_axis_stands_at_its_end(d: float) -> None:
    assert all(0 <= place <= 100 for place in places(effect_strip(d, d - 0.1, d + 0.1, True, "odd")))


def test_an_interval_is_told_in_standard_deviations() -> None:
    assert standardised(2.0, 1.0, 3.0, 0.5) == (0.5, 0.25, 0.75)
    assert standardised(-2.0, -2.0, -2.0, -math.inf) == (-1.0, -1.0, -1.0)
    assert standardised(0.0, 0.0, 0.0, 0.0) == (0.0, 0.0, 0.0)


def test_names_are_escaped() -> None:
    assert "<b>" not in door_bar([], "<b>") and "<b>" not in effect_strip(0, 0, 0, False, "<b>")
