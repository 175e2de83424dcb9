"""Strips of differences: an interval on an axis with zero in the middle, one row of a list each."""

from markupsafe import Markup

from tailorbird.types.effect import Effect


def reach_of(effects: list[Effect], *margins: float) -> float:
    """How far the axis must go to each side of zero for all of them; 1 for none."""
    far = [abs(bound) for one in effects for bound in (one.low, one.high)]
    return max([*far, *(abs(margin) for margin in margins)], default=0.0) or 1.0


def difference_strip(effect: Effect | None, reach: float, name: str, margin: float | None = None) -> Markup:
    """An interval as a whisker with its estimate as a dot, on an axis from -`reach` to `reach`; the line is zero.

    `margin` draws where the harm that is still borne ends. No effect: the empty axis. `name` is for screen readers.
    """

    def at(x: float) -> str:
        return f"{50 + 47 * min(max(x / reach, -1.0), 1.0):.2f}%"

    parts = [
        Markup('<svg class="strip" width="100%" height="20" role="img" aria-label="{}">').format(name),
        Markup(
            '<line class="axis" x1="2%" x2="98%" y1="10" y2="10"/><line class="nil" x1="50%" x2="50%" y1="0" y2="20"/>'
        ),
    ]
    if margin is not None:
        parts.append(Markup('<line class="limit" x1="{}" x2="{}" y1="1" y2="19"/>').format(at(margin), at(margin)))
    if effect is not None:
        sure = "sure" if effect.excludes_zero else "open"
        parts.append(
            Markup(
                '<line class="whisker {}" x1="{}" x2="{}" y1="10" y2="10"/>'
                '<circle class="solid {}" cx="{}" cy="10" r="4.5"/>'
            ).format(sure, at(effect.low), at(effect.high), sure, at(effect.difference))
        )
    return Markup("").join([*parts, Markup("</svg>")])
