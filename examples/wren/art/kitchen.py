# ruff: noqa: E501, TID251  coordinates read best on one line; every picture is seeded by its item id
"""Drawings for the kitchen: kettles, mugs."""

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
    taper,
)  # fmt: skip

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
