"""Plots of the bias report as inline SVG: pure functions from numbers to markup, in percentages of the width."""

import math
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from tailorbird.stages.fairness.comparisons import SMALLEST
from tailorbird.stages.fairness.rate_ratio import FOUR_FIFTHS, RateRatio

RATIO_END = 1.6
EFFECT_END = 1.0


def door_bar(parts: Sequence[tuple[float, str]], name: str) -> Markup:
    """A bar of stacked (share, CSS class) parts on a faint track."""
    out = [Markup('<svg width="100%" height="14" role="img" aria-label="{}">').format(name)]
    out.append(Markup('<rect class="track" width="100%" height="14" rx="3"/>'))
    start = 0.0
    for share, style in parts:
        # What happened at all is seen, however rare.
        width = max(share, 0.006) if share > 0 else 0.0
        out.append(
            Markup('<rect class="{}" x="{:.2f}%" width="{:.2f}%" height="14"/>').format(
                style, min(start, 1 - width) * 100, width * 100
            )
        )
        start += share
    return Markup("").join([*out, Markup("</svg>")])


def ratio_strip(ratio: RateRatio, name: str) -> Markup:
    """A ratio of rates with its interval, on an axis from 0 to RATIO_END with lines at four fifths and at one."""
    marks = _line(FOUR_FIFTHS / RATIO_END, "limit") + _line(1 / RATIO_END, "even")
    if ratio.ratio is None or ratio.low is None or ratio.high is None:
        return _strip(name, marks)
    style = {"kept": "good", "broken": "bad"}.get(ratio.standing, "unsure")
    return _strip(name, marks + _whisker(ratio.low / RATIO_END, ratio.high / RATIO_END, ratio.ratio / RATIO_END, style))


def effect_strip(d: float, low: float, high: float, flagged: bool, name: str) -> Markup:
    """A difference in standard deviations with its interval, up to EFFECT_END, with lines at 0 and at SMALLEST."""

    def at(value: float) -> float:
        return (value / EFFECT_END + 1) / 2

    marks = _line(at(0.0), "even") + _line(at(SMALLEST), "limit") + _line(at(-SMALLEST), "limit")
    return _strip(name, marks + _whisker(at(low), at(high), at(d), "bad" if flagged else "unsure"))


def standardised(mean: float, low: float, high: float, d: float) -> tuple[float, float, float]:
    """(d, low, high) in standard deviations; where all pairs differ by the same, an infinite d stands at its end."""
    if not math.isfinite(d) or mean == 0:
        end = math.copysign(EFFECT_END, d) if d else 0.0
        return end, end, end
    return d, low * d / mean, high * d / mean


def _strip(name: str, inside: Markup) -> Markup:
    return Markup(
        '<svg class="strip" width="100%" height="22" role="img" aria-label="{}">'
        '<line class="axis" x1="0%" x2="100%" y1="11" y2="11"/>{}</svg>'
    ).format(name, inside)


def _line(at: float, style: str) -> Markup:
    return Markup('<line class="{0}" x1="{1:.2f}%" x2="{1:.2f}%" y1="1" y2="21"/>').format(style, _in(at) * 100)


def _whisker(low: float, high: float, at: float, style: str) -> Markup:
    return Markup(
        '<line class="whisker {style}" x1="{low:.2f}%" x2="{high:.2f}%" y1="11" y2="11"/>'
        '<circle class="dot {style}" cx="{at:.2f}%" cy="11" r="5"/>'
    ).format(style=style, low=_in(low) * 100, high=_in(high) * 100, at=_in(at) * 100)


def _in(share: float) -> float:
    """Inside the drawing, also for what lies beyond its axis."""
    return min(max(share, 0.005), 0.995) if math.isfinite(share) else 0.995


DOOR_STYLES: Mapping[str, str] = {
    "consent": "door-consent",
    "audience": "door-audience",
    "language": "door-language",
    "cell": "door-cell",
    "items": "door-items",
    "lines": "door-lines",
    "slot": "door-slot",
}
