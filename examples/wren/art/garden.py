# ruff: noqa: E501, TID251  coordinates read best on one line; every picture is seeded by its item id
"""Drawings for the garden: watering cans, gloves, hand tools, seeds and bulbs, planters."""

from random import Random

from paper import (
    COLOURS,
    GROUND,
    INK,
    LEAF,
    LINE,
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
    scale,
    shape,
    solid,
    specks,
    sprig,
    taper,
    turn,
    union,
)  # fmt: skip

Row = dict[str, str]
STEEL = "#c6cbcc"


def watering_can(row: Row, random: Random) -> str:
    """A watering can: a body, a spout with or without a rose, a handle at the back or over the top."""
    colour = COLOURS[row["colour"]]
    kind = row["item_id"].split("-")[0]
    top, wide, foot, rose, tip = {
        "pottle": (262, 78, 92, True, (66, 206)), "dribley": (236, 96, 104, True, (64, 226)),
        "spinney": (306, 82, 96, False, (70, 190)), "meadle": (230, 104, 92, True, (58, 246)),
        "runnel": (268, 74, 100, False, (76, 214)), "teasley": (322, 66, 92, False, (62, 160)),
        "hopwell": (304, 74, 84, True, (100, 262)),
    }.get(kind, (260, 80, 90, True, (70, 210)))  # fmt: skip
    x = 322
    left = x - foot
    tx, ty = tip
    if kind in ("spinney", "teasley"):
        d = f"M{left + 18} {GROUND - 30}C{left - 60} {GROUND - 40} {tx + 60} {ty + 80} {tx} {ty}"
        spout = line(d, INK, 23) + line(d, colour, 12)
    else:
        spout = solid(f"M{left + 16} {GROUND - 64}L{tx} {ty}L{tx + 16} {ty - 12}L{left + 40} {GROUND - 120}Z", colour)
    head = ""
    if rose:
        disc = oval(tx + 2, ty - 8, 13, 42, -42)
        drops = "".join(
            shape(f"M{tx - 34 + 7 * i} {ty + 20 + 22 * (i % 3)}q-9 17 0 22q9 -5 0 -22z", "#9db7c4", width=3.5)
            for i in range(-1, 4)
        )
        head = solid(disc, mix(colour, "#ffffff", 0.25)) + drops
        brace = line(f"M{x - wide + 14} {top + 8}L{tx + (left - tx) * 0.42} {ty + (GROUND - 90 - ty) * 0.42}", INK, 6)
    else:
        brace = ""
    back = x + max(wide, foot)
    over = (
        f"M{x - wide * 0.5} {top}C{x - wide * 0.7} {top - 120} {x + wide * 1.1} {top - 120} {x + wide * 0.9} {top + 6}"
    )
    behind = f"M{x + wide * 0.6} {top - 2}C{back + 86} {top - 60} {back + 96} {GROUND - 60} {back - 12} {GROUND - 54}"
    handle = line(behind, INK, 24) + line(behind, dark(colour, 0.12), 13)
    if kind in ("pottle", "dribley", "meadle", "hopwell"):
        handle += line(over, INK, 21) + line(over, dark(colour, 0.12), 10)
    bands = "".join(line(f"M{x - 140} {y}H{x + 140}", dark(colour, 0.3), 4) for y in (top + 26, GROUND - 26))
    inside = bands
    if row["material"] == "enamelled steel":
        inside += specks(random, (230, 420, top + 40, 430), 18, light(colour, 0.6))
    collar = ""
    if kind not in ("spinney", "teasley"):
        collar = shape(f"M{x - wide} {top}Q{x - wide + 6} {top - 44} {x + 4} {top - 36}V{top}Z", dark(colour, 0.18))
    mouth = shape(oval(x, top, wide, wide * 0.16), dark(colour, 0.45))
    return brace + handle + spout + head + mouth + collar + solid(taper(x, top, GROUND, wide, foot, 22), colour, inside)


def gloves(row: Row, random: Random) -> str:
    """A pair of gloves, one over the other."""
    colour = COLOURS[row["colour"]]
    kind = row["item_id"].split("-")[0]
    cuff = {"gorsley": 150, "bramlow": 74, "frostle": 84, "nettlin": 56}.get(kind, 64)
    trim = {
        "bramlow": "#96603e", "tuckin": LEAF, "gorsley": "#cfa677", "dabber": "#f3eee2", "frostle": "#c9cdd2",
        "nettlin": "#cc5540", "mossop": "#e3cfa8",
    }.get(kind, "#f3eee2")  # fmt: skip
    one = glove(colour, cuff, trim, kind, random)
    low = -28 if kind == "gorsley" else 0
    other = f'<g transform="translate(560 0) scale(-1 1)">{one}</g>'
    return turn(other, 15, 280, 300, 66, low) + turn(one, -13, 280, 300, -66, low)


