# ruff: noqa: TID251  coordinates read best on one line; every picture is seeded by its item id
"""The drawing kit: colours, lines, shaded solids and small plants, all as SVG text on a 560 × 560 sheet."""

import math
from itertools import count
from random import Random

SIZE = 560
GROUND = 452
LINE = 5.5
INK = "#3d352c"
WOOD = "#c99a62"
LEAF = "#7d9a62"

COLOURS = {
    "moss green": "#6f8457", "silver": "#c9ced0", "black": "#4a4a4c", "copper red": "#c9794f",
    "chalk white": "#f3eee2", "charcoal": "#5a5b5e", "zinc grey": "#a9b2b5", "slate blue": "#7289a0",
    "mustard": "#d9a93f", "brass yellow": "#d6b25c", "tomato red": "#cc5540", "tan": "#cfa677",
    "oat": "#e3cfa8", "chestnut": "#96603e", "sage": "#a9b899", "navy": "#465674", "slate grey": "#838b91",
    "olive": "#8c8a52", "honey": "#dfae5f", "white": "#f7f4ec", "cornflower blue": "#6b86c6",
    "golden yellow": "#ecbf47", "coral": "#e38670", "plum": "#8b6484", "leaf green": "#7fa05a",
    "ivory": "#f1e6cc", "rose": "#e0a9a6", "butter yellow": "#f0d98f", "brick": "#c4714f",
    "clear": "#d8e6e6", "nut brown": "#a5774c", "cream": "#efe2bf",
}  # fmt: skip
SHEETS = ("#f1eadc", "#e9ece0", "#eee5df", "#e4eaeb", "#f0e8d2", "#ece4ea")
_ids = count()


