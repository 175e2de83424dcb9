# ruff: noqa: TID251  every picture is seeded by its item id
"""Drawings of what a garden offers birds: feeders, tables, baths, nest boxes."""

from random import Random

from birds import wren
from paper import (
    COLOURS,
    GROUND,
    INK,
    WOOD,
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
    turn,
)  # fmt: skip

Row = dict[str, str]
GLASS = "#e3eceb"


def feeder(row: Row, random: Random) -> str:
    """A feeder, table, bath or nest box."""
    colour = COLOURS[row["colour"]]
    kind = row["item_id"].split("-")[0]
    kinds = {
        "pecksey": seed_feeder, "titling": nut_feeder, "fattle": ball_feeder, "gabley": bird_table,
        "windle": window_feeder, "splashby": bird_bath,
    }  # fmt: skip
    return kinds.get(kind, nest_box)(colour, random)


def cord(x: float, y: float) -> str:
    """The cord something hangs by, from the top of the sheet."""
    return line(f"M{x} 0V{y}", INK, 5)


def tube(colour: str, filling: str) -> str:
    """A hanging tube with a cap and a foot, `filling` seen through it."""
    return (
        solid(box(218, 138, 124, 270, 12), GLASS, patch("M200 176H360V420H200Z", "#d9bd8d") + filling)
        + solid("M196 150Q280 70 364 150Z", colour)
        + solid(box(200, 396, 160, 34, 12), colour)
    )


def seed_feeder(colour: str, random: Random) -> str:
    """A tube of seeds with perches and ports, a wren at the lowest."""
    fill = specks(random, (222, 338, 190, 400), 190, "#7a5a3c")
    perch = "".join(line(f"M{a} {y}H{b}", INK, 8) for a, b, y in ((150, 218, 350), (342, 410, 350), (342, 404, 250)))
    ports = "".join(
        shape(oval(x, y, 11, 13), dark(colour, 0.3), width=4) for x, y in ((232, 330), (328, 330), (328, 230))
    )
    return cord(280, 112) + perch + tube(colour, fill) + ports + wren(396, 350, 0.8, True)


def nut_feeder(colour: str, random: Random) -> str:
    """A tube of nuts behind mesh, a wren clinging to it."""
    mesh = "".join(line(f"M{x} 120l-220 220M{x - 220} 120l220 220", "#8c9295", 3) for x in range(200, 640, 22))
    nuts = "".join(
        shape(oval(random.uniform(226, 334), 190 + 210 * i / 30, 13, 9, random.uniform(0, 180)), "#d0a06a", width=3)
        for i in range(30)
    )
    filling = nuts + f'<g transform="translate(0 60)">{mesh}</g>'
    return cord(280, 112) + tube(colour, filling) + turn(wren(150, 300, 0.78), -32, 150, 300, 22, 34)


def ball_feeder(colour: str, random: Random) -> str:
    """Fat balls in a wire cage."""
    rings = "".join(line(f"M208 {y}q72 26 144 0", dark(colour, 0.45), 5) for y in range(150, 440, 36))
    wires = "".join(line(f"M{x} 140V430", dark(colour, 0.45), 5) for x in (208, 244, 280, 316, 352))
    balls = "".join(
        solid(oval(280, y, 60, 56), "#d9b987", specks(random, (220, 340, y - 56, y + 56), 26, "#8a6a45"))
        for y in (206, 300, 392)
    )
    return (
        cord(280, 110)
        + balls
        + wires
        + rings
        + solid("M188 152Q280 76 372 152Z", colour)
        + solid(box(196, 432, 168, 22, 10), colour)
        + wren(418, 330, 0.72, True, False)
    )


def bird_table(colour: str, random: Random) -> str:
    """A table with a roof, on a post."""
    post = (
        line("M280 380V470", INK, 30)
        + line("M280 380V462", dark(colour, 0.1), 19)
        + line("M280 462L220 470M280 462L340 470", INK, 10)
    )
    roof = solid("M96 236L280 96L464 236L440 258L280 140L120 258Z", dark(colour, 0.3))
    gable = shape("M140 246L280 142L420 246Z", mix(colour, "#ffffff", 0.1)) + "".join(
        line(f"M{x} 240V{240 - h}", dark(colour, 0.25), 4)
        for x, h in ((210, 34), (245, 62), (280, 88), (315, 62), (350, 34))
    )
    pillars = "".join(solid(box(x, 246, 22, 110, 3), colour) for x in (150, 388))
    tray = solid(box(110, 350, 340, 38, 8), colour, line("M110 370H450", dark(colour, 0.3), 4))
    heap = shape("M216 352q64 -46 128 0z", "#d9b987") + specks(random, (236, 324, 336, 350), 18, "#8a6a45")
    return post + gable + pillars + roof + heap + wren(230, 350, 0.74) + tray


def window_feeder(colour: str, random: Random) -> str:
    """A clear house on a window pane, held by suckers."""
    pane = (
        shape(box(84, 70, 392, 420, 10), "#dfe9ee", width=8)
        + line("M280 70V490M84 280H476", "#ffffff", 16)
        + line("M84 70h392v420h-392z", INK, 6)
    )
    cups = "".join(
        shape(oval(x, 214, 20, 20), "#f4f7f5") + shape(oval(x, 214, 7, 7), "#c4d2d4", width=3) for x in (204, 356)
    )
    house = solid(
        "M160 214L280 146L400 214V384H160Z",
        "#eef4f3",
        patch("M160 350H400V400H160Z", "#d9b987") + specks(random, (170, 390, 354, 380), 60, "#7a5a3c"),
        0.05,
    )
    return pane + house + cups + wren(268, 384, 0.78) + solid(box(144, 376, 272, 34, 10), mix(colour, "#ffffff", 0.3))


def bird_bath(colour: str, random: Random) -> str:
    """A bath on a foot, a wren in it."""
    bowl = solid("M82 306H478C470 372 400 398 280 398S90 372 82 306Z", colour)
    water = (
        shape(oval(280, 306, 198, 38), dark(colour, 0.12))
        + patch(oval(280, 311, 170, 27), "#a9cbd8")
        + line("M196 310q22 -10 44 0M330 318q20 -9 40 0", "#e6f2f5", 5)
    )
    foot = solid(f"M226 390H334L364 {GROUND}H196Z", dark(colour, 0.08))
    drops = "".join(
        shape(f"M{x} {y}q-9 16 0 22q9 -6 0 -22z", "#a9cbd8", width=3.5)
        for x, y in ((172, 218), (386, 204), (420, 240), (148, 254))
    )
    return foot + bowl + water + drops + wren(280, 312, 1.0, False, False)


def nest_box(colour: str, random: Random) -> str:
    """A nest box, a wren at its door."""
    hole = shape(oval(280, 268, 38, 38), "#3d2f25")
    boards = "".join(line(f"M{x} 150V470", dark(colour, 0.25), 4) for x in (236, 280, 324))
    body = solid("M176 190H384V452H176Z", colour, boards)
    roof = solid("M140 196L280 96L420 196L402 222L280 140L158 222Z", dark(colour, 0.35))
    gable = shape("M176 200L280 128L384 200Z", light(colour, 0.1))
    twig = line("M320 330H382", INK, 13) + line("M320 330H380", WOOD, 5)
    return (
        gable
        + body
        + roof
        + hole
        + twig
        + wren(358, 330, 0.72, True)
        + leaf(178, 452, 70, -40)
        + leaf(190, 452, 56, -10, "#8fae6d")
    )