def glove(colour: str, cuff: float, trim: str, kind: str, random: Random) -> str:
    """One glove, fingers up, thumb on the left."""
    fingers = [(232, 158, -7), (268, 132, -2), (304, 140, 3), (338, 172, 9)]
    parts = [box(214, 246, 144, 150, 34), "M214 340C170 330 150 286 138 262C128 236 164 224 178 250L222 300Z"]
    tips = "".join(turn(shape(box(x - 18, y, 36, 150, 18), INK, INK, LINE * 2), a, x, 290) for x, y, a in fingers)
    fill = "".join(turn(patch(box(x - 18, y, 36, 150, 18), colour), a, x, 290) for x, y, a in fingers)
    flare = 26 if kind == "gorsley" else 6
    sleeve = f"M220 384H352L{352 + flare} {384 + cuff}H{220 - flare}Z"
    hand = tips + union(parts, colour) + fill
    seams = "".join(line(f"M{x} 262q-2 16 0 34", dark(colour, 0.35), 4) for x in (250, 286, 321))
    tone = patch("M322 250Q352 300 346 384H318Q334 300 312 250Z", "#3a2a20", 'fill-opacity="0.1"')
    extra = ""
    if kind in ("nettlin", "dabber"):
        extra = "".join(
            turn(patch(box(x - 17, y + 1, 34, 52, 17), mix(trim, colour, 0.15)), a, x, 290) for x, y, a in fingers
        )
    if kind == "tuckin":
        extra = "".join(sprig(x, y, 36, LEAF, 1, 0.6) for x, y in ((250, 352), (288, 382), (322, 346)))
    if kind == "frostle":
        extra = "".join(
            line(f"M222 {y}l16 -12l16 12l16 -12l16 12l16 -12l16 12l16 -12l14 12", trim, 5) for y in (318, 340)
        )
    if kind in ("bramlow", "gorsley", "mossop"):
        extra = shape("M226 312Q286 290 344 312V352Q286 372 226 352Z", dark(colour, 0.12), dark(colour, 0.35), 3.5)
    ribs = (
        "".join(line(f"M{x} 388V{384 + cuff}", dark(trim, 0.22), 4) for x in range(210, 380, 14))
        if kind == "frostle"
        else ""
    )
    stitch = line(f"M{222 - flare} {384 + cuff - 16}H{350 + flare}", dark(trim, 0.4), 3.5)
    return hand + tone + seams + extra + solid(sleeve, trim, ribs + stitch)


def tool(row: Row, random: Random) -> str:
    """A hand tool lying at a slant: handle, ferrule, head."""
    colour = COLOURS[row["colour"]]
    kind = row["item_id"].split("-")[0]
    if kind == "snipley":
        return turn(secateurs(colour), 24, 280, 280, 0, -6)
    steel = "#6a6c6e" if row["colour"] == "black" else STEEL
    grip = "M262 316Q254 330 258 372Q262 410 254 446Q250 490 280 492Q310 490 306 446Q298 410 302 372Q306 330 298 316Z"
    grain = line("M272 340q-3 60 2 130M290 350q4 50 -2 110", dark(WOOD, 0.25), 3.5)
    handle = solid(grip, WOOD, grain) + solid(box(262, 286, 36, 36, 6), "#b8bdbd")
    loop = line("M280 478q18 40 0 40q-18 0 0 -40", "#96603e", 6)
    shaft = line("M280 290V214", INK, 20) + line("M280 292V212", steel, 9)
    if kind == "delver":
        head = (
            shaft
            + solid("M236 106Q280 44 324 106Q334 190 312 222Q280 246 248 222Q226 190 236 106Z", steel)
            + line("M280 96V218", dark(steel, 0.3), 4)
        )
    elif kind == "tinesby":
        head = (
            "".join(
                line(d, INK, 21) + line(d, steel, 10)
                for d in ("M280 218H236Q224 218 224 200V84", "M280 218H324Q336 218 336 200V84")
            )
            + shaft
        )
        head += line("M280 214V70", INK, 21) + line("M280 240V70", steel, 10)
    elif kind == "wimble":
        head = shaft + solid("M268 70L258 92L270 118V222H290V118L302 92L292 70L280 96Z", steel)
    elif kind == "scuffin":
        neck = "M280 290V150Q280 112 316 112"
        head = (
            line(neck, INK, 20)
            + line(neck, steel, 9)
            + solid("M312 74L396 96L380 178L306 150Z", steel)
            + line("M380 178L306 150", light(steel, 0.7), 5)
        )
    elif kind == "rasper":
        teeth = "".join("l-7 -8l-3 -10" for _ in range(12))
        blade = "M264 292Q240 176 296 54L318 62" + "Q334 200 300 292Z"
        head = solid(blade, steel) + "".join(
            shape(f"M{318 + 7 * ((i * (11 - i)) / 30):.1f} {74 + 18 * i}l10 8l-11 8z", steel, width=3.5)
            for i in range(11)
        )
        del teeth
    else:
        shaped = "M254 316Q246 280 262 244Q250 150 280 62Q310 150 298 244Q314 280 306 316Q298 350 302 380H368V408Q368 424 350 424H210Q192 424 192 408V380H258Q262 350 254 316Z"
        lines = "".join(line(f"M252 {y}H308", dark(WOOD, 0.4), 4) for y in (150, 186, 222))
        return turn(solid(shaped, mix(WOOD, colour, 0.4), lines), 32, 280, 280, -4, 24)
    return turn(loop + head + handle, 38, 280, 290, 6, 0)


