# ruff: noqa: TID251  every picture is seeded by its item id
"""Drawings of what plants stand in: pots, tubs, boxes, troughs, hanging baskets."""

from random import Random

from paper import (
    COLOURS,
    GROUND,
    INK,
    LEAF,
    WOOD,
    box,
    dark,
    flower,
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
    taper,
    turn,
)  # fmt: skip

Row = dict[str, str]


def planter(row: Row, random: Random) -> str:
    """A pot, tub, box, trough, hanging basket or tray of seed pots, planted."""
    colour = COLOURS[row["colour"]]
    kind = row["item_id"].split("-")[0]
    kinds = {
        "crocken": leafy_pot, "zinnet": tree_tub, "harbley": window_box, "sillow": herb_trough, "glazeby": glazed_pot,
        "hangley": hanging_basket, "stiltby": footed_planter,
    }  # fmt: skip
    return kinds.get(kind, seed_pots)(colour, random)


def leafy_pot(colour: str, random: Random) -> str:
    """A clay pot with broad leaves."""
    pot = solid(taper(280, 322, GROUND, 104, 76, 12), colour) + solid(
        box(160, 284, 240, 48, 10), mix(colour, "#ffffff", 0.08)
    )
    return (
        "".join(
            leaf(280, 292, h, a, c, 0.2)
            for h, a, c in (
                (190, 0, LEAF),
                (170, 24, "#8fae6d"),
                (170, -24, "#8fae6d"),
                (140, 48, LEAF),
                (140, -48, LEAF),
            )
        )
        + pot
    )


def tree_tub(colour: str, random: Random) -> str:
    """A tub with handles and a clipped tree."""
    tub = solid(taper(280, 284, GROUND, 122, 100, 10), colour, line("M140 330H420M140 412H420", dark(colour, 0.3), 5))
    ears = "".join(line(f"M{x} 322q{s * 34} 6 0 44", INK, 9) for x, s in ((160, -1), (400, 1)))
    box_tree = "".join(shape(oval(280 + x, 196 + y, r, r), c) for x, y, r, c in ((0, 0, 92, "#6f8f58"),)) + specks(
        random, (216, 346, 130, 262), 46, "#8fae6d"
    )
    return (
        line("M280 300V240", "#96683c", 16)
        + box_tree
        + ears
        + tub
        + shape(box(152, 272, 256, 22, 10), light(colour, 0.25))
    )


def window_box(colour: str, random: Random) -> str:
    """A wooden box of flowers."""
    grain = "".join(line(f"M84 {y}H476", dark(colour, 0.28), 4) for y in (376, 414))
    colours = ("#cc5540", "#ecbf47", "#e0a9a6", "#cc5540", "#8b6484")
    plants = "".join(leaf(120 + 80 * i, 346, 90, a, c) for i in range(5) for a, c in ((-26, LEAF), (26, "#8fae6d")))
    plants += "".join(
        line(f"M{120 + 80 * i} 340V{266 - 18 * (i % 2)}", dark(LEAF, 0.3), 5)
        + flower(120 + 80 * i, 258 - 18 * (i % 2), 40, 6, colours[i], "#f4d98a", 0.44)
        for i in range(5)
    )
    return plants + trough(colour, 196, grain)


def herb_trough(colour: str, random: Random) -> str:
    """A trough of kitchen herbs."""
    plants = (
        sprig(176, 346, 140, "#7fa05a", 3, 0.42)
        + lavender_stem(246, 346)
        + lavender_stem(270, 346)
        + sprig(330, 346, 120, "#a9b899", 5, 0.26)
        + "".join(line(f"M{392 + 8 * i} 346q{6 * i} -80 {10 * (i - 1)} -150", "#6f8f58", 6) for i in range(-2, 3))
    )
    return plants + trough(colour, 150)


def trough(colour: str, half: int, grain: str = "") -> str:
    """A long box without its plants, `half` its width to either side."""
    body = box(280 - half, 338, 2 * half, GROUND - 338, 12)
    rim = shape(box(280 - half - 8, 328, 2 * half + 16, 24, 8), light(colour, 0.15))
    return solid(body, colour, grain) + rim


