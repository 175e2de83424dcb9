"""Plots as inline SVG: pure functions from numbers to markup.

Bars and interval strips use percentages, so that one drawing serves every width. Line charts are drawn at a width in
CSS pixels; the page holds a wide and a narrow one and shows the one that fits. Colours come from the page's CSS.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from tailorbird.types.readout import LiftPoint, Rate

_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 14, 14, 34
_LETTER = 8.0


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart: (x, y) points, the CSS class that colours it, and the words at its end."""

    points: Sequence[tuple[float, float]]
    style: str
    label: str


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round numbers from at most `low` to at least `high`, about `about` of them; a flat range gets room around it."""
    if not high > low:
        low, high = low - 0.5, high + 0.5
    rough = (high - low) / max(about - 1, 1)
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= rough * 0.999)
    first = math.floor(low / step + 1e-9)
    last = math.ceil(high / step - 1e-9)
    return [round(step * i, 12) for i in range(first, last + 1)]


def share_label(share: float) -> str:
    """A share as a percentage with no needless decimals: '5%', '2.5%'."""
    return f"{share * 100:.2f}".rstrip("0").rstrip(".") + "%"


def points_label(share: float) -> str:
    """A difference of shares in points, signed: '+2', '0', '-1.5'."""
    text = f"{share * 100:+.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("+0", "-0") else text


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def line_chart(
    lines: Sequence[Line],
    width: int,
    height: int,
    name: str,
    y_label: Callable[[float], str],
    band: Sequence[tuple[float, float, float]] = (),
    zero: str = "",
) -> Markup:
    """A chart over days, from day 0: lines, an optional band of (x, low, high), an optional named line at zero.

    `name` is what a screen reader says. Line labels stand at the lines' ends, above or below so that two don't touch.
    """
    xs = [x for line in lines for x, _ in line.points] + [x for x, _, _ in band]
    ys = [y for line in lines for _, y in line.points] + [y for _, low, high in band for y in (low, high)] + [0.0]
    x_end = max([*xs, 1.0])
    y_ticks = ticks(min(ys), max(ys))
    y_low, y_high = y_ticks[0], y_ticks[-1]

    def at(x: float, y: float) -> tuple[float, float]:
        across = _LEFT + (width - _LEFT - _RIGHT) * x / x_end
        down = _TOP + (height - _TOP - _BOTTOM) * (y_high - y) / (y_high - y_low)
        return across, down

    parts = [
        Markup('<svg class="chart" width="{}" height="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
            width, height, width, height, name
        )
    ]
    for y in y_ticks:
        _, down = at(0, y)
        style = "zero" if y == 0 and zero else "grid"
        parts.append(
            Markup('<line class="{}" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>').format(
                style, _LEFT, width - _RIGHT, down, down
            )
        )
        parts.append(
            Markup('<text class="tick" x="{}" y="{:.1f}" text-anchor="end">{}</text>').format(
                _LEFT - 8, down + 4, y_label(y)
            )
        )
    parts += _days(x_end, width, height, at)
    if band:
        edge = [at(x, high) for x, _, high in band] + [at(x, low) for x, low, _ in reversed(band)]
        parts.append(Markup('<path class="band" d="{}Z"/>').format(_path(edge)))
    parts += _lines(lines, at)
    if zero and y_low <= 0 <= y_high:
        _, down = at(0, 0)
        parts.append(Markup('<text class="note" x="{}" y="{:.1f}">{}</text>').format(_LEFT + 6, down - 6, zero))
    return Markup("").join([*parts, Markup("</svg>")])


def _days(x_end: float, width: int, height: int, at: Callable[[float, float], tuple[float, float]]) -> list[Markup]:
    parts = []
    for day in ticks(0, x_end, 8 if width > 500 else 5):
        if day > x_end or day != int(day):
            continue
        across, _ = at(day, 0)
        parts.append(
            Markup('<text class="tick" x="{:.1f}" y="{}" text-anchor="middle">{}</text>').format(
                across, height - _BOTTOM + 18, f"{int(day)}"
            )
        )
    parts.append(
        Markup('<text class="tick" x="{}" y="{}" text-anchor="end">days after the decision</text>').format(
            width - _RIGHT, height - 2
        )
    )
    return parts


def _lines(lines: Sequence[Line], at: Callable[[float, float], tuple[float, float]]) -> list[Markup]:
    parts = []
    ends = sorted((line for line in lines if line.points), key=lambda line: -line.points[-1][1])
    for rank, line in enumerate(ends):
        drawn = [at(x, y) for x, y in line.points]
        across, down = drawn[-1]
        # The words stand clear of the part of the line that runs above or below them.
        nearby = [y for x, y in drawn if x >= across - _LETTER * len(line.label)]
        baseline = max(nearby) + 19 if rank else max(min(nearby) - 10, 12)
        parts.append(Markup('<path class="line {}" d="{}"/>').format(line.style, _path(drawn)))
        parts.append(Markup('<circle class="dot {}" cx="{:.1f}" cy="{:.1f}" r="4"/>').format(line.style, across, down))
        parts.append(
            Markup('<text class="end {}" x="{:.1f}" y="{:.1f}" text-anchor="end">{}</text>').format(
                line.style, across, baseline, line.label
            )
        )
    return parts


def lift_chart(points: Sequence[LiftPoint], width: int, height: int) -> Markup:
    """Lift in points by day since the decision, with the always-valid band and the line of no effect."""
    last = points[-1]
    line = Line([(point.day, point.lift) for point in points], "treatment", f"{points_label(last.lift)} points")
    name = (
        f"Lift by day. On day {last.day}: {points_label(last.lift)} points, interval from "
        f"{points_label(last.low)} to {points_label(last.high)} points."
    )
    band = [(point.day, point.low, point.high) for point in points]
    return line_chart([line], width, height, name, points_label, band, "no effect")


def arms_chart(points: Sequence[LiftPoint], width: int, height: int) -> Markup:
    """The share of each arm that has converted, by day, of the people whose decision is that old."""
    treated = [(0, 0.0), *((p.day, p.treated / p.treated_people) for p in points)]
    holdout = [(0, 0.0), *((p.day, p.holdout / p.holdout_people) for p in points)]
    lines = [
        Line(treated, "treatment", f"treated {treated[-1][1]:.1%}"),
        Line(holdout, "holdout", f"held out {holdout[-1][1]:.1%}"),
    ]
    last = f"treated {treated[-1][1]:.1%}, held out {holdout[-1][1]:.1%}"
    return line_chart(lines, width, height, f"Share converted by day. On day {points[-1].day}: {last}.", share_label)


def bar(parts: Sequence[tuple[float, str]], name: str) -> Markup:
    """A bar of stacked (share of the full width, CSS class) parts, on a faint track."""
    out = [Markup('<svg class="bar" width="100%" height="14" role="img" aria-label="{}">').format(name)]
    out.append(Markup('<rect class="track" width="100%" height="14" rx="3"/>'))
    start = 0.0
    for share, style in parts:
        out.append(
            Markup('<rect class="{}" x="{:.2f}%" width="{:.2f}%" height="14" rx="2"/>').format(
                style, start * 100, max(share, 0.0) * 100
            )
        )
        start += share
    return Markup("").join([*out, Markup("</svg>")])


def strip(rate: Rate, end: float, name: str) -> Markup:
    """One row of a dot plot from 0 to `end`: a whisker for the interval, a hollow dot for the comparable rate, a solid
    one for the shrunk rate, and the mean of the block."""

    def at(x: float) -> str:
        return f"{2 + 96 * min(max(x / end if end else 0.0, 0.0), 1.0):.2f}%"

    return Markup(
        '<svg class="strip" width="100%" height="20" role="img" aria-label="{name}">'
        '<line class="axis" x1="2%" x2="98%" y1="10" y2="10"/>'
        '<line class="mean" x1="{mean}" x2="{mean}" y1="0" y2="20"/>'
        '<line class="whisker" x1="{low}" x2="{high}" y1="10" y2="10"/>'
        '<circle class="plain" cx="{value}" cy="10" r="4"/><circle class="solid" cx="{shrunk}" cy="10" r="4.5"/></svg>'
    ).format(
        name=escape(name),
        mean=at(rate.mean),
        low=at(rate.low),
        high=at(rate.high),
        value=at(rate.value),
        shrunk=at(rate.shrunk),
    )


def range_bar(low: float, middle: float, high: float, name: str) -> Markup:
    """An interval as a whisker with its middle as a dot, on an axis that starts at zero."""
    end = high * 1.05 if high > 0 else 1.0

    def at(x: float) -> str:
        return f"{1 + 97 * x / end:.2f}%"

    return Markup(
        '<svg class="range" width="100%" height="28" role="img" aria-label="{name}">'
        '<line class="axis" x1="1%" x2="99%" y1="14" y2="14"/><line class="axis" x1="1%" x2="1%" y1="6" y2="22"/>'
        '<line class="whisker" x1="{low}" x2="{high}" y1="14" y2="14"/>'
        '<circle class="solid" cx="{middle}" cy="14" r="6"/></svg>'
    ).format(name=name, low=at(low), middle=at(middle), high=at(high))