def secateurs(grip: str) -> str:
    """Secateurs, blades up."""
    left = "M262 262C214 330 196 400 214 470Q222 500 240 486C236 410 262 350 296 290Z"
    right = "M298 262C346 330 364 400 346 470Q338 500 320 486C324 410 298 350 264 290Z"
    blade = "M296 276C258 214 262 140 318 76C338 140 334 214 300 280Z"
    hook = "M266 280C232 228 218 168 232 104Q246 98 250 116C248 170 264 214 296 262Z"
    spring = line("M252 330q28 14 56 0M246 350q34 16 68 0", "#8c9295", 6)
    return (
        spring + solid(right, grip) + solid(hook, "#8f9598") + solid(left, grip) + solid(blade, STEEL)
        + shape(oval(281, 270, 20, 20), "#b8bdbd") + shape(oval(281, 270, 6, 6), INK, width=2)
    )  # fmt: skip


def bloom(kind: str, colour: str) -> str:
    """The plant that grows from the packet, standing at (280, 384)."""
    stem = line("M280 384V250", dark(LEAF, 0.3), 6) + leaf(280, 372, 66, 48) + leaf(280, 350, 60, -50)
    if kind == "rusket":
        return stem + flower(280, 236, 58, 5, colour, "#4a3a34", 0.62)
    if kind == "hummle":
        head = "".join(
            shape(oval(280 + x, 240 + y, 13, 15), "#f7efe6", width=3.5)
            for x, y in ((0, -34), (-22, -22), (22, -22), (-32, 0), (0, -8), (32, 0), (-18, 16), (18, 16))
        )
        trefoil = "".join(leaf(280, 330, 40, a, LEAF, 0.5) for a in (80, 140, 220, 280))
        return line("M280 384V250", dark(LEAF, 0.3), 6) + trefoil + head
    if kind == "skyle":
        return stem + flower(280, 236, 58, 11, colour, "#4d5f9a", 0.24)
    if kind == "butterby":
        return (
            stem + flower(280, 232, 68, 14, colour, "#7a4f30", 0.3) + shape(oval(280, 232, 27, 27), "#7a4f30", width=4)
        )
    if kind == "pipkin":
        cup = "M244 232C236 186 252 178 262 160L280 186L298 160C308 178 324 186 316 232C312 268 248 268 244 232Z"
        return (
            line("M280 384V250", dark(LEAF, 0.3), 7)
            + leaf(280, 386, 130, 22)
            + leaf(280, 386, 120, -24)
            + solid(cup, colour)
            + line("M280 188v40", dark(colour, 0.35), 4)
        )
    if kind == "trumpel":
        return (
            line("M280 384V250", dark(LEAF, 0.3), 7)
            + leaf(280, 386, 130, 18, fat=0.14)
            + leaf(280, 386, 120, -20, fat=0.14)
            + flower(280, 228, 66, 6, "#f5dc7c", "#e79a3a", 0.34)
            + shape(oval(280, 228, 27, 27), "#e79a3a")
            + line(oval(280, 228, 14, 14), dark("#e79a3a", 0.3), 4)
        )
    if kind == "globbet":
        dots = "".join(
            turn(
                line("M280 224V176", "#a07a9a", 4) + shape(oval(280, 170, 10, 10), colour, width=3.5), 24 * i, 280, 224
            )
            for i in range(15)
        )
        inner = "".join(
            turn(shape(oval(280, 196, 9, 9), light(colour, 0.2), width=3.5), 45 * i + 10, 280, 224) for i in range(8)
        )
        return (
            line("M280 384V240", dark(LEAF, 0.3), 7) + leaf(280, 386, 90, 40) + leaf(280, 386, 90, -40) + dots + inner
        )
    return sprig(280, 386, 170, "#7fa05a", 3, 0.46)