def glazed_pot(colour: str, random: Random) -> str:
    """A round pot, glazed halfway down, with three stems."""
    glaze = patch("M150 420q30 -24 60 -4t64 0t70 -4t70 6V470H150Z", "#c9a27a")
    bowl = f"M172 292C140 360 170 {GROUND} 226 {GROUND}H334C390 {GROUND} 420 360 388 292Z"
    plant = "".join(
        turn(
            line("M280 300C280 240 282 200 280 150", dark(LEAF, 0.2), 5)
            + "".join(leaf(280, 270 - 24 * i, 38, 70 if i % 2 else -70, "#7fa05a", 0.42) for i in range(5)),
            a,
            280,
            300,
        )
        for a in (-34, 0, 34)
    )
    return plant + solid(bowl, colour, glaze) + shape(oval(280, 292, 108, 17), dark(colour, 0.35))


def hanging_basket(colour: str, random: Random) -> str:
    """A basket on ropes, with flowers and trailing stems."""
    ropes = (
        line("M280 66L166 300M280 66L394 300M280 66V290", INK, 8)
        + line("M280 66L166 300M280 66L394 300M280 66V290", "#d9b98a", 3)
        + line(oval(280, 56, 13, 13), INK, 6)
    )
    bowl = "M150 296H410C410 390 350 430 280 430S150 390 150 296Z"
    fibre = "".join(
        line(f"M{150 + 22 * i} {300 + 12 * (i % 3)}q14 30 -4 60t6 60", dark(colour, 0.22), 4) for i in range(12)
    )
    trail = "".join(
        line(f"M{x} 300C{x + s * 60} 320 {x + s * 30} 380 {x + s * 46} {y}", dark(LEAF, 0.3), 4)
        + "".join(
            leaf(x + s * (30 + 4 * i), 330 + (y - 330) * i / 4, 28, s * (60 + 60 * (i % 2)), LEAF, 0.44)
            for i in range(5)
        )
        for x, s, y in ((180, -1, 450), (380, 1, 440), (210, -0.4, 474))
    )
    blooms = "".join(
        flower(x, y, 34, 5, c, "#f4d98a", 0.5)
        for x, y, c in ((204, 270, "#e0a9a6"), (280, 252, "#8b6484"), (356, 272, "#e0a9a6"))
    )
    return (
        ropes
        + "".join(leaf(x, 300, 60, a) for x, a in ((230, -20), (250, 20), (310, -16), (334, 22)))
        + solid(bowl, colour, fibre)
        + shape(box(142, 284, 276, 24, 12), light(colour, 0.15))
        + trail
        + blooms
    )


def footed_planter(colour: str, random: Random) -> str:
    """A tub on legs, with ferns."""
    legs = "".join(line(d, INK, 20) + line(d, WOOD, 10) for d in ("M206 380L176 452", "M354 380L384 452"))
    tub = solid("M160 252H400V372Q400 408 364 408H196Q160 408 160 372Z", colour)
    fronds = "".join(
        turn(
            line("M280 260C276 190 280 150 280 116", dark(LEAF, 0.2), 5)
            + "".join(leaf(280, 236 - 17 * i, 30, 58 if i % 2 else -58, LEAF, 0.25) for i in range(7)),
            a,
            280,
            260,
        )
        for a in (-52, -26, 0, 26, 52)
    )
    return fronds + legs + tub


def seed_pots(colour: str, random: Random) -> str:
    """Three small pots, a seedling in each."""
    pots = ""
    for x, y, h in ((196, 400, 60), (364, 400, 74), (280, 428, 92)):
        pots += (
            line(f"M{x} {y - 46}V{y - 46 - h}", dark(LEAF, 0.2), 6)
            + leaf(x, y - 46 - h, 44, 62, "#8fae6d", 0.4)
            + leaf(x, y - 46 - h, 44, -62, "#8fae6d", 0.4)
        )
        pots += shape(oval(x, y - 52, 60, 14), "#5e4636") + solid(
            taper(x, y - 52, y + 28, 60, 44, 8),
            colour,
            specks(random, (x - 60, x + 60, y - 50, y + 28), 16, dark(colour, 0.3)),
        )
    return pots


def lavender_stem(x: float, y: float) -> str:
    """A small lavender."""
    return line(f"M{x} {y}V{y - 150}", "#7c9070", 4) + "".join(
        shape(oval(x + (7 if i % 2 else -7), y - 96 - 10 * i, 8, 9), "#8b78ad", width=3) for i in range(7)
    )
