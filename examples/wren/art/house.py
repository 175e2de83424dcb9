# ruff: noqa: E501, TID251  coordinates read best on one line; every picture is seeded by its item id
"""Drawings for the house: kettles, mugs, candles, soap, baskets."""

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
    mix,
    oval,
    patch,
    scale,
    shape,
    solid,
    specks,
    sprig,
    taper,
    turn,
)  # fmt: skip

FLAME = "#f0b541"
Row = dict[str, str]


def kettle(row: Row, random: Random) -> str:
    """A kettle: body, lid, spout and handle by the product's kind."""
    colour = COLOURS[row["colour"]]
    kind = row["item_id"].split("-")[0]
    top, half, foot = {
        "hobbin": (250, 118, 104), "pellow": (262, 96, 128), "quillet": (270, 88, 116), "marrick": (272, 130, 92),
        "nibley": (290, 92, 92), "oddley": (222, 84, 132), "tambry": (292, 118, 88),
    }.get(kind, (250, 110, 110))  # fmt: skip
    belly = taper(280, top, GROUND, half, foot, 30)
    if kind in ("hobbin", "marrick", "tambry"):
        belly = (
            f"M{280 - half * 0.62} {top}C{280 - half * 1.5} {top + 60} {280 - foot * 1.5} {GROUND} {280 - foot * 0.8} "
            f"{GROUND}H{280 + foot * 0.8}C{280 + foot * 1.5} {GROUND} {280 + half * 1.5} {top + 60} {280 + half * 0.62} {top}Z"
        )
    grip = WOOD if row["material"] in ("stainless steel", "copper", "aluminium") else dark(colour, 0.6)
    reach = 280 - max(half, foot)
    if kind == "quillet":
        d = f"M{reach + 8} 420C{reach - 62} 420 {reach - 24} 300 {reach - 84} 236"
        spout = line(d, INK, 24) + line(d, colour, 13)
    else:
        d = f"M{reach + 24} 300L{reach - 52} 268L{reach - 62} 292L{reach + 14} 372Z"
        spout = solid(d, colour) + shape(box(reach - 74, 258, 26, 30, 8), dark(colour, 0.3))
    if kind in ("quillet", "oddley", "pellow"):
        edge = 280 + max(half, foot) * 0.94
        d = f"M{edge} {top + 34}C{edge + 96} {top + 14} {edge + 84} {GROUND - 46} {edge + 4} {GROUND - 56}"
    else:
        d = f"M{280 - half * 0.78} {top + 14}C{280 - half} {top - 150} {280 + half} {top - 150} {280 + half * 0.78} {top + 14}"
    handle = line(d, INK, 25) + line(d, grip, 14)
    lid = solid(
        f"M{280 - half * 0.66} {top + 3}Q280 {top - 46} {280 + half * 0.66} {top + 3}Z", mix(colour, "#ffffff", 0.1)
    )
    knob = shape(oval(280, top - 32, 14, 13), grip)
    inside = ""
    if row["material"] == "enamelled steel":
        inside = specks(random, (180, 380, 280, 440), 26, light(colour, 0.6))
    if row["material"] == "copper":
        inside = "".join(
            patch(oval(190 + 30 * (i % 7), 320 + 32 * (i // 7), 9, 8), light(colour, 0.2)) for i in range(28)
        )
    if row["material"] == "cast iron":
        inside = "".join(
            patch(oval(168 + 26 * (i % 10), 330 + 26 * (i // 10) + 8 * (i % 2), 6, 6), light(colour, 0.25))
            for i in range(30)
        )
    band = line(f"M{280 - foot} {GROUND - 24}H{280 + foot}", dark(colour, 0.4), 4)
    return handle + spout + solid(belly, colour, inside + band) + lid + knob + steam(reach - 70, 232, 0.8)


def steam(x: float, y: float, size: float = 1.0) -> str:
    """Two curls of steam."""
    curl = f"M{x} {y}c-16 -20 16 -34 0 -56M{x + 24} {y - 8}c-13 -16 13 -28 0 -44"
    return scale(line(curl, "#b9ad9c", 5), size, x, y)


def mug(row: Row, random: Random) -> str:
    """A mug: straight, tapered or round, enamelled rims, speckles, a saucer for the small one."""
    colour = COLOURS[row["colour"]]
    kind = row["item_id"].split("-")[0]
    top, wide, foot, curve = {
        "cobbin": (232, 104, 92, 40), "dapplin": (222, 108, 74, 60), "ennick": (248, 104, 98, 8),
        "brindel": (318, 78, 50, 34), "slipley": (240, 92, 112, 54), "gloamer": (178, 96, 84, 26),
        "paley": (238, 110, 66, 70), "burrick": (262, 112, 100, 8),
    }.get(kind, (230, 100, 90, 30))  # fmt: skip
    x, base = 258, GROUND - (22 if kind == "brindel" else 0)
    body = taper(x, top, base, wide, foot, curve)
    edge, mid = x + (wide + foot) / 2 - 4, (top + base) / 2
    tall = (base - top) * 0.3
    ear = f"M{edge} {mid - tall}C{edge + 86} {mid - tall - 14} {edge + 78} {mid + tall + 8} {edge - 8} {mid + tall}"
    handle = line(ear, INK, 28) + line(ear, colour, 17)
    inside = ""
    if kind in ("cobbin", "gloamer", "slipley"):
        inside += patch(
            f"M{x - 140} {base - 62}q70 -16 140 0t140 0V{base + 10}H{x - 140}Z", mix("#b99a72", colour, 0.25)
        )
    if kind in ("dapplin", "cobbin"):
        inside += specks(random, (x - 110, x + 110, top, base), 60, dark(colour, 0.45))
    if kind == "paley":
        inside += "".join(leaf(x - 66 + 44 * i, base - 56, 52, 14 * (i - 1), mix(LEAF, colour, 0.3)) for i in range(4))
    mouth = shape(oval(x, top, wide, wide * 0.19), dark(colour, 0.18))
    if "enamel" in row["material"]:
        mouth = shape(oval(x, top, wide, wide * 0.19), "#f6f1e6") + line(oval(x, top, wide, wide * 0.19), INK, 9)
    tea = patch(oval(x, top + wide * 0.06, wide * 0.82, wide * 0.11), "#8a5a3a")
    plate = ""
    if kind == "brindel":
        plate = solid(f"M{x - 150} {GROUND - 26}Q{x} {GROUND + 34} {x + 150} {GROUND - 26}Z", light(colour, 0.15))
    return handle + plate + solid(body, colour, inside) + mouth + tea + steam(x - 14, top - 34)


def flame(x: float, y: float, size: float = 1.0) -> str:
    """A flame whose foot is at (x, y), with its glow."""
    glow = patch(oval(x, y - 30 * size, 62 * size, 66 * size), "#f7d583", 'fill-opacity="0.4"')
    outer = f"M{x} {y}c-27 -4 -27 -36 0 -70c27 34 27 66 0 70z"
    inner = f"M{x} {y - 5}c-11 -2 -11 -16 0 -31c11 15 11 29 0 31z"
    wick = line(f"M{x} {y + 12}V{y - 8}", INK, 5)
    return glow + scale(shape(outer, FLAME) + patch(inner, "#fdf0c4"), size, x, y) + wick


def candle(row: Row, random: Random) -> str:
    """A candle: taper, pillar, jar, tin, dinner candles, tealights, garden pot."""
    colour = COLOURS[row["colour"]]
    kind = row["item_id"].split("-")[0]
    if kind == "glimmet":
        comb = "".join(line(f"M222 {y}l116 -34", dark(colour, 0.16), 4) for y in range(210, 470, 22))
        dish = solid(
            f"M170 {GROUND - 22}H390Q380 {GROUND + 12} 340 {GROUND + 12}H220Q180 {GROUND + 12} 170 {GROUND - 22}Z",
            "#b98a55",
        )
        return flame(280, 172) + solid(box(236, 178, 88, 256, 10), colour, comb) + dish
    if kind == "duskin":
        drip = patch("M200 230q20 60 34 0q10 96 40 0q16 40 30 0q20 70 56 0V190H200Z", light(colour, 0.16))
        return (
            flame(280, 204)
            + solid(box(206, 208, 148, 246, 16), colour, drip)
            + patch(oval(280, 217, 54, 8), dark(colour, 0.2))
        )
    if kind == "lanthorn":
        out = ""
        for x, top in ((196, 150), (280, 110), (364, 186)):
            out += flame(x, top - 4, 0.8) + solid(taper(x, top, 410, 15, 20, 6), colour)
            out += solid(
                f"M{x - 40} 404H{x + 40}L{x + 24} 436H{x + 38}Q{x + 44} {GROUND} {x} {GROUND}T{x - 38} 436H{x - 24}Z",
                "#b8a06a",
            )
        return out
    if kind == "sootle":
        out = ""
        for x, y in ((200, 372), (360, 372), (150, 436), (280, 440), (410, 436)):
            out += (
                flame(x, y - 30, 0.62)
                + solid(taper(x, y - 26, y + 18, 58, 54, 10), "#cfd2d0")
                + shape(oval(x, y - 26, 58, 15), colour)
            )
            out += line(f"M{x} {y - 26}v-10", INK, 5)
        return out
    if kind == "midgely":
        pot = taper(280, 300, GROUND, 122, 88, 16)
        rim = box(146, 272, 268, 46, 12)
        return (
            flame(280, 258, 1.15)
            + solid(pot, colour)
            + shape(oval(280, 274, 120, 18), "#f1e6cc")
            + line("M280 272V254", INK, 6)
            + solid(rim, mix(colour, "#ffffff", 0.08))
        )
    low = kind == "bayle"
    top = 318 if low else 226
    half = 124 if low else 104
    glass = "#c9ced0" if low else "#e6ecea"
    wax = patch(box(280 - half, top + 42, 2 * half, 300), light(colour, 0.1))
    label = box(280 - 66, top + (56 if low else 96), 132, 62 if low else 92, 6)
    mark = {
        "figgis": leaf(280, top + 178, 70, 0, LEAF, 0.42),
        "pinnock": pine(280, top + 178),
        "bayle": sprig(280, top + 112, 42, LEAF, 2, 0.5),
    }[kind]
    body = solid(box(280 - half, top, 2 * half, GROUND - top, 22), colour if low else glass, "" if low else wax)
    mouth = shape(oval(280, top + 6, half - 3, 17), light(colour, 0.25) if low else "#f4f7f5")
    return (
        flame(280, top + (0 if low else 34), 0.95)
        + body
        + mouth
        + flame(280, top - 4, 0.95)
        + shape(label, "#f7f1e3", width=4)
        + mark
    )


def pine(x: float, y: float) -> str:
    """A small fir."""
    d = f"M{x} {y - 76}l24 30h-12l22 26h-68l22 -26h-12z"
    return shape(d, LEAF, width=4) + line(f"M{x} {y - 20}v14", INK, 5)


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


def weave(x0: float, x1: float, y0: float, y1: float, colour: str, step: int = 30) -> str:
    """Rows of basketwork, brick by brick."""
    out = ""
    for r, y in enumerate(range(int(y0), int(y1) + step, step - 8)):
        shift = step if r % 2 else 0
        for x in range(int(x0) - step - shift, int(x1) + 2 * step, 2 * step):
            out += line(f"M{x} {y}q{step} -{step * 0.5} {2 * step} 0", dark(colour, 0.28), 4)
    return out


def basket(row: Row, random: Random) -> str:
    """A basket: trug, log basket, peg basket, wire basket, market bag, laundry basket, bread basket."""
    colour = COLOURS[row["colour"]]
    kind = row["item_id"].split("-")[0]
    if kind == "truggle":
        handle = "M150 356C150 120 410 120 410 356"
        boat = f"M84 330Q280 388 476 330Q466 {GROUND} 380 {GROUND}H180Q94 {GROUND} 84 330Z"
        slats = "".join(
            line(f"M{84 + 8 * i} {352 + 24 * i}Q280 {412 + 20 * i} {476 - 8 * i} {352 + 24 * i}", dark(colour, 0.3), 4)
            for i in range(4)
        )
        crop = "".join(
            shape(oval(x, 334, 34, 32), c) for x, c in ((206, "#cc5540"), (272, "#d9a93f"), (342, "#cc5540"))
        )
        greens = leaf(392, 352, 110, 34, LEAF) + leaf(384, 352, 96, 8, "#8fae6d") + leaf(170, 350, 90, -30, LEAF)
        return line(handle, INK, 25) + line(handle, "#b98755", 14) + greens + crop + solid(boat, colour, slats)
    if kind == "harvin":
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
    if kind == "marketon":
        bag = (
            f"M112 258Q280 286 448 258L410 {GROUND - 16}Q404 {GROUND} 386 {GROUND}H174Q156 {GROUND} 150 {GROUND - 16}Z"
        )
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
    if kind == "crumbley":
        bowl = f"M92 352Q280 390 468 352Q450 {GROUND} 362 {GROUND}H198Q110 {GROUND} 92 352Z"
        coils = "".join(
            line(
                f"M{92 + 12 * i} {372 + 22 * i}Q280 {408 + 20 * i} {468 - 12 * i} {372 + 22 * i}", dark(colour, 0.3), 5
            )
            for i in range(4)
        )
        loaf = solid(
            "M150 362C140 226 420 226 410 362Z",
            "#d39a58",
            "".join(line(f"M{210 + 54 * i} 330q26 -30 20 -66", "#f3dfb4", 9) for i in range(3)),
        )
        return loaf + solid(bowl, colour, coils)
    spec = {"loggin": (262, 158, 128), "peglow": (306, 112, 94), "lidley": (176, 118, 136)}[kind]
    top, wide, foot = spec
    body = taper(280, top, GROUND, wide, foot, 26)
    inside = weave(110, 450, top + 14, GROUND, colour, 30 if kind != "peglow" else 22)
    over = ""
    if kind == "loggin":
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
        over = logs + ears
    elif kind == "peglow":
        over = line("M176 312C190 150 370 150 384 312", INK, 18) + line("M176 312C190 150 370 150 384 312", colour, 8)
        over += "".join(
            turn(shape(box(x, 232, 24, 92, 6), WOOD) + line(f"M{x + 12} 236v40", INK, 4), a, x + 12, 320)
            for x, a in ((212, -14), (250, 4), (292, -6), (330, 12))
        )
    else:
        cloth = "M158 190C150 130 220 150 236 128C262 96 300 148 330 128C372 106 412 150 402 196Z"
        over = solid(cloth, "#c9d3d6") + line("M236 132q8 26 -8 52M330 132q-14 24 2 50", INK, 4)
    rim = shape(box(280 - wide - 8, top - 8, 2 * wide + 16, 26, 13), light(colour, 0.12))
    holes = ""
    if kind == "lidley":
        holes = shape(box(238, 222, 84, 28, 14), dark(colour, 0.55))
    return over + solid(body, colour, inside) + rim + holes