def seeds(row: Row, random: Random) -> str:
    """A paper packet with the plant on it; bulbs or seeds in front."""
    colour = COLOURS[row["colour"]]
    kind = row["item_id"].split("-")[0]
    packet = "M158 110H402V434Q402 444 392 444H168Q158 444 158 434Z"
    fold = patch("M158 110H402V150H158Z", mix(colour, "#fff8ea", 0.3)) + line("M158 150H402", INK, 4)
    foot = patch("M158 392H402V450H158Z", mix(colour, "#fff8ea", 0.3)) + line("M158 392H402", INK, 4)
    label = line("M214 412h132M238 426h84", INK, 5)
    art = scale(bloom(kind, colour), 1.08, 280, 384)
    bulbs = ""
    if row["material"] == "flower bulbs":
        for x, y, a in ((150, 432, -10), (410, 430, 12), (352, 446, -4)):
            bulb = solid(
                f"M{x} {y - 70}C{x + 14} {y - 40} {x + 46} {y - 30} {x + 40} {y}Q{x + 30} {y + 24} {x} {y + 24}Q{x - 30} {y + 24} {x - 40} {y}C{x - 46} {y - 30} {x - 14} {y - 40} {x} {y - 70}Z",
                "#c2935c",
                line(
                    f"M{x} {y - 60}C{x - 12} {y - 20} {x - 12} {y} {x - 6} {y + 24}M{x + 4} {y - 50}C{x + 22} {y - 10} {x + 18} {y} {x + 14} {y + 20}",
                    "#96683c",
                    3.5,
                ),
            )
            bulbs += turn(bulb, a, x, y)
    else:
        bulbs = "".join(
            shape(
                oval(random.uniform(110, 220), random.uniform(440, 462), 7, 5, random.uniform(0, 90)),
                dark("#a5774c", 0.2),
                width=3,
            )
            for _ in range(12)
        )
    return turn(solid(packet, "#f8f1e1", fold + foot, 0.07, 0.8) + art + label, -4, 280, 300) + bulbs


def planter(row: Row, random: Random) -> str:
    """A pot, tub, box, trough, hanging basket or tray of seed pots, planted."""
    colour = COLOURS[row["colour"]]
    kind = row["item_id"].split("-")[0]
    if kind == "crocken":
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
    if kind == "zinnet":
        tub = solid(
            taper(280, 284, GROUND, 122, 100, 10), colour, line("M140 330H420M140 412H420", dark(colour, 0.3), 5)
        )
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
    if kind in ("harbley", "sillow"):
        half = 196 if kind == "harbley" else 150
        trough = box(280 - half, 338, 2 * half, GROUND - 338, 12)
        grain = (
            "".join(line(f"M{280 - half} {y}H{280 + half}", dark(colour, 0.28), 4) for y in (376, 414))
            if kind == "harbley"
            else ""
        )
        if kind == "harbley":
            colours = ("#cc5540", "#ecbf47", "#e0a9a6", "#cc5540", "#8b6484")
            plants = "".join(
                leaf(120 + 80 * i, 346, 90, a, c) for i in range(5) for a, c in ((-26, LEAF), (26, "#8fae6d"))
            )
            plants += "".join(
                line(f"M{120 + 80 * i} 340V{266 - 18 * (i % 2)}", dark(LEAF, 0.3), 5)
                + flower(120 + 80 * i, 258 - 18 * (i % 2), 40, 6, colours[i], "#f4d98a", 0.44)
                for i in range(5)
            )
        else:
            plants = (
                sprig(176, 346, 140, "#7fa05a", 3, 0.42)
                + lavender_stem(246, 346)
                + lavender_stem(270, 346)
                + sprig(330, 346, 120, "#a9b899", 5, 0.26)
                + "".join(
                    line(f"M{392 + 8 * i} 346q{6 * i} -80 {10 * (i - 1)} -150", "#6f8f58", 6) for i in range(-2, 3)
                )
            )
        return (
            plants
            + solid(trough, colour, grain)
            + shape(box(280 - half - 8, 328, 2 * half + 16, 24, 8), light(colour, 0.15))
        )
    if kind == "glazeby":
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
    if kind == "hangley":
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
    if kind == "stiltby":
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
