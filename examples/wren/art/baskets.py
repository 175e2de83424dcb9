# ruff: noqa: TID251  every picture is seeded by its item id
"""Drawings of baskets."""

from random import Random

from paper import (
    COLOURS,
    GROUND,
    INK,
    LEAF,
    WOOD,
    box,
    dark,
    leaf,
    light,
    line,
    oval,
    patch,
    shape,
    solid,
    taper,
    turn,
)  # fmt: skip

Row = dict[str, str]


def basket(row: Row, random: Random) -> str:
    """A basket: trug, log basket, peg basket, wire basket, market bag, laundry basket, bread basket."""
    colour = COLOURS[row["colour"]]
    kind = row["item_id"].split("-")[0]
    kinds = {
        "truggle": trug, "harvin": wire_basket, "marketon": market_bag, "crumbley": bread_basket, "loggin": log_basket,
        "peglow": peg_basket, "lidley": laundry_basket,
    }  # fmt: skip
    return kinds[kind](colour)


def weave(x0: float, x1: float, y0: float, y1: float, colour: str, step: int = 30) -> str:
    """Rows of basketwork, brick by brick."""
    out = ""
    for r, y in enumerate(range(int(y0), int(y1) + step, step - 8)):
        shift = step if r % 2 else 0
        for x in range(int(x0) - step - shift, int(x1) + 2 * step, 2 * step):
            out += line(f"M{x} {y}q{step} -{step * 0.5} {2 * step} 0", dark(colour, 0.28), 4)
    return out


def woven(colour: str, top: int, wide: int, foot: int, step: int = 30) -> str:
    """A woven basket with a rim: half-widths `wide` at the top, `foot` at the bottom."""
    body = taper(280, top, GROUND, wide, foot, 26)
    inside = weave(110, 450, top + 14, GROUND, colour, step)
    rim = shape(box(280 - wide - 8, top - 8, 2 * wide + 16, 26, 13), light(colour, 0.12))
    return solid(body, colour, inside) + rim


def trug(colour: str) -> str:
    """A trug of vegetables."""
    handle = "M150 356C150 120 410 120 410 356"
    boat = f"M84 330Q280 388 476 330Q466 {GROUND} 380 {GROUND}H180Q94 {GROUND} 84 330Z"
    slats = "".join(
        line(f"M{84 + 8 * i} {352 + 24 * i}Q280 {412 + 20 * i} {476 - 8 * i} {352 + 24 * i}", dark(colour, 0.3), 4)
        for i in range(4)
    )
    crop = "".join(shape(oval(x, 334, 34, 32), c) for x, c in ((206, "#cc5540"), (272, "#d9a93f"), (342, "#cc5540")))
    greens = leaf(392, 352, 110, 34, LEAF) + leaf(384, 352, 96, 8, "#8fae6d") + leaf(170, 350, 90, -30, LEAF)
    return line(handle, INK, 25) + line(handle, "#b98755", 14) + greens + crop + solid(boat, colour, slats)


def wire_basket(colour: str) -> str:
    """A wire basket of fruit."""
    frame = f"M104 306H456L412 {GROUND}H148Z"
    bars = "".join(line(f"M{104 + 32 * i} 300L{148 + 24 * i} 460", dark(colour, 0.35), 4) for i in range(12))
    rows = "".join(line(f"M90 {y}H470", dark(colour, 0.35), 4) for y in (346, 386, 424))
    bail = "M130 306C150 130 410 130 430 306"
    crop = "".join(
        shape(oval(x, y, r, r * 0.92), c)
        for x, y, r, c in ((190, 292, 44, "#d98a4e"), (280, 274, 54, "#8fae6d"), (372, 292, 44, "#c4714f"))
    )
    return (
        line(bail, INK, 16)
        + line(bail, colour, 7)
        + shape(box(236, 158, 88, 24, 12), WOOD)
        + crop
        + solid(frame, light(colour, 0.5), bars + rows)
    )


def market_bag(colour: str) -> str:
    """A woven bag with bread and leaves looking out."""
    bag = f"M112 258Q280 286 448 258L410 {GROUND - 16}Q404 {GROUND} 386 {GROUND}H174Q156 {GROUND} 150 {GROUND - 16}Z"
    grips = "".join(
        line(f"M{x} 286C{x} 128 {x + 120} 128 {x + 120} 286", INK, w)
        + line(f"M{x} 286C{x} 128 {x + 120} 128 {x + 120} 286", "#96603e", w - 10)
        for x, w in ((220, 20),)
    )
    bread = turn(
        shape(box(330, 150, 44, 150, 22), "#d9a25c")
        + "".join(line(f"M338 {y}l26 -12", INK, 4) for y in (190, 222, 254)),
        12,
        350,
        280,
    )
    return (
        bread
        + leaf(196, 286, 120, -16)
        + leaf(216, 286, 112, 6, "#8fae6d")
        + solid(bag, colour, weave(100, 460, 270, 460, colour, 28))
        + grips
    )


def bread_basket(colour: str) -> str:
    """A low basket with a loaf."""
    bowl = f"M92 352Q280 390 468 352Q450 {GROUND} 362 {GROUND}H198Q110 {GROUND} 92 352Z"
    coils = "".join(
        line(f"M{92 + 12 * i} {372 + 22 * i}Q280 {408 + 20 * i} {468 - 12 * i} {372 + 22 * i}", dark(colour, 0.3), 5)
        for i in range(4)
    )
    loaf = solid(
        "M150 362C140 226 420 226 410 362Z",
        "#d39a58",
        "".join(line(f"M{210 + 54 * i} 330q26 -30 20 -66", "#f3dfb4", 9) for i in range(3)),
    )
    return loaf + solid(bowl, colour, coils)


def log_basket(colour: str) -> str:
    """A basket of logs, an ear on either side."""
    logs = "".join(
        shape(oval(x, y, 42, 42), "#b98755")
        + line(oval(x, y, 24, 24), dark("#b98755", 0.3), 4)
        + patch(oval(x, y, 6, 6), dark("#b98755", 0.4))
        for x, y in ((196, 238), (284, 222), (368, 240), (240, 190), (328, 182))
    )
    ears = "".join(
        line(f"M{x} 282c{s * -14} -60 {s * 46} -60 {s * 44} 0", INK, 20)
        + line(f"M{x} 282c{s * -14} -60 {s * 46} -60 {s * 44} 0", colour, 10)
        for x, s in ((128, 1), (432, -1))
    )
    return logs + ears + woven(colour, 262, 158, 128)


def peg_basket(colour: str) -> str:
    """A small basket of clothes pegs."""
    handle = line("M176 312C190 150 370 150 384 312", INK, 18) + line("M176 312C190 150 370 150 384 312", colour, 8)
    pegs = "".join(
        turn(shape(box(x, 232, 24, 92, 6), WOOD) + line(f"M{x + 12} 236v40", INK, 4), a, x + 12, 320)
        for x, a in ((212, -14), (250, 4), (292, -6), (330, 12))
    )
    return handle + pegs + woven(colour, 306, 112, 94, 22)


def laundry_basket(colour: str) -> str:
    """A tall basket of washing."""
    cloth = "M158 190C150 130 220 150 236 128C262 96 300 148 330 128C372 106 412 150 402 196Z"
    washing = solid(cloth, "#c9d3d6") + line("M236 132q8 26 -8 52M330 132q-14 24 2 50", INK, 4)
    hole = shape(box(238, 222, 84, 28, 14), dark(colour, 0.55))
    return washing + woven(colour, 176, 118, 136) + hole
