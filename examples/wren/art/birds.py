# ruff: noqa: E501, TID251  coordinates read best on one line; every picture is seeded by its item id
"""Drawings of and for birds: the wren, food."""

from random import Random

from paper import (
    COLOURS,
    INK,
    box,
    dark,
    leaf,
    line,
    mix,
    oval,
    patch,
    scale,
    shape,
    solid,
    specks,
    turn,
)  # fmt: skip

Row = dict[str, str]
BROWN = "#a8764a"


def wren(x: float, y: float, size: float = 1.0, flip: bool = False, legs: bool = True) -> str:
    """A wren with its tail up, its feet at (x, y); about 150 units wide at size 1."""
    tail = turn(
        solid(
            box(x - 78, y - 128, 26, 76, 10),
            dark(BROWN, 0.18),
            "".join(line(f"M{x - 84} {y - 118 + 16 * i}h40", dark(BROWN, 0.5), 4) for i in range(4)),
        ),
        -24,
        x - 60,
        y - 60,
    )
    body = f"M{x - 66} {y - 62}C{x - 50} {y - 108} {x} {y - 96} {x + 14} {y - 108}C{x + 26} {y - 142} {x + 78} {y - 136} {x + 76} {y - 98}C{x + 76} {y - 50} {x + 40} {y - 14} {x - 4} {y - 16}C{x - 44} {y - 18} {x - 68} {y - 36} {x - 66} {y - 62}Z"
    belly = patch(f"M{x + 84} {y - 92}C{x + 30} {y - 74} {x + 20} {y - 40} {x - 40} {y - 22}V{y}H{x + 84}Z", "#ead2ab")
    wing = shape(
        f"M{x - 52} {y - 66}C{x - 30} {y - 92} {x + 8} {y - 86} {x + 18} {y - 68}C{x + 4} {y - 40} {x - 28} {y - 36} {x - 52} {y - 66}Z",
        dark(BROWN, 0.14),
        width=4.5,
    )
    bars = line(f"M{x - 34} {y - 62}q14 8 34 4M{x - 24} {y - 74}q14 6 30 4", dark(BROWN, 0.55), 3.5)
    brow = line(f"M{x + 34} {y - 116}q16 -10 33 -3", "#f0dfbe", 5)
    eye = patch(oval(x + 54, y - 106, 6.5, 6.5), INK) + patch(oval(x + 56, y - 108, 2, 2), "#ffffff")
    beak = shape(f"M{x + 75} {y - 108}L{x + 106} {y - 104}L{x + 75} {y - 96}Z", "#6a5a48", width=4)
    feet = (
        line(f"M{x - 6} {y - 18}L{x - 10} {y}M{x + 18} {y - 20}L{x + 18} {y}M{x - 24} {y}h26M{x + 6} {y}h26", INK, 5)
        if legs
        else ""
    )
    bird = feet + tail + beak + solid(body, BROWN, belly, 0.06, 0.8) + wing + bars + brow + eye
    bird = scale(bird, size, x, y)
    return f'<g transform="translate({2 * x:g} 0) scale(-1 1)">{bird}</g>' if flip else bird


def mark() -> str:
    """The shop's mark: the wren on a twig, on nothing."""
    twig = line("M96 424C200 408 340 432 470 410", INK, 16) + line("M96 424C200 408 340 432 470 410", BROWN, 6)
    leaves = leaf(430, 414, 78, 42) + leaf(390, 416, 62, 150, "#8fae6d") + leaf(150, 420, 66, -46)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="42 56 480 480" width="480" height="480">'
        f"{leaves}{twig}{wren(276, 414, 2.15)}</svg>"
    )


def grain(kind: str, x: float, y: float, random: Random) -> str:
    """One piece of the food."""
    a = random.uniform(0, 180)
    if kind == "monkley":
        return turn(
            shape(
                f"M{x - 22} {y}c0 -18 16 -16 22 -9c6 -7 22 -9 22 9c0 18 -16 16 -22 9c-6 7 -22 9 -22 -9z",
                "#cf9a5e",
                width=3.5,
            ),
            a,
            x,
            y,
        )
    if kind == "wrigget":
        return turn(
            line(f"M{x - 20} {y}q10 -18 20 0t20 0", INK, 14) + line(f"M{x - 20} {y}q10 -18 20 0t20 0", "#d3a867", 7),
            a,
            x,
            y,
        )
    if kind == "hearton":
        return shape(oval(x, y, 13, 8, a), "#eddcb0", width=3)
    if kind == "finchet":
        return shape(oval(x, y, 9, 4.5, a), "#55565a", width=2.5)
    tone = random.choice(("#d9b04a", "#8a6a45", "#eddcb0", "#c4714f" if kind == "redbib" else "#6a6a58"))
    return shape(oval(x, y, 9, 7, a), tone, width=2.5)


def food(row: Row, random: Random) -> str:
    """A paper sack with a window of what is in it, and a little of it spilt in front; balls in a net."""
    colour = COLOURS[row["colour"]]
    kind = row["item_id"].split("-")[0]
    if kind == "suetley":
        out = ""
        for x, y in ((176, 402), (280, 402), (384, 402), (228, 316), (332, 316), (280, 230)):
            ball = solid(oval(x, y, 54, 52), "#dcbc8a", specks(random, (x - 54, x + 54, y - 52, y + 52), 34, "#8a6a45"))
            out += ball + line(
                f"M{x - 40} {y - 34}L{x + 40} {y + 34}M{x + 40} {y - 34}L{x - 40} {y + 34}M{x} {y - 52}V{y + 52}M{x - 52} {y}H{x + 52}",
                "#7d9a62",
                3,
            )
        return out + line("M280 178q-10 -26 6 -44", "#7d9a62", 8) + wren(282, 180, 0.8)
    sack = "M160 150L176 130L200 148L226 128L252 148L280 128L308 148L334 128L360 148L384 130L400 150L412 430Q414 452 392 452H168Q146 452 148 430Z"
    band = patch("M120 190H440V240H120Z", mix(colour, "#7d9a62", 0.55)) + line("M120 190H440M120 240H440", INK, 4)
    crest = scale(wren(272, 234, 0.3, legs=False), 1, 272, 234)
    pane = oval(280, 342, 82, 74)
    heap = "".join(
        grain(kind, random.uniform(206, 354), random.uniform(276, 410), random)
        for _ in range(80 if kind != "monkley" else 46)
    )
    window = solid(pane, dark(colour, 0.12), heap, 0.08)
    spill = "".join(grain(kind, random.uniform(90, 190), random.uniform(440, 468), random) for _ in range(11))
    guest = wren(434, 456, 0.8, True)
    if kind == "redbib":
        guest = guest.replace("#ead2ab", "#d9793f")
    return solid(sack, "#e6d3ae", band, 0.1, 0.72) + crest + window + spill + guest
