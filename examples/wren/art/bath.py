# ruff: noqa: E501, TID251  coordinates read best on one line; every picture is seeded by its item id
"""Drawings for the bath: soap, and the plants it smells of."""

from random import Random

from paper import (
    COLOURS,
    GROUND,
    INK,
    box,
    dark,
    leaf,
    light,
    line,
    mix,
    oval,
    patch,
    shape,
    solid,
    specks,
    sprig,
    turn,
)  # fmt: skip

Row = dict[str, str]


def soap(row: Row, random: Random) -> str:
    """A bar of soap with its plant beside it, and a few bubbles."""
    colour = COLOURS[row["colour"]]
    kind = row["item_id"].split("-")[0]
    tone = mix(colour, "#fff6e8", 0.32)
    inside = ""
    if kind in ("porrin", "grubbin", "brineham"):
        inside = specks(random, (130, 430, 300, 450), 70, dark(colour, 0.35) if kind != "brineham" else "#ffffff")
    if kind in ("rosset", "brineham"):
        bar = solid(oval(280, 388, 158, 66), dark(tone, 0.12)) + solid(oval(280, 364, 158, 66), tone, inside, edge=0.72)
        stamp = line(oval(280, 364, 112, 42), dark(tone, 0.25), 4)
    elif kind == "kitchley":
        bar = solid(box(156, 262, 248, 192, 26), tone, inside) + line(
            "M280 262C250 210 270 170 300 150C330 132 352 168 316 190C296 204 286 230 280 262", "#b08d5c", 9
        )
        stamp = shape(box(196, 322, 168, 86, 8), light(tone, 0.5), dark(tone, 0.3), 4) + lemon(280, 366)
    else:
        side = f"M122 356V420Q122 {GROUND} 156 {GROUND}H404Q438 {GROUND} 438 420V356Z"
        bar = solid(side, dark(tone, 0.14)) + solid(
            "M160 306H400Q438 312 438 356Q438 398 400 400H160Q122 398 122 356Q122 312 160 306Z", tone, inside, edge=0.8
        )
        stamp = line(
            "M176 330H384Q406 334 406 354Q406 374 384 376H176Q154 374 154 354Q154 334 176 330Z", dark(tone, 0.22), 4
        )
    beside = {
        "latherby": lavender(252, 300) + lavender(300, 306, 12), "suddle": turn(sprig(280, 312, 150, "#7f9a7c", 7, 0.22), 16, 280, 312),
        "brineham": "", "porrin": oats(270, 306), "grubbin": sprig(290, 306, 120, "#79a36b", 3, 0.42),
        "rosset": leaf(286, 296, 84, 62) + leaf(274, 296, 84, -62) + rose(280, 236, "#d98f92"),
        "kitchley": "",
    }[kind]  # fmt: skip
    waves = (
        "".join(line(f"M{214 + 4 * i} {352 + 16 * i}q16 -12 32 0t32 0t32 0t24 0", dark(tone, 0.3), 5) for i in range(2))
        if kind == "brineham"
        else ""
    )
    bubbles = "".join(
        shape(oval(x, y, r, r), "#f8fbfa", "#8fa3a5", 4)
        + patch(oval(x - r * 0.35, y - r * 0.35, r * 0.2, r * 0.2), "#ffffff")
        for x, y, r in ((126, 286, 20), (160, 246, 12), (430, 270, 24), (404, 226, 13), (452, 212, 9))
    )
    return beside + bar + stamp + waves + bubbles


def lemon(x: float, y: float) -> str:
    """Half a lemon."""
    rays = "".join(turn(line(f"M{x} {y - 6}V{y - 24}", "#d9a93f", 3), 45 * i, x, y) for i in range(8))
    return shape(oval(x, y, 36, 33), "#f3d25e", width=4) + shape(oval(x, y, 27, 25), "#fbeeb2", "#e0b13e", 3) + rays


def rose(x: float, y: float, colour: str) -> str:
    """A full-blown rose from the front: petals in three rings and a curl."""
    out = "".join(turn(shape(oval(x, y - 38, 34, 28), colour), 72 * i + 20, x, y) for i in range(5))
    out += "".join(
        turn(shape(oval(x, y - 20, 26, 21), mix(colour, "#a8494f", 0.2), width=4.5), 90 * i, x, y) for i in range(4)
    )
    return (
        out
        + shape(oval(x, y, 20, 19), mix(colour, "#a8494f", 0.38), width=4.5)
        + line(f"M{x - 8} {y + 3}q2 -14 12 -8q6 8 -5 12", INK, 4)
    )


def lavender(x: float, y: float, lean: float = -10) -> str:
    """A stem of lavender."""
    buds = "".join(
        shape(oval(x + (9 if i % 2 else -9), y - 70 - 13 * i, 10, 12), "#8b78ad", width=3.5) for i in range(8)
    )
    return turn(line(f"M{x} {y}V{y - 150}", "#7c9070", 5) + buds, lean, x, y)


def oats(x: float, y: float) -> str:
    """Two ears of oats."""
    out = ""
    for lean in (-12, 18):
        grains = "".join(leaf(x, y - 60 - 22 * i, 34, 46 if i % 2 else -46, "#dcb56f", 0.3) for i in range(5))
        out += turn(line(f"M{x} {y}V{y - 172}", "#b58f4f", 5) + grains + leaf(x, y - 168, 34, 0, "#dcb56f"), lean, x, y)
    return out