def mix(colour: str, other: str, share: float) -> str:
    """`share` of `other` in `colour`; both as #rrggbb."""
    pairs = [(int(colour[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def dark(colour: str, share: float = 0.25) -> str:
    """A darker tone, warm rather than grey."""
    return mix(colour, "#3a2a20", share)


def light(colour: str, share: float = 0.35) -> str:
    """A lighter tone."""
    return mix(colour, "#fffaf0", share)


def shape(d: str, fill: str = "none", stroke: str = INK, width: float = LINE, more: str = "") -> str:
    """A path with round joins."""
    return (
        f'<path d="{d}" fill="{fill}" stroke="{stroke}" stroke-width="{width:g}" '
        f'stroke-linecap="round" stroke-linejoin="round" {more}/>'
    )


def line(d: str, stroke: str = INK, width: float = LINE) -> str:
    """An open stroke."""
    return shape(d, "none", stroke, width)


def patch(d: str, fill: str, more: str = "") -> str:
    """A fill without outline."""
    return f'<path d="{d}" fill="{fill}" {more}/>'


def oval(x: float, y: float, rx: float, ry: float, turn: float = 0) -> str:
    """The path of an ellipse, turned by `turn` degrees."""
    a = math.radians(turn)
    dx, dy = rx * math.cos(a), rx * math.sin(a)
    return (
        f"M{x - dx:.1f} {y - dy:.1f}A{rx:g} {ry:g} {turn:g} 1 1 {x + dx:.1f} {y + dy:.1f}"
        f"A{rx:g} {ry:g} {turn:g} 1 1 {x - dx:.1f} {y - dy:.1f}Z"
    )


def box(x: float, y: float, w: float, h: float, r: float = 0) -> str:
    """The path of a rectangle with rounded corners."""
    r = min(r, w / 2, h / 2)
    return (
        f"M{x + r} {y}h{w - 2 * r}q{r} 0 {r} {r}v{h - 2 * r}q0 {r} {-r} {r}h{-(w - 2 * r)}q{-r} 0 {-r} {-r}"
        f"v{-(h - 2 * r)}q0 {-r} {r} {-r}z"
    )


def taper(x: float, top: float, bottom: float, wide: float, narrow: float, round_: float = 18) -> str:
    """A vessel: `wide` half-width at the top, `narrow` half-width at the bottom, rounded foot."""
    k = round_ / max(1.0, bottom - top)
    side = narrow + (wide - narrow) * k
    return (
        f"M{x - wide} {top}L{x - side:.1f} {bottom - round_}Q{x - narrow} {bottom} {x - narrow + round_} {bottom}"
        f"H{x + narrow - round_}Q{x + narrow} {bottom} {x + side:.1f} {bottom - round_}L{x + wide} {top}Z"
    )


def solid(d: str, colour: str, inside: str = "", shade: float = 0.13, edge: float = 0.62) -> str:
    """A shape with outline, a shaded right side and a soft light on the left; `inside` is drawn clipped to it.

    `edge` is where the shade begins, as a share of the shape's width. Uses the path's own box for both.
    """
    name = f"c{next(_ids)}"
    x0, x1, y0, y1 = extent(d)
    w, h = x1 - x0, y1 - y0
    at = x0 + w * edge
    tone = patch(f"M{at} {y0 - 9}Q{at + w * 0.16} {(y0 + y1) / 2} {at - w * 0.05} {y1 + 9}H{x1 + 240}V{y0 - 9}Z",
                 "#3a2a20", f'fill-opacity="{shade}"')  # fmt: skip
    gleam = patch(box(x0 + w * 0.13, y0 + h * 0.16, max(5, w * 0.055), h * 0.5, 20), "#fffdf6", 'fill-opacity="0.42"')
    return (
        f'<clipPath id="{name}"><path d="{d}"/></clipPath>{patch(d, colour)}'
        f'<g clip-path="url(#{name})">{inside}{tone}{gleam}</g>{shape(d)}'
    )


def extent(d: str) -> tuple[float, float, float, float]:
    """(left, right, top, bottom) of a path's points; control points count, which is near enough for shading."""
    xs, ys, x, y = [], [], 0.0, 0.0
    for command, numbers in commands(d):
        size = {"H": 1, "V": 1, "Q": 4, "C": 6, "A": 7}.get(command.upper(), 2)
        for i in range(0, len(numbers) - size + 1, size):
            part = numbers[i : i + size]
            dx, dy = (x, y) if command.islower() else (0.0, 0.0)
            if command.upper() == "H":
                x = dx + part[0]
            elif command.upper() == "V":
                y = dy + part[0]
            else:
                x, y = dx + part[-2], dy + part[-1]
            if command.upper() == "A" and part[0] > 0:
                xs += [x]
                ys += [y - part[1] * 0.9, y + part[1] * 0.9]
            xs.append(x)
            ys.append(y)
    return min(xs), max(xs), min(ys), max(ys)


def commands(d: str) -> list[tuple[str, list[float]]]:
    """A path's commands with their numbers."""
    import re

    return [
        (letter, [float(n) for n in re.findall(r"-?\d*\.?\d+(?:e-?\d+)?", rest)])
        for letter, rest in re.findall(r"([MLHVQCAZmlhvqcaz])([^MLHVQCAZmlhvqcaz]*)", d)
        if letter not in "Zz"
    ]


def union(parts: list[str], colour: str) -> str:
    """Several shapes with one outline around all of them."""
    return "".join(shape(d, INK, INK, LINE * 2) for d in parts) + "".join(patch(d, colour) for d in parts)


def turn(body: str, degrees: float, x: float = 280, y: float = 280, dx: float = 0, dy: float = 0) -> str:
    """The drawing turned about a point, then moved."""
    return f'<g transform="translate({dx:g} {dy:g}) rotate({degrees:g} {x:g} {y:g})">{body}</g>'


def scale(body: str, factor: float, x: float, y: float, dx: float = 0, dy: float = 0) -> str:
    """The drawing scaled about a point, then moved."""
    return f'<g transform="translate({x + dx:g} {y + dy:g}) scale({factor:g}) translate({-x:g} {-y:g})">{body}</g>'


def leaf(x: float, y: float, length: float, degrees: float, colour: str = LEAF, fat: float = 0.28) -> str:
    """One leaf growing from (x, y); 0 degrees points up."""
    a = math.radians(degrees - 90)
    b = a + math.pi / 2
    ex, ey = x + length * math.cos(a), y + length * math.sin(a)
    mx, my = x + length * 0.5 * math.cos(a), y + length * 0.5 * math.sin(a)
    ox, oy = length * fat * math.cos(b), length * fat * math.sin(b)
    d = f"M{x:.1f} {y:.1f}Q{mx + ox:.1f} {my + oy:.1f} {ex:.1f} {ey:.1f}Q{mx - ox:.1f} {my - oy:.1f} {x:.1f} {y:.1f}Z"
    return shape(d, colour, width=4)


def sprig(x: float, y: float, height: float, colour: str = LEAF, pairs: int = 4, size: float = 0.34) -> str:
    """A stem with pairs of leaves and one at the top."""
    out = line(f"M{x} {y}V{y - height}", dark(colour, 0.35), 4)
    for i in range(pairs):
        at = y - height * (0.25 + 0.7 * i / pairs)
        out += leaf(x, at, height * size, 52, colour) + leaf(x, at, height * size, -52, colour)
    return out + leaf(x, y - height, height * size, 0, colour)


def flower(x: float, y: float, r: float, petals: int, colour: str, heart: str, fat: float = 0.46) -> str:
    """A flower seen from the front."""
    out = ""
    for i in range(petals):
        out += leaf(x, y, r, 360 * i / petals + 12, colour, fat)
    return out + shape(oval(x, y, r * 0.27, r * 0.27), heart, width=4)


def specks(random: Random, area: tuple[float, float, float, float], n: int, colour: str) -> str:
    """Small dots scattered over an area (left, right, top, bottom)."""
    left, right, top, bottom = area
    return "".join(
        patch(oval(random.uniform(left, right), random.uniform(top, bottom), r, r * 0.8), colour)
        for r in (random.choice((2.2, 3, 3.8)) for _ in range(n))
    )


def sheet(body: str, tint: str, shadow: tuple[float, float, float] | None = (280, 150, GROUND)) -> str:
    """The finished picture: a tinted sheet, a paler sun, a ground shadow (x, half-width, y), the drawing."""
    sun = patch(oval(280, 270, 218, 218), light(tint, 0.55))
    under = ""
    if shadow:
        x, half, y = shadow
        under = patch(oval(x, y + 3, half, half * 0.1 + 4), dark(tint, 0.2))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" width="{SIZE}" height="{SIZE}">'
        f'<rect width="{SIZE}" height="{SIZE}" fill="{tint}"/>{sun}{under}{body}</svg>'
    )
