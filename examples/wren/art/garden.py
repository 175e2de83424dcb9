# ruff: noqa: E501, TID251  coordinates read best on one line; every picture is seeded by its item id
"""Drawings of what a gardener holds: watering cans, gloves, hand tools."""

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
        blade = "M264 292Q240 176 296 54L318 62" + "Q334 200 300 292Z"
        head = solid(blade, steel) + "".join(
            shape(f"M{318 + 7 * ((i * (11 - i)) / 30):.1f} {74 + 18 * i}l10 8l-11 8z", steel, width=3.5)
            for i in range(11)
        )
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
