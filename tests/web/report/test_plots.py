"""Plots: what they draw and what they survive."""

from xml.etree import ElementTree

import pytest

from tailorbird.types.readout import LiftPoint, Rate
from tailorbird.web.report import plots

POINTS = [
    LiftPoint(day, 3 * day, 2 * day, 100, 100, day / 1000, day / 1000 - 0.02, day / 1000 + 0.02) for day in range(1, 15)
]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0, 1, [0, 0.25, 0.5, 0.75, 1]), (-0.013, 0.031, [-0.02, 0, 0.02, 0.04]), (0, 0, [-0.5, -0.25, 0, 0.25, 0.5])],
)
def test_ticks_are_round_and_cover_the_range(low: float, high: float, expected: list[float]) -> None:
    assert plots.ticks(low, high) == pytest.approx(expected)


def test_labels_have_no_needless_decimals() -> None:
    assert [plots.points_label(x) for x in (0.02, -0.015, 0.0, -0.00001)] == ["+2", "-1.5", "0", "0"]
    assert [plots.share_label(x) for x in (0.05, 0.025)] == ["5%", "2.5%"]


@pytest.mark.parametrize("width", [720, 320])
def test_every_chart_is_well_formed_and_stays_inside_its_width(width: int) -> None:
    for svg in (plots.lift_chart(POINTS, width, 240), plots.arms_chart(POINTS, width, 240)):
        root = ElementTree.fromstring(str(svg))
        assert root.get("role") == "img"
        assert root.get("aria-label")
        xs = [float(node.get("x") or 0) for node in root.iter() if node.tag == "text"]
        assert max(xs) <= width


def test_a_single_day_can_be_drawn() -> None:
    assert "+0.1 points" in plots.lift_chart(POINTS[:1], 320, 200)


def test_a_chart_says_its_last_value_to_a_screen_reader() -> None:
    assert "On day 14: +1.4 points, interval from -0.6 to +3.4 points." in plots.lift_chart(POINTS, 720, 240)


def test_names_from_data_are_escaped() -> None:
    for svg in (
        plots.bar([(0.5, "treatment")], 'a"><script>'),
        plots.strip(Rate(0.1, 0, 0.2, 0.1, 0.1), 0.3, "<script>"),
        plots.range_bar(1, 2, 3, "<script>"),
    ):
        assert "<script>" not in svg
        ElementTree.fromstring(str(svg))


def test_a_strip_of_nothing_is_drawn_at_zero() -> None:
    assert 'cx="2.00%"' in plots.strip(Rate(0, 0, 0, 0, 0), 0, "empty")
